import { SayehError } from '../../errors.ts';
import type { Plan, PlanShape } from '../../plan/plan.ts';
import type { Path } from '../bend.ts';
import { drawnBox, shapeOf } from '../drawn-shape.ts';
import type { DrawEdit, EditBox } from '../edit.ts';
import { withKeyframe } from '../keyed-path.ts';
import { addTrack, checkFrame, freshIds } from '../plan-tracks.ts';
import { shotOf } from '../shot-of.ts';

/** Adds a track for a drawn region; it has the highest number of all. */
export function applyDraw(plan: Plan, edit: DrawEdit): Plan {
  const { frame, keyframes = [] } = edit;
  checkFrame(plan, frame);
  for (const key of keyframes) checkFrame(plan, key.frame, 'keyframe');
  const { box, shape } = shapeOf(edit.region, plan.film);
  const shot = shotOf(plan, frame);
  const from = Math.max(0, edit.from ?? Math.min(shot.from, ...keyframes.map((key) => key.frame)));
  const to = Math.min(
    plan.film.frames,
    edit.to ?? Math.max(shot.to, ...keyframes.map((key) => key.frame + 1)),
  );
  if (!(from <= frame && frame < to)) {
    throw new SayehError('usage', `a region drawn in frame ${frame} cannot last from ${from} to ${to}`);
  }
  let path = { from, boxes: new Array<EditBox>(to - from).fill(box), keys: [frame] };
  for (const key of keyframes) path = withKeyframe(path, key.frame, drawnBox(key.box, plan.film));
  return addDrawn(plan, shape, path);
}

/** Adds a covered track of a shape that goes along a path. */
export function addDrawn(
  plan: Plan,
  shape: PlanShape,
  path: Path & { readonly keys: readonly number[] },
): Plan {
  const boxes = path.boxes.map(([x, y, width, height]): [number, number, number, number] => [
    x,
    y,
    width,
    height,
  ]);
  return addTrack(plan, {
    id: freshIds(plan)(),
    from: path.from,
    boxes,
    decision: 'cover',
    standing: 'drawn',
    score: 0,
    shape,
    keys: [...path.keys],
  });
}
