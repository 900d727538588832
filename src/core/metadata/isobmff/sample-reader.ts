import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Track } from './movie.ts';
import { sizeOf } from './sample-table.ts';

/** Large enough that reading a long film costs no more than copying it. */
const WINDOW = 4 << 20;
/** A coded picture of 8K video is a few megabytes. */
const MAX_SAMPLE = 256 << 20;

/** Reads forwards through a file in large steps. */
export class WindowReader {
  private readonly source: ByteSource;
  private window: Uint8Array = new Uint8Array();
  private start = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** The bytes if they have been read already: saves a film's many samples the wait. */
  peek(offset: number, length: number): Uint8Array | undefined {
    const from = offset - this.start;
    return from >= 0 && from + length <= this.window.length
      ? this.window.subarray(from, from + length)
      : undefined;
  }

  /** Valid until the next call. @throws SayehError('corrupt') where the file ends before. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const ready = this.peek(offset, length);
    if (ready) return ready;
    if (length > MAX_SAMPLE)
      throw new SayehError('too-large', `a sample of ${length} bytes; the limit is ${MAX_SAMPLE}`);
    this.window = await this.source.read(offset, Math.max(length, WINDOW));
    this.start = offset;
    const bytes = this.peek(offset, length);
    if (!bytes) throw new SayehError('corrupt', `a sample at byte ${offset} lies beyond the end of the file`);
    return bytes;
  }
}

/** A chunk of one of several tracks. */
export interface ChunkPlace {
  /** Index into the tracks given. */
  readonly track: number;
  readonly chunk: number;
  readonly offset: number;
}

/** The chunks of several tracks by file order, which is the order in which to read them. */
export function chunksInFileOrder(tracks: readonly Track[]): ChunkPlace[] {
  return tracks
    .flatMap(({ samples }, track) =>
      Array.from(samples.chunks.offsets, (offset, chunk) => ({ track, chunk, offset })),
    )
    .sort((a, b) => a.offset - b.offset);
}

/** The samples of a chunk, with where they lie. */
export function* samplesOf(
  track: Track,
  chunk: number,
): Generator<{ sample: number; offset: number; length: number }> {
  const { offsets, firstSamples } = track.samples.chunks;
  let offset = offsets[chunk];
  for (let sample = firstSamples[chunk]; sample < firstSamples[chunk + 1]; sample++) {
    const length = sizeOf(track.samples, sample);
    yield { sample, offset, length };
    offset += length;
  }
}
