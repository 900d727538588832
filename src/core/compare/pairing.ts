/** Something shown at a time, in seconds. */
export interface Timed {
  readonly time: number;
}

/** And for so long, in seconds. */
export interface Shown extends Timed {
  readonly duration: number;
}

/** One of each, or one that the other side has nothing for. */
export type Pair<A, B> =
  | { readonly before: A; readonly after: B }
  | { readonly before: A; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: B };

/** Pairs the first with the first, the second with the second, and so on; what is left over stands alone. */
export async function* pairByNumber<A, B>(
  before: AsyncIterable<A>,
  after: AsyncIterable<B>,
): AsyncGenerator<Pair<A, B>> {
  yield* alongside(before, after, () => 'pair');
}

/**
 * Pairs two sequences, each in rising order of time, where each of two is the other's nearest in time. So a frame
 * that one side lacks stands alone, and those after it find their own. Reads each once and holds two of each.
 */
export async function* pairByTime<A extends Timed, B extends Timed>(
  before: AsyncIterable<A>,
  after: AsyncIterable<B>,
): AsyncGenerator<Pair<A, B>> {
  yield* alongside(before, after, (a, nextA, b, nextB) => {
    const apart = Math.abs(a.time - b.time);
    const nextFits = nextA ? Math.abs(nextA.time - b.time) : Number.POSITIVE_INFINITY;
    const otherFits = nextB ? Math.abs(nextB.time - a.time) : Number.POSITIVE_INFINITY;
    if (apart <= nextFits && apart <= otherFits) return 'pair';
    return nextFits <= otherFits ? 'before' : 'after';
  });
}

/** Times of animations are whole milliseconds. */
const MOMENT = 0.0005;

/**
 * Pairs each picture of an animation with the one that the other shows when it begins: writers of animations join
 * pictures that are the same into one that is shown longer, so one may be paired again and again.
 */
export async function* pairByShowing<A extends Shown, B extends Shown>(
  before: AsyncIterable<A>,
  after: AsyncIterable<B>,
): AsyncGenerator<Pair<A, B>> {
  const shown = new Ahead(after);
  let isNew = true;
  try {
    await shown.step();
    for await (const one of before) {
      while (shown.next && shown.next.time <= one.time + MOMENT) {
        if (isNew) yield { after: shown.here as B };
        await shown.step();
        isNew = true;
      }
      const { here } = shown;
      if (!here || one.time + MOMENT >= here.time + here.duration) yield { before: one };
      // Whoever is still shown is not late.
      else yield { before: one, after: isNew ? here : { ...here, time: one.time } };
      isNew = false;
    }
    while (await shown.advance()) yield { after: shown.here as B };
  } finally {
    await shown.end();
  }
}

type Choose<A, B> = (a: A, nextA: A | undefined, b: B, nextB: B | undefined) => 'pair' | 'before' | 'after';

async function* alongside<A, B>(
  before: AsyncIterable<A>,
  after: AsyncIterable<B>,
  choose: Choose<A, B>,
): AsyncGenerator<Pair<A, B>> {
  const [left, right] = [new Ahead(before), new Ahead(after)];
  try {
    await left.step();
    await right.step();
    while (left.here !== undefined || right.here !== undefined) {
      if (left.here === undefined) yield { after: right.here as B };
      else if (right.here === undefined) yield { before: left.here };
      const both = left.here !== undefined && right.here !== undefined;
      const choice = both ? choose(left.here as A, left.next, right.here as B, right.next) : 'one';
      if (choice === 'pair') yield { before: left.here as A, after: right.here as B };
      if (choice === 'before') yield { before: left.here as A };
      if (choice === 'after') yield { after: right.here as B };
      if (choice !== 'after') await left.step();
      if (choice !== 'before') await right.step();
    }
  } finally {
    await left.end();
    await right.end();
  }
}

/** A sequence with its present member and the one after it. */
class Ahead<T> {
  here: T | undefined;
  next: T | undefined;
  #begun = false;
  #ended = false;
  readonly #source: AsyncIterator<T>;

  constructor(source: AsyncIterable<T>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async step(): Promise<void> {
    if (!this.#begun) this.next = await this.#read();
    this.#begun = true;
    this.here = this.next;
    this.next = await this.#read();
  }

  /** Steps; answers whether there is anything. */
  async advance(): Promise<boolean> {
    await this.step();
    return this.here !== undefined;
  }

  async end(): Promise<void> {
    await this.#source.return?.();
  }

  async #read(): Promise<T | undefined> {
    if (this.#ended) return undefined;
    const { done, value } = await this.#source.next();
    this.#ended = done === true;
    return done ? undefined : value;
  }
}
