import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { asSharp, pictureOf } from '../picture.ts';
import { blockMeans } from './naive.ts';
import { cut, type Square, widened } from './picture.ts';
import { fromPlanes, gaussian, planesOf } from './planes.ts';

/** What the adversary takes a cover to be: a real blur of that sigma, or a real mosaic of blocks of that size. */
export interface Guess {
  readonly sigma: number;
  readonly block: number;
}

/** A way to bring back what a cover hid, where it only seems to be hidden. The picture keeps its size. */
export interface Undoing {
  readonly name: string;
  readonly apply: (picture: RgbPicture, guess: Guess) => RgbPicture | Promise<RgbPicture>;
}

const AMOUNT = 2;
const ITERATIONS = 10;

export const UNSHARP: Undoing = {
  name: 'sharpened (unsharp mask)',
  apply: (picture, { sigma }) =>
    planewise(picture, (plane, width, height) => {
      const soft = gaussian(plane, width, height, sigma);
      return plane.map((value, i) => value + AMOUNT * (value - soft[i]));
    }),
};

/** Richardson 1972, Lucy 1974. */
export const DECONVOLUTION: Undoing = {
  name: 'deconvolved (Richardson-Lucy)',
  apply: (picture, { sigma }) =>
    planewise(picture, (plane, width, height) => {
      let estimate = plane.slice();
      for (let i = 0; i < ITERATIONS; i++) {
        const again = gaussian(estimate, width, height, sigma);
        const ratio = plane.map((value, at) => value / Math.max(again[at], 1e-3));
        const correction = gaussian(ratio, width, height, sigma);
        estimate = estimate.map((value, at) => value * correction[at]);
      }
      return estimate;
    }),
};

/** One sample a block, and a smooth surface through all of them. */
export const [BICUBIC, LANCZOS] = (['cubic', 'lanczos3'] as const).map(
  (kernel): Undoing => ({
    name: `enlarged anew (${kernel === 'cubic' ? 'bicubic' : 'Lanczos'})`,
    apply: async (picture, { block }) => {
      const small = blockMeans(picture, block);
      const size = { width: small.width * block, height: small.height * block };
      const large = await pictureOf(asSharp(small).resize({ ...size, fit: 'fill', kernel }));
      return cut(large, 0, 0, picture.width, picture.height);
    },
  }),
);

export const UNDOINGS: readonly Undoing[] = [UNSHARP, DECONVOLUTION, BICUBIC, LANCZOS];

/** Any grid of blocks that a mosaic may have goes on in a part of the picture that begins at multiples of this. */
const GRID = 32;
/** How much of what lies around a face an undoing gets to see. */
const AROUND = 1.3;

/** The face in `square` and what is near, undone: all of the picture would take ten times as long. */
export async function undone(
  picture: RgbPicture,
  square: Square,
  undoing: Undoing,
  guess: Guess,
): Promise<{ picture: RgbPicture; square: Square }> {
  const near = widened(square, AROUND);
  const [x, y] = [near.x, near.y].map((at) => Math.floor(at / GRID) * GRID);
  const width = Math.ceil(near.x + near.side - x);
  const height = Math.ceil(near.y + near.side - y);
  const part = cut(picture, x, y, width, height);
  return {
    picture: await undoing.apply(part, guess),
    square: { x: square.x - x, y: square.y - y, side: square.side },
  };
}

function planewise(
  picture: RgbPicture,
  work: (plane: Float32Array, width: number, height: number) => Float32Array,
): RgbPicture {
  const { width, height } = picture;
  const [red, green, blue] = planesOf(picture).map((plane) => work(plane, width, height));
  return fromPlanes([red, green, blue], width, height);
}
