/** Lets one piece of work go at a time: those that somebody waits for first, in the order asked. */
export class Turns {
  readonly #urgent: (() => void)[] = [];
  readonly #background: (() => void)[] = [];
  #busy = false;

  /** Pieces that somebody waits for. */
  get waiting(): number {
    return this.#urgent.length;
  }

  /** Does the work when its turn comes; not at all if the signal is aborted by then. */
  async run<T>(
    work: () => Promise<T>,
    {
      signal,
      background = false,
    }: { signal?: AbortSignal | undefined; background?: boolean | undefined } = {},
  ): Promise<T> {
    if (this.#busy) {
      await new Promise<void>((resolve) => (background ? this.#background : this.#urgent).push(resolve));
    }
    this.#busy = true;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      this.#busy = false;
      const next = this.#urgent.shift() ?? this.#background.shift();
      if (next) {
        this.#busy = true; // nobody may slip in before it begins
        next();
      }
    }
  }
}
