import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { Window } from '../window.ts';
import type { Movie } from './movie.ts';
import { cleanerFor, type SampleCleaner } from './sample-cleaners.ts';
import { chunksInFileOrder, samplesOf } from './sample-reader.ts';

/**
 * Looks into every coded sample for messages that no decoder needs. One violation stands for all of its kind in
 * a track. Reads the media data once, from front to back.
 */
export async function checkSamples(source: ByteSource, movie: Movie): Promise<Violation[]> {
  const cleaners: (SampleCleaner | undefined)[] = [];
  for (const { descriptions } of movie.tracks)
    cleaners.push(descriptions[0] && (await cleanerFor(source, descriptions[0])));
  const counts = new Map<string, Map<string, number>>();
  const reader = new Window(source);
  for (const { track, chunk } of chunksInFileOrder(movie.tracks)) {
    const clean = cleaners[track];
    if (!clean) continue;
    const kinds = inMap(counts, `${movie.tracks[track].box.path}/(samples)`);
    for (const { offset, length } of samplesOf(movie.tracks[track], chunk)) {
      const bytes = reader.peek(offset, length) ?? (await reader.exactly(offset, length));
      for (const reason of reasonsIn(clean, bytes)) kinds.set(reason, (kinds.get(reason) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([part, kinds]) =>
    [...kinds].map(([reason, times]) => ({
      part,
      reason: times > 1 ? `${reason} (${times} times)` : reason,
    })),
  );
}

function reasonsIn(clean: SampleCleaner, bytes: Uint8Array): readonly string[] {
  try {
    return clean(bytes).reasons;
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
    return [error.message];
  }
}

function inMap(counts: Map<string, Map<string, number>>, part: string): Map<string, number> {
  const kinds = counts.get(part) ?? new Map<string, number>();
  counts.set(part, kinds);
  return kinds;
}
