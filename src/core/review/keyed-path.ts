import { bend, type Path } from './bend.ts';
import type { EditBox } from './edit.ts';

/** A path and the frames that a person set, rising. */
export interface KeyedPath extends Path {
  readonly keys: readonly number[];
}

/**
 * The path through `box` in `frame`, which becomes a key. Nothing changes beyond the keys next to it, nor more
 * than `reach` frames away.
 */
export function withKeyframe<T extends KeyedPath>(
  path: T,
  frame: number,
  box: EditBox,
  reach = Number.POSITIVE_INFINITY,
): { from: number; boxes: EditBox[]; keys: number[] } {
  const before = path.keys.findLast((key) => key < frame);
  const after = path.keys.find((key) => key > frame);
  const fixedBefore = nearer(before, frame - reach - 1, Math.max);
  const fixedAfter = nearer(after, frame + reach + 1, Math.min);
  const bent = bend(path, frame, box, fixedBefore, fixedAfter);
  const keys = [...path.keys.filter((key) => key !== frame), frame].sort((a, b) => a - b);
  return { from: bent.from, boxes: [...bent.boxes], keys };
}

function nearer(
  key: number | undefined,
  edge: number,
  pick: (a: number, b: number) => number,
): number | undefined {
  if (!Number.isFinite(edge)) return key;
  return key === undefined ? edge : pick(key, edge);
}
