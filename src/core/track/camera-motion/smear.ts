import type { Frame } from './frame.ts';

/** Two unlike scenes differ in sharpness, but hardly ever by this much in one direction ... */
const LOST = 0.12;
/** ... and so much less across it. (None of 506 pairs of street photographs; every smear of 100 pixels or more.) */
const ONE_WAY = 0.4;

/**
 * Whether `current` could be `reference` smeared by a jolt or a whip pan: nearly all of its detail is gone in one
 * direction, and much less across it. Compares the mean structure tensors of the two pictures by the generalised
 * eigenvalues of one in terms of the other.
 */
export function isSmeared(reference: Frame, current: Frame): boolean {
  const r = meanTensor(reference);
  const c = meanTensor(current);
  const determinant = r.xx * r.yy - r.xy * r.xy;
  if (!(determinant > 0)) return false;
  const halfTrace = (r.yy * c.xx - 2 * r.xy * c.xy + r.xx * c.yy) / (2 * determinant);
  const product = (c.xx * c.yy - c.xy * c.xy) / determinant;
  const spread = Math.sqrt(Math.max(0, halfTrace * halfTrace - product));
  const least = halfTrace - spread;
  return least < LOST && least < ONE_WAY * (halfTrace + spread);
}

function meanTensor(frame: Frame): { xx: number; xy: number; yy: number } {
  const { hxx, hxy, hyy, count } = frame.patches[1];
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < count; i++) {
    xx += hxx[i];
    xy += hxy[i];
    yy += hyy[i];
  }
  return { xx: xx / count, xy: xy / count, yy: yy / count };
}
