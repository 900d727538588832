import type { ByteSink } from './byte-source.ts';

/** A sink whose beginning can be written again once the end is known. */
export interface PatchableSink {
  write(bytes: Uint8Array): Promise<void>;
  overwrite(offset: number, bytes: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  readonly written: number;
  /** Must be called at the end. */
  finish(): Promise<void>;
}

/** The sink itself where it can overwrite; else one that holds everything back until `finish`. */
export function patchable(sink: ByteSink): PatchableSink {
  const { overwrite } = sink;
  return overwrite ? new Through(sink, overwrite) : new Gathered(sink);
}

class Through implements PatchableSink {
  written = 0;
  readonly overwrite: PatchableSink['overwrite'];
  readonly #sink: ByteSink;

  constructor(sink: ByteSink, overwrite: PatchableSink['overwrite']) {
    this.#sink = sink;
    this.overwrite = overwrite;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written += bytes.length;
    return this.#sink.write(bytes);
  }

  async finish(): Promise<void> {}
}

const SMALLEST = 1 << 16;

class Gathered implements PatchableSink {
  written = 0;
  readonly #sink: ByteSink;
  #bytes = new Uint8Array(SMALLEST);

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const needed = this.written + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.written));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.written);
    this.written = needed;
  }

  async overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    this.#bytes.set(bytes, offset);
  }

  finish(): Promise<void> {
    return this.#sink.write(this.#bytes.subarray(0, this.written));
  }
}
