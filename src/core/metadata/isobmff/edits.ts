import type { Movie, Track } from './movie.ts';
import { eachValue, type SampleTable } from './sample-table.ts';

/** What an edit list shows of a track. */
export interface Presentation {
  /** A pause before it, in the movie's timescale. */
  readonly pause: number;
  /** Shown from here to before `end`, in the media's timescale. */
  readonly start: number;
  readonly end: number;
}

const NORMAL_RATE = 0x10000;

/** Undefined for an edit list that does more than wait, then show one stretch at normal speed. */
export function presentationOf(track: Track, movie: Movie): Presentation | undefined {
  let pause = 0;
  const shown = track.edits.filter((edit, i) => {
    const waits = edit.mediaTime === -1 && i === 0;
    if (waits) pause = edit.duration;
    return !waits;
  });
  if (shown.length === 0) return { pause, start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  const [edit] = shown;
  if (shown.length > 1 || edit.rate !== NORMAL_RATE || edit.mediaTime < 0) return undefined;
  const scale = track.timescale / movie.timescale;
  // A length of zero means to the end; fragmented files are written before the end is known.
  const end = edit.duration === 0 ? Number.POSITIVE_INFINITY : edit.mediaTime + edit.duration * scale;
  return { pause, start: edit.mediaTime, end };
}

/** Sound may be cut by this much at either end: an encoder's warm-up and the rest of its last block. */
const SOUND_SECONDS = 0.25;

/**
 * Samples of pictures that a presentation never shows. Its end is rounded to a tick of the movie's clock, which
 * only matters to pictures that are shown for less than that.
 */
export function hiddenSamples(table: SampleTable, shown: Presentation, tick: number): Uint32Array {
  const hidden: number[] = [];
  const durations = eachValue(table.durations, table.count);
  const delays = eachValue(table.delays, table.count);
  let time = 0;
  for (let sample = 0; sample < table.count; sample++) {
    const duration: number = durations.next().value ?? 0;
    const at = time + (delays.next().value ?? 0);
    const slack = duration > tick ? 0 : tick;
    if (at + duration <= shown.start || at >= shown.end + slack) hidden.push(sample);
    time += duration;
  }
  return Uint32Array.from(hidden);
}

/** Seconds of sound that a presentation never plays, beyond what an encoder needs. */
export function hiddenSeconds(track: Track, shown: Presentation): number {
  const { counts, values } = track.samples.durations;
  const length = values.reduce((sum, value, i) => sum + value * counts[i], 0);
  const before = Math.max(0, shown.start) / track.timescale;
  const after = Math.max(0, length - shown.end) / track.timescale;
  return [before, after].reduce((sum, seconds) => sum + (seconds > SOUND_SECONDS ? seconds : 0), 0);
}

/** One tick of the movie's clock, in the media's. */
export const tickOf = (track: Track, movie: Movie): number => track.timescale / movie.timescale;
