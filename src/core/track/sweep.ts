import { type Similarity, scaleOf } from '../geometry/similarity.ts';

/**
 * How fast the camera turns or zooms, in lengths of the picture's longer side per second: how far the middle
 * travels, and the corners on top of that.
 */
export function sweep(
  { a, b, tx, ty }: Similarity,
  { width, height, fps }: { readonly width: number; readonly height: number; readonly fps: number },
): number {
  const x = width / 2;
  const y = height / 2;
  const travel = Math.hypot(a * x - b * y + tx - x, b * x + a * y + ty - y);
  const growth = Math.abs(scaleOf({ a, b, tx, ty }) - 1) * Math.hypot(x, y);
  return ((travel + growth) * fps) / Math.max(width, height);
}
