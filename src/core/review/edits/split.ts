import { SayehError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SplitEdit } from '../edit.ts';
import { endOf, freshIds, partOf, replaceTrack, trackOf } from '../plan-tracks.ts';

/** Cuts a track in two; the first part keeps its number. */
export function applySplit(plan: Plan, { track: id, frame }: SplitEdit): Plan {
  const track = trackOf(plan, id);
  if (!(frame > track.from && frame < endOf(track))) {
    throw new SayehError('usage', `track ${id} cannot be cut at frame ${frame}, which is not inside it`);
  }
  return replaceTrack(plan, id, [
    partOf(track, track.from, frame, id),
    partOf(track, frame, endOf(track), freshIds(plan)()),
  ]);
}
