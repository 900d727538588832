import { CAPACITY } from './packet.ts';

const WORDS = CAPACITY / 4;

/** Bytes that come in small pieces and are wanted as one. */
export class Growing {
  length = 0;
  #bytes = new Uint8Array(1 << 14);
  #words = new Int32Array(this.#bytes.buffer);

  push(piece: Uint8Array): void {
    this.#makeRoom(piece.length);
    this.#bytes.set(piece, this.length);
    this.length += piece.length;
  }

  /**
   * The payload of a whole packet, which is nearly every piece of a film: `source` seen as words, from word `at` on.
   * A loop over words costs half of what a view and a call to copy it do.
   */
  pushWhole(source: Int32Array, at: number): void {
    this.#makeRoom(CAPACITY);
    if ((this.length & 3) === 0) copyWords(source, at, this.#words, this.length >> 2);
    else this.#bytes.set(new Uint8Array(source.buffer, source.byteOffset + at * 4, CAPACITY), this.length);
    this.length += CAPACITY;
  }

  /** Everything so far; a view that holds until `clear` or the next `push`. */
  whole(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Empties it and keeps the room. */
  clear(): void {
    this.length = 0;
  }

  #makeRoom(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.ceil(Math.max(needed, this.#bytes.length * 2) / 4) * 4);
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    this.#words = new Int32Array(larger.buffer);
  }
}

/** Copies a packet's payload. */
export function copyWords(from: Int32Array, at: number, to: Int32Array, toAt: number): void {
  for (let i = 0; i < WORDS; i++) to[toAt + i] = from[at + i];
}

/** Whole packets seen as words; undefined where they do not lie so that they can be. */
export function asWords(bytes: Uint8Array): Int32Array | undefined {
  return bytes.byteOffset % 4 === 0
    ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : undefined;
}
