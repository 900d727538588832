import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import { copyOf, joinAll } from './bytes.ts';

const PIECE = 1 << 20;

/** The most bytes of one part that are held in memory at once. */
export const LARGEST_PART = 64 << 20;

/** Copies a stretch from source to sink, a mebibyte at a time. */
export async function copy(
  source: ByteSource,
  sink: ByteSink,
  offset: number,
  length: number,
): Promise<void> {
  const end = offset + length;
  for (let at = offset; at < end; at += PIECE) {
    const wanted = Math.min(PIECE, end - at);
    const bytes = await source.read(at, wanted);
    if (bytes.length < wanted) throw new SayehError('corrupt', `the file ends inside a part, at byte ${at}`);
    await sink.write(bytes);
  }
}

/** A stretch as bytes of one's own, cut to what is there and to `LARGEST_PART`. */
export async function readPart(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  return copyOf(await source.read(offset, Math.min(length, LARGEST_PART)));
}

/** A sink that keeps what it is given. */
export class MemorySink implements ByteSink {
  readonly #pieces: Uint8Array[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(copyOf(bytes));
  }

  /** Everything written so far. */
  bytes(): Uint8Array {
    return joinAll(this.#pieces);
  }
}
