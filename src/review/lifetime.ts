/** How long the server waits for a page, in milliseconds. */
export interface Patience {
  /** For the page to be opened at all. */
  readonly first: number;
  /** For a sign of life: browsers slow the timers of hidden pages to one a minute. */
  readonly idle: number;
  /** After a page said that it closes: it may be loading anew. */
  readonly closing: number;
  /** After a page's stream of events broke without a word: the machine may be busy, or the page stuck. */
  readonly broken: number;
}

const PATIENCE: Patience = { first: 30 * 60_000, idle: 3 * 60_000, closing: 8_000, broken: 30_000 };

/** Says when the server has nobody left to serve. */
export class Lifetime {
  readonly #patience: Patience;
  readonly #timer: NodeJS.Timeout;
  #seen = false;
  #lastSign = performance.now();
  #streams = 0;
  #closing: number | undefined;

  /** `end` is called once, when nobody is there any more and `busy` says that nothing must be finished first. */
  constructor(options: {
    end: () => void;
    busy: (seen: boolean) => boolean;
    patience?: Partial<Patience> | undefined;
  }) {
    this.#patience = { ...PATIENCE, ...options.patience };
    const every = Math.min(1000, ...Object.values(this.#patience).map((wait) => wait / 4));
    this.#timer = setInterval(() => {
      if (options.busy(this.#seen)) {
        if (!this.#seen) this.#lastSign = performance.now(); // it may be waited for before the page is opened
        return;
      }
      if (!this.#isOver()) return;
      this.stop();
      options.end();
    }, every);
  }

  /** The page asked for something. */
  sign(): void {
    this.#seen = true;
    this.#lastSign = performance.now();
    this.#closing = undefined;
  }

  /** The page listens to events, and is there as long as it does. */
  streamOpened(): void {
    this.#streams++;
  }

  streamClosed(): void {
    this.#streams--;
    this.#lastSign = performance.now();
    this.#closing ??= performance.now() + this.#patience.broken;
  }

  /** The page says that it closes. */
  closing(): void {
    this.#closing = performance.now() + this.#patience.closing;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isOver(): boolean {
    const now = performance.now();
    if (this.#closing !== undefined && now >= this.#closing && this.#streams === 0) return true;
    if (this.#streams > 0) return false;
    return now - this.#lastSign > (this.#seen ? this.#patience.idle : this.#patience.first);
  }
}
