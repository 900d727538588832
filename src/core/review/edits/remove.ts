import { SayehError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { RemoveEdit } from '../edit.ts';
import { replaceTrack, trackOf } from '../plan-tracks.ts';

/** Takes out a drawn track. */
export function applyRemove(plan: Plan, { track: id }: RemoveEdit): Plan {
  const track = trackOf(plan, id);
  if (track.standing !== 'drawn') {
    throw new SayehError('usage', `track ${id} was found, not drawn; it can be kept visible, not taken out`);
  }
  return replaceTrack(plan, id, []);
}
