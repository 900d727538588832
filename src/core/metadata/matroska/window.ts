import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';

/** How much one read asks for: large enough that a long film costs thousands of reads, not millions. */
const PIECE = 1 << 20;

/** No single frame, table or setting that Sayeh handles may be larger than this. */
export const LARGEST_UNIT = 1 << 28;

/**
 * A window on a source that mostly moves forward: small reads are answered from the last large one. What a call
 * returns is a view that holds until the next call that has to read.
 */
export class Window implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

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
    this.#bytes = await this.#source.read(offset, Math.min(Math.max(wanted, PIECE), this.size - offset));
    this.#start = offset;
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
}
