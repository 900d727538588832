import { SayehError } from '../errors.ts';
import type { Plan, PlanTrack } from '../plan/plan.ts';
import { drawnBox, shapeOf } from './drawn-shape.ts';
import type { DrawnRegion, EditBox } from './edit.ts';
import { addDrawn } from './edits/draw.ts';
import { checkFrame, endOf, replaceTrack, trackOf } from './plan-tracks.ts';

/** What is to be followed: a region as drawn in a frame, or a drawn track anew from where it is there. */
export type ToFollow = { readonly region: DrawnRegion } | { readonly track: number };

/** The box of what is to be followed, in `frame`. Throws SayehError('usage') where there is nothing to follow. */
export function boxToFollow(plan: Plan, frame: number, what: ToFollow): EditBox {
  checkFrame(plan, frame);
  if ('region' in what) return shapeOf(what.region, plan.film).box;
  const track = trackOf(plan, what.track);
  if (track.standing !== 'drawn') throw new SayehError('usage', `track ${track.id} was found, not drawn`);
  if (frame < track.from || frame >= endOf(track)) {
    throw new SayehError('usage', `track ${track.id} is not in frame ${frame}`);
  }
  return drawnBox(track.boxes[frame - track.from], plan.film);
}

/**
 * The plan with a track along a followed path, and that track's number. A track that was there already takes the
 * path where it leads and stays as it was elsewhere; what a person set in `frame` stays a key.
 */
export function withFollowed(
  plan: Plan,
  frame: number,
  what: ToFollow,
  path: { readonly from: number; readonly boxes: readonly EditBox[] },
): { plan: Plan; track: number } {
  if ('region' in what) {
    const next = addDrawn(plan, shapeOf(what.region, plan.film).shape, { ...path, keys: [frame] });
    return { plan: next, track: next.tracks[next.tracks.length - 1].id };
  }
  const track = trackOf(plan, what.track);
  const to = path.from + path.boxes.length;
  const boxes = [
    ...track.boxes.slice(0, Math.max(0, path.from - track.from)),
    ...path.boxes,
    ...track.boxes.slice(Math.max(0, to - track.from)),
  ] as PlanTrack['boxes'];
  const keys = [...(track.keys ?? []).filter((key) => key < path.from || key >= to), frame];
  const from = Math.min(track.from, path.from);
  const changed = { ...track, from, boxes, keys: keys.sort((a, b) => a - b) };
  return { plan: replaceTrack(plan, track.id, [changed]), track: track.id };
}
