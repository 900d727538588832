/** Presentation times in ticks as runs of equal steps: `[count, step]`. The first frame is at 0 and in no run. */
export type TimeRuns = readonly (readonly [count: number, step: number])[];

/** Rising times in ticks, the first 0, as runs. */
export function encodeTimes(ticks: ArrayLike<number>): TimeRuns {
  const runs: [number, number][] = [];
  for (let i = 1; i < ticks.length; i++) {
    const step = ticks[i] - ticks[i - 1];
    const last = runs.at(-1);
    if (last?.[1] === step) last[0]++;
    else runs.push([1, step]);
  }
  return runs;
}

/** Times in seconds, one a frame; `num / den` seconds are one tick. */
export function decodeTimes(coded: {
  readonly num: number;
  readonly den: number;
  readonly runs: TimeRuns;
}): Float64Array {
  const frames = coded.runs.reduce((sum, [count]) => sum + count, 1);
  const seconds = new Float64Array(frames);
  let at = 0;
  let ticks = 0;
  for (const [count, step] of coded.runs) {
    for (let i = 0; i < count; i++) {
      ticks += step;
      seconds[++at] = (ticks * coded.num) / coded.den;
    }
  }
  return seconds;
}
