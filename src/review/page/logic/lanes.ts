import type { PlanTrack } from '../../../core/plan/plan.ts';
import { endOf } from './track-state.ts';

/**
 * The tracks that get a lane while frames `from` up to `to` are in sight: who stays visible first, then what was
 * drawn, then by beginning. Only these are drawn, so a film of thousands of tracks scrolls as smoothly as a short one.
 */
export function lanesIn(tracks: readonly PlanTrack[], from: number, to: number): PlanTrack[] {
  return tracks
    .filter((track) => track.from < to && endOf(track) > from)
    .sort((a, b) => rank(a) - rank(b) || a.from - b.from || a.id - b.id);
}

const rank = ({ decision, standing }: PlanTrack) => (decision === 'keep' ? 0 : standing === 'drawn' ? 1 : 2);

/** The lanes to draw: the first, and how many. */
export function lanesInSight(
  count: number,
  scroll: number,
  laneHeight: number,
  height: number,
): { first: number; count: number } {
  const first = Math.max(0, Math.floor(scroll / laneHeight));
  return { first, count: Math.max(0, Math.min(count - first, Math.ceil(height / laneHeight) + 1)) };
}

/** How far to scroll so that a lane is in sight, moving as little as possible. */
export function scrollToLane(lane: number, scroll: number, laneHeight: number, height: number): number {
  const top = lane * laneHeight;
  if (top < scroll) return top;
  return Math.max(scroll, top + laneHeight - height);
}

/**
 * The lane to scroll to when frame `frame` is shown: that of the chosen track if it lasts through the frame, else the
 * first that does if none in sight does; undefined where nothing need move.
 */
export function laneToShow(
  lanes: readonly PlanTrack[],
  frame: number,
  chosen: number | undefined,
  sight: { readonly first: number; readonly count: number },
): number | undefined {
  const here = (track: PlanTrack) => frame >= track.from && frame < endOf(track);
  const mine = lanes.findIndex(({ id }) => id === chosen);
  if (mine >= 0 && here(lanes[mine])) return mine;
  if (lanes.slice(sight.first, sight.first + sight.count).some(here)) return undefined;
  const first = lanes.findIndex(here);
  return first < 0 ? undefined : first;
}
