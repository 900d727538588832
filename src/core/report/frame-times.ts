import type { SampleTable } from '../metadata/isobmff/sample-table.ts';

/**
 * When each picture of a track is shown, in seconds from the first one, in order of showing. `timescale` is the
 * track's: ticks a second. Edits are left out: a constant shift goes, and Sayeh writes no other edit.
 */
export function frameTimes({ count, durations, delays }: SampleTable, timescale: number): Float64Array {
  const shown = new Float64Array(count);
  let decoded = 0;
  let at = 0;
  for (let run = 0; run < durations.counts.length; run++) {
    for (let i = 0; i < durations.counts[run] && at < count; i++) {
      shown[at++] = decoded;
      decoded += durations.values[run];
    }
  }
  if (delays) {
    at = 0;
    for (let run = 0; run < delays.counts.length; run++) {
      for (let i = 0; i < delays.counts[run] && at < count; i++) shown[at++] += delays.values[run];
    }
  }
  shown.sort();
  const first = shown[0] ?? 0;
  return shown.map((ticks) => (ticks - first) / timescale);
}
