import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { type Cover, greyUnder, maskOf, type Sayeh, type Way } from './covered.ts';
import { realBlur, realMosaic } from './naive.ts';
import type { Target } from './targets.ts';
import type { Guess } from './undo.ts';

/** Something done to a picture before it is published, or nothing. */
export interface Covering {
  readonly name: string;
  /** `sayeh`: must tell nothing. `none`, `real`: must tell much. `context`: tells what lies around a face. */
  readonly kind: 'none' | 'sayeh' | 'context' | 'real';
  /** What an adversary who wants to undo it assumes. */
  readonly guess: Guess;
  /** The picture as it is published. */
  readonly publish: (target: Target) => RgbPicture | Promise<RgbPicture>;
  /** The adversary's own picture, covered in the same way. */
  readonly imitate: (target: Target) => RgbPicture | Promise<RgbPicture>;
}

/** In pixels, of faces of about 110: a blur that eyes do not see through, and a usual mosaic. */
export const SIGMA = 5;
export const BLOCK = 8;
/** The side of Sayeh's tiles in pictures of 160 to 319 pixels. */
const TILE = 4;

export const nothing: Covering = same('nothing', 'none', ({ original }) => original);

/** Covers as they are made elsewhere, of the face's own pixels. */
export const REAL: readonly Covering[] = [
  same(`real Gaussian blur, sigma ${SIGMA} px`, 'real', ({ original }) => realBlur(original, SIGMA)),
  same(`real mosaic, ${BLOCK}x${BLOCK} px`, 'real', ({ original }) => realMosaic(original, BLOCK)),
  {
    ...same(`real mosaic, ${2 * BLOCK}x${2 * BLOCK} px`, 'real', ({ original }) =>
      realMosaic(original, 2 * BLOCK),
    ),
    guess: { sigma: SIGMA, block: 2 * BLOCK },
  },
];

/** The picture without the face, and without anything in its place: how far its surroundings alone lead. */
export const context = (cover: Cover): Covering =>
  same(`plain grey, ${cover}`, 'context', ({ original, plan }) => greyUnder(original, maskOf(plan, cover)));

export function bySayeh(sayeh: Sayeh, way: Way): Covering {
  return {
    name: `${way.style}, ${way.cover}`,
    kind: 'sayeh',
    guess: { sigma: SIGMA, block: TILE },
    publish: ({ file, plan }) => sayeh.published(file, plan, way),
    imitate: ({ file, plan }) => sayeh.imitated(file, plan, way),
  };
}

function same(name: string, kind: Covering['kind'], work: (target: Target) => RgbPicture): Covering {
  return { name, kind, guess: { sigma: SIGMA, block: BLOCK }, publish: work, imitate: work };
}
