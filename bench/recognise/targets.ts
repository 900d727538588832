import type { RgbPicture } from '../../src/core/detect/detector.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import type { Sayeh } from './covered.ts';
import type { Person } from './people.ts';
import { readPicture, type Square } from './picture.ts';
import type { Recogniser } from './recogniser.ts';

/** A picture of somebody, and all that the adversary can know of its original. */
export interface Target {
  readonly person: number;
  readonly file: string;
  readonly original: RgbPicture;
  /** Where the face lies, in the original and so in whatever is published of it. */
  readonly square: Square;
  /** What Sayeh covers. */
  readonly plan: Plan;
}

export interface Targets {
  readonly known: readonly Target[];
  readonly published: readonly Target[];
  /** Pictures in which the adversary finds no face, though nothing is covered: they are left out. */
  readonly unfound: number;
}

/** Reads everybody's pictures; a person is their place in the list. */
export async function targetsOf(
  people: readonly Person[],
  sayeh: Sayeh,
  recogniser: Recogniser,
): Promise<Targets> {
  let unfound = 0;
  const read = async (person: number, files: readonly string[]) => {
    const targets: Target[] = [];
    for (const file of files) {
      const original = await readPicture(file);
      const square = await recogniser.locate(original);
      if (square) targets.push({ person, file, original, square, plan: await sayeh.plan(file) });
      else unfound++;
    }
    return targets;
  };
  const known: Target[] = [];
  const published: Target[] = [];
  for (const [person, pictures] of people.entries()) {
    known.push(...(await read(person, pictures.known)));
    published.push(...(await read(person, pictures.published)));
  }
  return { known, published, unfound };
}
