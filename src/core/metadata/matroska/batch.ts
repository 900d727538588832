import type { ByteSink } from '../byte-source.ts';
import type { PatchableSink } from '../patchable-sink.ts';

const BATCH = 1 << 20;
/** A piece of this size is handed on as it is: to gather it would cost a copy. */
const LARGE = 1 << 16;

/** Gathers small pieces into large writes. A view of a read window may be handed in: it is not kept. */
export class Batch {
  /** Bytes handed in so far. */
  written = 0;
  readonly #sink: ByteSink;
  readonly #buffer = new Uint8Array(BATCH);
  #used = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** True where `put` may be used in place of `add`: spares a hot loop its promise. */
  has(length: number): boolean {
    return length < LARGE && this.#used + length <= BATCH;
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

  /** Replaces bytes that still wait here; false where they have gone. */
  amend(at: number, bytes: Uint8Array): boolean {
    const from = at - (this.written - this.#used);
    if (from < 0) return false;
    this.#buffer.set(bytes, from);
    return true;
  }

  async flush(): Promise<void> {
    if (this.#used > 0) await this.#sink.write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** A batch whose pieces can be written again. */
export class PatchableBatch extends Batch {
  readonly #sink: PatchableSink;
  #patches: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  constructor(sink: PatchableSink) {
    super(sink);
    this.#sink = sink;
  }

  /** Replaces bytes handed in before. */
  replace(at: number, bytes: Uint8Array): void {
    if (!this.amend(at, bytes)) this.#patches.push({ at, bytes });
  }

  /** Writes what is left. Must be called at the end. */
  async finish(): Promise<void> {
    await this.flush();
    for (const { at, bytes } of this.#patches) await this.#sink.overwrite(at, bytes);
    await this.#sink.finish();
  }
}
