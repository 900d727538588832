import type { Presentation } from './edits.ts';
import { hiddenSamples } from './edits.ts';
import type { Track } from './movie.ts';
import { bytesBetween, eachValue, type Runs, type SampleTable, sliceRuns } from './sample-table.ts';

/** The samples from `first` to before `end`. */
export function sliceSamples(table: SampleTable, first: number, end: number): SampleTable {
  if (first === 0 && end === table.count) return table;
  const { offsets, firstSamples, descriptions } = table.chunks;
  const kept: { offset: number; first: number; description: number }[] = [];
  for (let chunk = 0; chunk < offsets.length; chunk++) {
    const from = Math.max(firstSamples[chunk], first);
    if (Math.min(firstSamples[chunk + 1], end) <= from) continue;
    kept.push({
      offset: offsets[chunk] + bytesBetween(table, firstSamples[chunk], from),
      first: from - first,
      description: descriptions[chunk],
    });
  }
  return {
    count: end - first,
    constantSize: table.constantSize,
    sizes: table.sizes.subarray(first, end),
    chunks: {
      offsets: Float64Array.from(kept, ({ offset }) => offset),
      firstSamples: Uint32Array.from([...kept.map((chunk) => chunk.first), end - first]),
      descriptions: Uint16Array.from(kept, ({ description }) => description),
    },
    durations: sliceRuns(table.durations, first, end),
    delays: table.delays && sliceRuns(table.delays, first, end),
    sync: table.sync?.filter((sample) => sample >= first && sample < end).map((sample) => sample - first),
  };
}

/** Which samples of pictures to keep so that nothing hidden stays that the shown ones do not need. */
export function neededPictures(table: SampleTable, shown: Presentation, tick: number): [number, number] {
  const hidden = hiddenSamples(table, shown, tick);
  let end = table.count;
  for (let i = hidden.length - 1; i >= 0 && hidden[i] === end - 1; i--) end--;
  let before = 0;
  while (before < hidden.length && hidden[before] === before) before++;
  return [Math.min(lastStart(table, before, hidden), end), end];
}

/**
 * The last sample from which every shown one can be decoded. A start has samples after it that are shown before
 * it and may need what came earlier (open groups of pictures), so none of those may be shown.
 */
function lastStart(table: SampleTable, before: number, hidden: Uint32Array): number {
  if (before === 0) return 0;
  const hiddenSet = new Set(hidden);
  const shownAt: number[] = [];
  const times = showTimes(table);
  for (let sample = 0; sample < table.count; sample++)
    if (!hiddenSet.has(sample)) shownAt.push(times[sample]);
  const firstShown = shownAt.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const starts = table.sync ?? Uint32Array.from({ length: before + 1 }, (_, i) => i);
  return starts.filter((start) => start <= before && times[start] <= firstShown).at(-1) ?? 0;
}

function showTimes(table: SampleTable): Float64Array {
  const times = new Float64Array(table.count);
  const delays = eachValue(table.delays, table.count);
  let time = 0;
  let sample = 0;
  for (const duration of eachValue(table.durations, table.count)) {
    times[sample++] = time + (delays.next().value ?? 0);
    time += duration;
  }
  return times;
}

/** Seconds of sound kept beside what is played: decoders warm up on it. */
const WARM_UP = 0.2;

/** Which samples of sound to keep. */
export function neededSound(track: Track, shown: Presentation): [number, number] {
  const { durations, count } = track.samples;
  const margin = WARM_UP * track.timescale;
  const first = Math.min(samplesBefore(durations, shown.start - margin, Math.floor), count);
  return [first, Math.max(first, Math.min(samplesBefore(durations, shown.end + margin, Math.ceil), count))];
}

/** How many samples end (`floor`) or start (`ceil`) before a time. */
function samplesBefore(durations: Runs, time: number, round: (samples: number) => number): number {
  let samples = 0;
  let at = 0;
  for (let i = 0; i < durations.counts.length; i++) {
    const length = durations.counts[i] * durations.values[i];
    if (at + length > time) return samples + Math.max(0, round((time - at) / durations.values[i]));
    samples += durations.counts[i];
    at += length;
  }
  return samples;
}

/** Time that the samples take, in the media's timescale. */
export const lengthOf = ({ counts, values }: Runs): number =>
  values.reduce((sum, value, i) => sum + value * counts[i], 0);
