import { SayehError } from '../errors.ts';
import type { Plan, PlanTrack } from '../plan/plan.ts';

/** Boxes in all tracks of a plan at most: beyond it a plan could not be kept in memory or written down. */
const MOST_BOXES = 20_000_000;

/** The frame after a track's last. */
export const endOf = (track: PlanTrack): number => track.from + track.boxes.length;

/** The track of that number; throws SayehError('usage') where there is none. */
export function trackOf(plan: Plan, id: number): PlanTrack {
  const track = plan.tracks.find((each) => each.id === id);
  if (!track) throw new SayehError('usage', `there is no track ${id}`);
  return track;
}

/** Throws SayehError('usage') unless the film has such a frame. */
export function checkFrame(plan: Plan, frame: number, what = 'frame'): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < plan.film.frames) return;
  throw new SayehError('usage', `${what} ${frame} is not in the film, which has ${plan.film.frames} frames`);
}

/** Numbers that no track has yet: the next one at each call. */
export function freshIds(plan: Plan): () => number {
  let last = plan.tracks.reduce((most, { id }) => Math.max(most, id), 0);
  return () => ++last;
}

/** The plan with other tracks in the place of one, none to take it out. */
export function replaceTrack(plan: Plan, id: number, by: readonly PlanTrack[]): Plan {
  return { ...plan, tracks: plan.tracks.flatMap((track) => (track.id === id ? by : track)) };
}

/** The plan with one track more; throws SayehError('usage') where it would grow beyond all measure. */
export function addTrack(plan: Plan, track: PlanTrack): Plan {
  const boxes = plan.tracks.reduce((sum, each) => sum + each.boxes.length, track.boxes.length);
  if (boxes > MOST_BOXES) throw new SayehError('usage', 'there are too many tracks in this plan already');
  return { ...plan, tracks: [...plan.tracks, track] };
}

/** The part of a track from frame `from` up to, not including, `to`, which must hold a frame of it. */
export function partOf(track: PlanTrack, from: number, to: number, id: number): PlanTrack {
  const begin = Math.max(from, track.from);
  const boxes = track.boxes.slice(begin - track.from, to - track.from);
  const { keys, ...rest } = track;
  const kept = keys?.filter((key) => key >= begin && key < begin + boxes.length);
  return { ...rest, id, from: begin, boxes, ...(kept && { keys: kept }) };
}
