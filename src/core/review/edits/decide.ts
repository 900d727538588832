import { SayehError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { DecideEdit } from '../edit.ts';
import { endOf, freshIds, partOf, replaceTrack, trackOf } from '../plan-tracks.ts';

/** Covers or keeps a track or a span of it; the first part keeps the track's number. */
export function applyDecide(plan: Plan, edit: DecideEdit): Plan {
  const track = trackOf(plan, edit.track);
  const from = Math.max(track.from, edit.from ?? track.from);
  const to = Math.min(endOf(track), edit.to ?? endOf(track));
  if (!(from < to)) {
    throw new SayehError('usage', `track ${track.id} has no frame from ${edit.from} to ${edit.to}`);
  }
  if (track.decision === edit.decision) return plan;
  const fresh = freshIds(plan);
  let first = true;
  const part = (begin: number, end: number) => {
    const id = first ? track.id : fresh();
    first = false;
    return partOf(track, begin, end, id);
  };
  const parts = [
    ...(from > track.from ? [part(track.from, from)] : []),
    { ...part(from, to), decision: edit.decision },
    ...(to < endOf(track) ? [part(to, endOf(track))] : []),
  ];
  return replaceTrack(plan, track.id, parts);
}
