import { SayehError } from '../errors.ts';
import { type Box, intersectionArea } from '../geometry/box.ts';
import { boxOf, tupleOf } from '../plan/box-tuple.ts';
import { MOST_CORNERS } from '../plan/limits.ts';
import type { Plan, PlanShape } from '../plan/plan.ts';
import type { DrawnRegion, EditBox } from './edit.ts';

/** As fine as a plan needs a corner: a thousandth of a pixel in a picture a thousand wide. */
const SHARES = 1e6;

/**
 * A drawn region as a track holds it: a box, rounded outwards to tenths of a pixel, and a shape in it. Throws
 * SayehError('usage') for what has no size, or touches the film's picture nowhere.
 */
export function shapeOf(region: DrawnRegion, film: Plan['film']): { box: EditBox; shape: PlanShape } {
  if ('ellipse' in region) return { box: drawnBox(region.ellipse, film), shape: { kind: 'ellipse' } };
  if ('rectangle' in region) return { box: drawnBox(region.rectangle, film), shape: { kind: 'rectangle' } };
  const corners = region.polygon;
  if (corners.length < 3 || corners.length > MOST_CORNERS) {
    throw new SayehError('usage', `a polygon has 3 to ${MOST_CORNERS} corners, not ${corners.length}`);
  }
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = drawnBox([left, top, Math.max(...xs) - left, Math.max(...ys) - top], film);
  const share = (value: number, from: number, size: number) =>
    Math.min(1, Math.max(0, Math.round(((value - from) / size) * SHARES) / SHARES));
  const points = corners.map(([x, y]): [number, number] => [
    share(x, box[0], box[2]),
    share(y, box[1], box[3]),
  ]);
  return { box, shape: { kind: 'polygon', points } };
}

/** A box that a person drew, rounded outwards. Throws SayehError('usage') where it cannot cover anything. */
export function drawnBox(tuple: EditBox, film: Plan['film']): EditBox {
  const box = boxOf(tuple);
  const sound = tuple.every((value) => Number.isFinite(value) && Math.abs(value) <= 1e6);
  if (!sound || !(box.width > 0 && box.height > 0)) {
    throw new SayehError(
      'usage',
      `a region of ${box.width} x ${box.height} at ${box.x}, ${box.y} has no size`,
    );
  }
  if (!touches(box, film)) {
    throw new SayehError('usage', `a region at ${box.x}, ${box.y} lies outside the picture`);
  }
  return tupleOf(box);
}

const touches = (box: Box, { width, height }: Plan['film']) =>
  intersectionArea(box, { x: 0, y: 0, width, height }) > 0;
