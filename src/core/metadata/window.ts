import { SayehError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** No single frame, table or setting that Sayeh handles may be larger than this. */
export const LARGEST_UNIT = 1 << 28;

/** The first read after a jump: a header and what lies near it. */
const SMALL = 1 << 13;
/** Reads of a walk without jumps grow to this: large enough that a long film costs thousands of them, not millions. */
const SLAB = 1 << 21;
/** A reader that skips less than this is served best by reading on. */
const NEAR = 1 << 14;
/** Up to here a read is done before a promise for it would have been kept. */
const AT_ONCE = 1 << 16;
/** Room before a slab for the end of the one before it, so that what lies across both is one array. */
const LEAD = 1 << 20;

/**
 * A window on a source that mostly moves forward: small reads are answered from the last large one, and while that
 * is looked at the next is under way. Readers that jump from header to header get small reads. What a call returns
 * is a view that holds until the next call that has to read.
 */
export class Window implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #step = SMALL >> 1;
  /** What `#bytes` is a view of. */
  #buffer: Uint8Array = new Uint8Array(0);
  /** Used in turn with it. */
  #spare: Uint8Array = new Uint8Array(0);
  #ahead: Ahead | undefined;

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
    const gap = offset - this.#start - this.#bytes.length;
    this.#step = offset >= this.#start && gap <= NEAR ? Math.min(this.#step * 2, SLAB) : SMALL;
    return (await this.#moveOn(offset, wanted)) ?? this.#jump(offset, wanted);
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

  /** On to the slab that was read ahead; undefined where there is none or it is not enough. */
  async #moveOn(offset: number, wanted: number): Promise<Uint8Array | undefined> {
    const ahead = this.#ahead;
    if (!ahead) return undefined;
    this.#ahead = undefined;
    const read = await ahead.read;
    this.#spare = ahead.buffer;
    const before = Math.max(0, ahead.start - offset);
    if (offset < this.#start || before > LEAD || offset + wanted > ahead.start + read) return undefined;
    if (before > 0) {
      const from = offset - this.#start;
      ahead.buffer.set(this.#bytes.subarray(from, from + before), LEAD - before);
    }
    [this.#buffer, this.#spare] = [ahead.buffer, this.#buffer];
    this.#bytes = ahead.buffer.subarray(LEAD - before, LEAD + read);
    this.#start = ahead.start - before;
    this.#readAhead();
    return this.peek(offset, wanted);
  }

  async #jump(offset: number, wanted: number): Promise<Uint8Array> {
    const source = this.#source;
    const length = Math.max(0, Math.min(Math.max(wanted, this.#step), this.size - offset));
    if (!source.readInto) this.#bytes = await source.read(offset, length);
    else {
      if (this.#buffer.length < length) this.#buffer = new Uint8Array(LEAD + Math.max(length, SLAB));
      const into = this.#buffer.subarray(0, length);
      const read =
        source.readNow && length <= AT_ONCE
          ? source.readNow(into, offset)
          : await source.readInto(into, offset);
      this.#bytes = into.subarray(0, read);
    }
    this.#start = offset;
    if (this.#step === SLAB && wanted < SLAB) this.#readAhead();
    return this.#bytes.subarray(0, Math.min(wanted, this.#bytes.length));
  }

  #readAhead(): void {
    const start = this.#start + this.#bytes.length;
    if (!this.#source.readInto || start >= this.size) return;
    const buffer = this.#spare.length >= LEAD + SLAB ? this.#spare : new Uint8Array(LEAD + SLAB);
    const read = this.#source.readInto(
      buffer.subarray(LEAD, LEAD + Math.min(SLAB, this.size - start)),
      start,
    );
    // A read that nobody comes to need may fail unheard.
    read.catch(() => {});
    this.#ahead = { start, buffer, read };
  }
}

interface Ahead {
  readonly start: number;
  readonly buffer: Uint8Array;
  readonly read: Promise<number>;
}
