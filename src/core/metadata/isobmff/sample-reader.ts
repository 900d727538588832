import type { Track } from './movie.ts';
import { sizeOf } from './sample-table.ts';

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
