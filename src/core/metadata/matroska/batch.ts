import type { ByteSink } from '../byte-source.ts';

const BATCH = 1 << 21;

/** Gathers small pieces into large writes. Each piece is copied, so a view of a read window may be handed in. */
export class Batch {
  /** Bytes handed in so far. */
  written = 0;
  readonly #sink: ByteSink;
  readonly #buffer = new Uint8Array(BATCH);
  #used = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** True where `add` takes `length` bytes without having to write first: spares a hot loop its promise. */
  has(length: number): boolean {
    return this.#used + length <= BATCH;
  }

  /** Only after `has(length)` has said yes. */
  put(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
    this.written += bytes.length;
  }

  async add(bytes: Uint8Array): Promise<void> {
    if (!this.has(bytes.length)) await this.flush();
    if (this.has(bytes.length)) this.put(bytes);
    else {
      await this.#sink.write(bytes);
      this.written += bytes.length;
    }
  }

  async flush(): Promise<void> {
    if (this.#used > 0) await this.#sink.write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}
