import type { PlanTrack } from '../../../core/plan/plan.ts';
import { boundsOf, inside, outlineOf } from './outline.ts';
import type { Point } from './viewport.ts';

/**
 * The track under a point of the picture in `frame`: the smallest of those whose cover holds it, so that a small
 * face before a large one can be had. A cover smaller than a finger is hit up to `reach` picture pixels around it.
 */
export function trackAt(
  point: Point,
  here: readonly PlanTrack[],
  frame: number,
  cover: 'head' | 'face',
  reach: number,
): PlanTrack | undefined {
  let best: { track: PlanTrack; size: number } | undefined;
  for (const track of here) {
    const corners = outlineOf(track, frame, cover);
    const bounds = boundsOf(corners);
    const near =
      bounds.width < 2 * reach &&
      bounds.height < 2 * reach &&
      Math.hypot(point.x - bounds.x - bounds.width / 2, point.y - bounds.y - bounds.height / 2) <= reach;
    const size = bounds.width * bounds.height;
    if ((near || inside(point, corners)) && (!best || size < best.size)) best = { track, size };
  }
  return best?.track;
}
