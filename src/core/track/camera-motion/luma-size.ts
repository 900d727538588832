import { SayehError } from '../../errors.ts';

/** The long side of the small picture, in pixels. */
const LONG_SIDE = 320;
/** Below this the coarsest pictures of the pyramid would have nothing left to compare. */
const SHORTEST_SIDE = 96;

/**
 * The size of the small gray picture that the estimator wants for a film whose upright frames are `width` by
 * `height` source pixels: 320 on the long side, the shape kept. Ribbons (beyond 10:3) are stretched to stay at
 * least 96 high; the estimator allows for a different scale in x and in y.
 */
export function lumaSize(width: number, height: number): { width: number; height: number } {
  if (!(width > 0 && height > 0)) {
    throw new SayehError('usage', `a picture of ${width}x${height} has no size; give source pixels above 0`);
  }
  const scale = LONG_SIDE / Math.max(width, height);
  const side = (length: number) => Math.max(SHORTEST_SIDE, Math.round((length * scale) / 2) * 2);
  return { width: side(width), height: side(height) };
}
