import type { Box } from './box.ts';

/**
 * A similarity transform (uniform scale, rotation, translation) of the plane, in pixels:
 * `x' = a x - b y + tx`, `y' = b x + a y + ty`. Scale is hypot(a, b), rotation atan2(b, a).
 */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

export const IDENTITY: Similarity = { a: 1, b: 0, tx: 0, ty: 0 };

export function apply(t: Similarity, x: number, y: number): { x: number; y: number } {
  return { x: t.a * x - t.b * y + t.tx, y: t.b * x + t.a * y + t.ty };
}

/** The transform that does `first`, then `second`. */
export function compose(first: Similarity, second: Similarity): Similarity {
  return {
    a: second.a * first.a - second.b * first.b,
    b: second.b * first.a + second.a * first.b,
    tx: second.a * first.tx - second.b * first.ty + second.tx,
    ty: second.b * first.tx + second.a * first.ty + second.ty,
  };
}

/** The inverse; throws RangeError for a transform of scale 0, which has none. */
export function invert(t: Similarity): Similarity {
  const n = t.a * t.a + t.b * t.b;
  if (!(n > 0)) throw new RangeError('a similarity transform of scale 0 has no inverse');
  const a = t.a / n;
  const b = -t.b / n;
  return { a, b, tx: -(a * t.tx - b * t.ty), ty: -(b * t.tx + a * t.ty) };
}

export function scaleOf(t: Similarity): number {
  return Math.hypot(t.a, t.b);
}

/** Moves and scales a box by the transform; rotation moves its centre but does not tilt it. */
export function applyToBox(t: Similarity, box: Box): Box {
  const scale = scaleOf(t);
  const c = apply(t, box.x + box.width / 2, box.y + box.height / 2);
  const width = box.width * scale;
  const height = box.height * scale;
  return { x: c.x - width / 2, y: c.y - height / 2, width, height };
}
