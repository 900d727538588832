import { frameRateOf } from '../../plan/frame-rate.ts';
import type { Plan, PlanTrack } from '../../plan/plan.ts';
import { drawnBox } from '../drawn-shape.ts';
import type { KeyframeEdit } from '../edit.ts';
import { withKeyframe } from '../keyed-path.ts';
import { checkFrame, replaceTrack, trackOf } from '../plan-tracks.ts';

/** Puts a track's box in its place in one frame, and what is near after it. */
export function applyKeyframe(plan: Plan, edit: KeyframeEdit): Plan {
  const track = trackOf(plan, edit.track);
  checkFrame(plan, edit.frame);
  const box = drawnBox(edit.box, plan.film);
  const path = { from: track.from, boxes: track.boxes, keys: track.keys ?? [] };
  const { from, boxes, keys } = withKeyframe(path, edit.frame, box, reachOf(track, plan));
  const changed = { ...track, from, boxes: boxes as PlanTrack['boxes'], keys };
  return replaceTrack(plan, track.id, [changed]);
}

/** A found face was seen where it is in most frames, so a correction says little about those half a second off. */
function reachOf({ standing }: PlanTrack, { film }: Plan): number {
  if (standing === 'drawn') return Number.POSITIVE_INFINITY;
  return film.kind === 'photo' ? 0 : Math.round(frameRateOf(film) / 2);
}
