/** What the cache holds: something with a size in bytes that must be let go of. */
export interface Held {
  readonly bytes: number;
  close(): void;
}

/** Frames lately shown or about to be, up to so many bytes; the longest unused goes first. */
export class FrameCache<T extends Held> {
  readonly #limit: number;
  readonly #held = new Map<string, T>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  get(key: string): T | undefined {
    const held = this.#held.get(key);
    if (held) {
      this.#held.delete(key);
      this.#held.set(key, held);
    }
    return held;
  }

  put(key: string, value: T): void {
    this.drop(key);
    this.#held.set(key, value);
    this.#bytes += value.bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#limit || oldest === key) break;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#bytes -= held.bytes;
    held.close();
  }

  clear(): void {
    for (const key of [...this.#held.keys()]) this.drop(key);
  }
}
