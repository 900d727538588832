import type { FrameLooks } from './frame-looks.ts';
import { type FrameSpan, spansWhere } from './frame-span.ts';
import type { Track } from './track.ts';

/** A dip: this share of the usual number of faces is missing, and at least one. */
const DIP = 0.2;
/** What is usual is learnt from this long before and after, in seconds. */
const USUAL = 1;

/** Spans in which fewer faces are covered than both before and after, in the same shot. */
export function findDips(tracks: readonly Track[], frames: readonly FrameLooks[], fps: number): FrameSpan[] {
  const count = new Int32Array(frames.length + 1);
  for (const { from, boxes, standing } of tracks) {
    if (standing === 'noise') continue;
    count[from]++;
    count[from + boxes.length]--;
  }
  for (let f = 1; f < count.length; f++) count[f] += count[f - 1];
  const before = runningMeans(frames, count, USUAL * fps, 1);
  const after = runningMeans(frames, count, USUAL * fps, -1);
  return spansWhere(frames.length, (f) => {
    const usual = Math.min(before[f], after[f]);
    return usual - count[f] >= Math.max(1, DIP * usual);
  });
}

/** An exponential mean of the counts that begins anew in every shot, from the left or from the right. */
function runningMeans(
  frames: readonly FrameLooks[],
  count: Int32Array,
  memory: number,
  step: 1 | -1,
): Float64Array {
  const means = new Float64Array(frames.length);
  const gain = 1 / Math.max(1, memory);
  let mean = 0;
  for (let i = 0; i < frames.length; i++) {
    const f = step > 0 ? i : frames.length - 1 - i;
    const newShot = i === 0 || frames[step > 0 ? f : f + 1].motion.cut;
    mean = newShot ? count[f] : mean + gain * (count[f] - mean);
    means[f] = mean;
  }
  return means;
}
