import type { Descriptor } from './recogniser.ts';

/** Known faces. A person is a number, from 0 on. */
export class Gallery {
  readonly #faces: { person: number; descriptor: Descriptor }[] = [];

  add(person: number, descriptor: Descriptor): void {
    this.#faces.push({ person, descriptor });
  }

  /**
   * How many of the people below `size` would be named before `person` or with them: 1 where the nearest known
   * face is theirs. Of people equally near, who came first is named first, so that covers which are all alike
   * earn exactly one right answer.
   */
  rank(face: Descriptor, person: number, size: number): number {
    const nearest = new Map<number, number>();
    for (const known of this.#faces) {
      if (known.person >= size) continue;
      const away = squaredDistance(known.descriptor, face);
      const before = nearest.get(known.person);
      if (before === undefined || away < before) nearest.set(known.person, away);
    }
    const own = nearest.get(person) ?? Number.POSITIVE_INFINITY;
    let rank = 1;
    for (const [other, away] of nearest) {
      if (other !== person && (away < own || (away === own && other < person))) rank++;
    }
    return rank;
  }
}

function squaredDistance(a: Descriptor, b: Descriptor): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
