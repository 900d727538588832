import { SayehError } from '../../errors.ts';
import { MOST_GROWTH } from '../../plan/limits.ts';
import type { Plan, PlanTrack } from '../../plan/plan.ts';
import type { GrowEdit } from '../edit.ts';
import { replaceTrack, trackOf } from '../plan-tracks.ts';

/** Sets how large a cover is beside what was found; 1 is as found, and none is smaller. */
export function applyGrow(plan: Plan, { track, factor }: GrowEdit): Plan {
  if (!(factor >= 1 && factor <= MOST_GROWTH)) {
    throw new SayehError('usage', `covers can grow by a factor from 1 to ${MOST_GROWTH}, not ${factor}`);
  }
  if (track !== 'all') return replaceTrack(plan, track, [grown(trackOf(plan, track), factor)]);
  return { ...plan, tracks: plan.tracks.map((each) => grown(each, factor)) };
}

function grown(track: PlanTrack, factor: number): PlanTrack {
  if ((track.grow ?? 1) === factor) return track;
  const { grow: _, ...rest } = track;
  return factor === 1 ? rest : { ...rest, grow: factor };
}
