import type { Plan, PlanTrack } from '../../../core/plan/plan.ts';
import type { Changed } from '../../api.ts';
import { lastsThrough } from './track-state.ts';

/** The plan after what the server says has changed. Tracks that did not change stay the same objects. */
export function applyChanged(plan: Plan, { tracks, removed, risks }: Changed): Plan {
  const changed = new Map(tracks.map((track) => [track.id, track]));
  const gone = new Set(removed);
  const kept = plan.tracks.filter(({ id }) => !gone.has(id)).map((track) => changed.get(track.id) ?? track);
  const known = new Set(plan.tracks.map(({ id }) => id));
  const added = tracks.filter(({ id }) => !known.has(id) && !gone.has(id));
  return { ...plan, tracks: [...kept, ...added], risks: risks ? [...risks] : plan.risks };
}

/**
 * What is chosen after a change: a track that was cut hands over to the part that lies in `frame`, so that the next
 * key acts on what the eye is on.
 */
export function chosenAfter(
  chosen: readonly number[],
  before: Plan,
  after: Plan,
  changed: Changed,
  frame: number,
): number[] {
  const byId = new Map(after.tracks.map((track) => [track.id, track]));
  const result = chosen.flatMap((id) => {
    const now = byId.get(id);
    const was = before.tracks.find((track) => track.id === id);
    if (now && (lastsThrough(now, frame) || !was || !lastsThrough(was, frame))) return [id];
    const part = changed.tracks.find((track) => was && isPartOf(track, was, frame));
    return part ? [part.id] : now ? [id] : [];
  });
  return [...new Set(result)];
}

function isPartOf(part: PlanTrack, whole: PlanTrack, frame: number): boolean {
  if (!lastsThrough(part, frame) || !lastsThrough(whole, frame)) return false;
  const [a, b] = [part.boxes[frame - part.from], whole.boxes[frame - whole.from]];
  return a.every((value, i) => value === b[i]);
}
