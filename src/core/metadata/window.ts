import { SayehError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** No single frame, table or setting that Sayeh handles may be larger than this. */
export const LARGEST_UNIT = 1 << 28;

/** The first read after a jump: a header and what lies near it. */
const SMALL = 1 << 13;
/** Reads of a walk without jumps grow to this: few enough for a long film, and still in the processor's cache after. */
const SLAB = 1 << 19;
/** A reader that skips less than this is served best by reading on. */
const NEAR = 1 << 14;
/** After so many bytes read at once the rest of the program has its turn, which it needs to be stopped. */
const TURN = 1 << 26;

/**
 * A window on a source that mostly moves forward: small reads are answered from the last large one. Readers that
 * jump from header to header get small reads. What a call returns is a view that holds until the next call that has
 * to read.
 *
 * Reads are done at once where the source can: beside a thousand copies within memory, a thousand promises that
 * wait for another thread are most of the time.
 */
export class Window implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #step = SMALL >> 1;
  /** What `#bytes` is a view of. */
  #buffer: Uint8Array = new Uint8Array(0);
  #sinceTurn = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /** Bytes [offset, offset + length), if they are at hand already: spares a hot loop its promise. */
  peek(offset: number, length: number): Uint8Array | undefined {
    const from = offset - this.#start;
    if (from < 0 || from + length > this.#bytes.length) return undefined;
    return this.#bytes.subarray(from, from + length);
  }

  /** Bytes [offset, offset + length), fewer at the end of the file. */
  async upTo(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    if (wanted > LARGEST_UNIT) throw new SayehError('too-large', `a unit of ${wanted} bytes in the file`);
    const ready = this.peek(offset, wanted);
    if (ready) return ready;
    await this.#moveTo(offset, wanted);
    return this.#bytes.subarray(0, Math.min(wanted, this.#bytes.length));
  }

  /** As `upTo`: a Window is a ByteSource itself, for code that reads a few bytes at a time. */
  read(offset: number, length: number): Promise<Uint8Array> {
    return this.upTo(offset, length);
  }

  /** Exactly these bytes. Throws SayehError('corrupt') where the file ends first. */
  async exactly(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.upTo(offset, length);
    if (bytes.length < length)
      throw new SayehError('corrupt', `the file ends at ${this.size}, in the middle of a part at ${offset}`);
    return bytes;
  }

  async #moveTo(offset: number, wanted: number): Promise<void> {
    const end = this.#start + this.#bytes.length;
    const isOnward = offset >= this.#start && offset - end <= NEAR;
    this.#step = isOnward ? Math.min(this.#step * 2, SLAB) : SMALL;
    const { readInto, readNow } = this.#source;
    if (!readInto) {
      const length = Math.max(0, Math.min(Math.max(wanted, this.#step), this.size - offset));
      this.#bytes = await this.#source.read(offset, length);
      this.#start = offset;
      return;
    }
    const kept = offset >= this.#start && offset < end ? end - offset : 0;
    const length = Math.max(0, Math.min(Math.max(wanted, kept + this.#step), this.size - offset));
    const into = this.#keepLast(kept, length).subarray(kept, length);
    this.#sinceTurn += into.length;
    const isTurn = this.#sinceTurn >= TURN || !readNow;
    if (isTurn) this.#sinceTurn = 0;
    const read = isTurn ? await readInto(into, offset + kept) : readNow(into, offset + kept);
    this.#bytes = this.#buffer.subarray(0, kept + read);
    this.#start = offset;
  }

  /** A buffer with room for so many bytes, the first of which are the last that were at hand. */
  #keepLast(kept: number, length: number): Uint8Array {
    const last = this.#bytes.subarray(this.#bytes.length - kept);
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(Math.max(length, 2 * SLAB));
    // Also where they overlap: `set` minds that.
    this.#buffer.set(last);
    return this.#buffer;
  }
}
