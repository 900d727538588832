import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { band } from './chance.ts';
import type { Covering } from './coverings.ts';
import { Gallery } from './gallery.ts';
import { type Square, widened } from './picture.ts';
import type { Descriptor, Recogniser } from './recogniser.ts';
import type { Target, Targets } from './targets.ts';
import { LANCZOS, type Undoing, undone } from './undo.ts';

/** How many faces were given their right name. */
export interface Score {
  /** People in the gallery. */
  readonly gallery: number;
  /** Faces shown. */
  readonly of: number;
  /** Of these, the nearest person is the right one. */
  readonly first: number;
  /** The right one is among the ten nearest. */
  readonly ten: number;
  /** Right answers in 95 % of trials in which somebody guesses. */
  readonly chance: readonly [number, number];
}

/** One attack on one covering. */
export interface Row {
  readonly covering: string;
  readonly kind: Covering['kind'];
  readonly attack: string;
  readonly scores: readonly Score[];
}

/** A described face and whose it is. */
export interface Face {
  readonly person: number;
  readonly descriptor: Descriptor;
}

export const AS_IT_IS = 'as it is';
export const ALIKE = 'known faces covered alike';
export const ALIKE_SMOOTH = 'known faces covered alike, both enlarged anew';
export const WIDE = 'known pictures covered alike, hair and surroundings too';
/** How much wider that looks than at the face. */
const WIDE_TIMES = 1.7;

/** What the adversary has, and tries. */
export interface Means {
  readonly recogniser: Recogniser;
  /** Known faces, not covered. */
  readonly gallery: Gallery;
  /** Numbers of people to look for a face among. */
  readonly sizes: readonly number[];
  readonly undoings: readonly Undoing[];
  /** Whether to look at hair and surroundings too. */
  readonly wide: boolean;
}

/**
 * Everything the adversary does with the published pictures of one covering. Known faces that were covered alike
 * are of the people themselves only, so there the gallery is never larger than they are many.
 */
export async function attack(
  covering: Covering,
  targets: Targets,
  { recogniser, gallery, sizes, undoings, wide }: Means,
): Promise<Row[]> {
  const { name, kind, guess } = covering;
  const rows: Row[] = [];
  const people = new Set(targets.known.map(({ person }) => person)).size;
  const row = (does: string, faces: readonly Face[], among: Gallery, most = Number.POSITIVE_INFINITY) =>
    rows.push({
      covering: name,
      kind,
      attack: does,
      scores: sizes.filter((size) => size <= most).map((size) => scoreOf(faces, among, size)),
    });
  const pictures = new Map<Target, RgbPicture>();
  for (const target of targets.published) pictures.set(target, await covering.publish(target));
  const seen = (look: (picture: RgbPicture, square: Square) => Look | Promise<Look>) =>
    describeAll(recogniser, targets.published, async (target) =>
      look(pictures.get(target) as RgbPicture, target.square),
    );

  const tight = await seen((picture, square) => ({ picture, square }));
  row(AS_IT_IS, tight, gallery);
  for (const undoing of undoings) {
    const faces = await seen((picture, square) => undone(picture, square, undoing, guess));
    row(undoing.name, faces, gallery);
  }
  const imitations = new Map<Target, RgbPicture>();
  for (const target of targets.known) imitations.set(target, await covering.imitate(target));
  const known = async (look: (picture: RgbPicture, square: Square) => Look | Promise<Look>) =>
    galleryOf(
      await describeAll(recogniser, targets.known, (target) =>
        look(imitations.get(target) as RgbPicture, target.square),
      ),
    );
  if (kind !== 'none') {
    row(ALIKE, tight, await known((picture, square) => ({ picture, square })), people);
    const enlarged = (picture: RgbPicture, square: Square) => undone(picture, square, LANCZOS, guess);
    row(ALIKE_SMOOTH, await seen(enlarged), await known(enlarged), people);
  }
  if (wide) {
    const around = (picture: RgbPicture, square: Square) => ({
      picture,
      square: widened(square, WIDE_TIMES),
    });
    row(WIDE, await seen(around), await known(around), people);
  }
  return rows;
}

interface Look {
  readonly picture: RgbPicture;
  readonly square: Square;
}

/** Describes what is to be seen of each target; nothing of what is looked at is kept. */
export async function describeAll(
  recogniser: Recogniser,
  targets: readonly Target[],
  look: (target: Target) => Look | Promise<Look>,
): Promise<Face[]> {
  const faces: Face[] = [];
  for (const target of targets) {
    const { picture, square } = await look(target);
    faces.push({ person: target.person, descriptor: await recogniser.describe(picture, square) });
  }
  return faces;
}

export function galleryOf(faces: readonly Face[]): Gallery {
  const gallery = new Gallery();
  for (const { person, descriptor } of faces) gallery.add(person, descriptor);
  return gallery;
}

/** Shows the faces of the people below `size` to a gallery of that size. */
export function scoreOf(faces: readonly Face[], gallery: Gallery, size: number): Score {
  const shown = faces.filter(({ person }) => person < size);
  const ranks = shown.map(({ descriptor, person }) => gallery.rank(descriptor, person, size));
  return {
    gallery: size,
    of: shown.length,
    first: ranks.filter((rank) => rank === 1).length,
    ten: ranks.filter((rank) => rank <= 10).length,
    chance: band(shown.length, 1 / size),
  };
}
