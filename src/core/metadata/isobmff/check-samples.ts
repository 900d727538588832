import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { objectionsAt } from '../h26x/index.ts';
import { Window } from '../window.ts';
import type { Box } from './box-tree.ts';
import type { Movie } from './movie.ts';
import { BROKEN_UNITS, cleanerFor, nalUnitsOf, type SampleCleaner } from './sample-cleaners.ts';
import { chunksInFileOrder, samplesOf } from './sample-reader.ts';

/**
 * Looks into every coded sample for messages that no decoder needs. One violation stands for all of its kind in
 * a track. Goes through the media data once, from front to back.
 */
export async function checkSamples(source: ByteSource, movie: Movie): Promise<Violation[]> {
  const window = new Window(source);
  const checks: (SampleCheck | undefined)[] = [];
  for (const { descriptions } of movie.tracks)
    checks.push(descriptions[0] && (await checkFor(source, window, descriptions[0])));
  const counts = new Map<string, Map<string, number>>();
  for (const { track, chunk } of chunksInFileOrder(movie.tracks)) {
    const reasonsAt = checks[track];
    if (!reasonsAt) continue;
    const kinds = inMap(counts, `${movie.tracks[track].box.path}/(samples)`);
    for (const { offset, length } of samplesOf(movie.tracks[track], chunk))
      for (const reason of await reasonsAt(offset, length)) kinds.set(reason, (kinds.get(reason) ?? 0) + 1);
  }
  return [...counts].flatMap(([part, kinds]) =>
    [...kinds].map(([reason, times]) => ({
      part,
      reason: times > 1 ? `${reason} (${times} times)` : reason,
    })),
  );
}

/** Why a sample may not stay as it is. */
type SampleCheck = (offset: number, length: number) => Promise<readonly string[]>;

async function checkFor(source: ByteSource, window: Window, entry: Box): Promise<SampleCheck | undefined> {
  const units = await nalUnitsOf(source, entry);
  if (units)
    return async (offset, length) => {
      const found = await objectionsAt(window, units.codec, units.lengthSize, offset, length);
      return found?.map(({ judgement }) => judgement.reason) ?? [BROKEN_UNITS];
    };
  const clean = await cleanerFor(source, entry);
  return (
    clean &&
    (async (offset, length) =>
      reasonsIn(clean, window.peek(offset, length) ?? (await window.exactly(offset, length))))
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
