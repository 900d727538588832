import type { FrameSpan } from './frame-span.ts';
import type { Shot } from './stabiliser.ts';

/** A longer shot is followed in parts of so many seconds, so that memory does not grow with it. */
const LONGEST = 60;
/** Two parts share so many seconds: longer than anybody may be hidden and still be joined. */
const SHARED = 4;

/** A part of a shot, followed at one time. */
export interface Part extends FrameSpan {
  readonly shot: Shot;
  /** Tracks of this part are believed before it, those of the next part from it on; the shot's end for the last. */
  readonly seam: number;
}

/** A shot in parts that overlap. Most shots are one. */
export function partsOf(shot: Shot, fps: number): Part[] {
  const length = Math.round(LONGEST * fps);
  const shared = Math.round(SHARED * fps);
  const parts: Part[] = [];
  let { from } = shot;
  while (shot.to - from > length + 2 * shared) {
    const next = from + length;
    parts.push({ shot, from, to: next + shared, seam: next + (shared >> 1) });
    from = next;
  }
  parts.push({ shot, from, to: shot.to, seam: shot.to });
  return parts;
}
