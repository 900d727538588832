import type { Box } from '../../geometry/box.ts';

/** The short side that a region should have, in pixels: enough to tell it, not more to look at than needed. */
const WORKING_SIDE = 40;
/** The long side of the picture is kept at least this long, or as it is. */
const SHORTEST = 320;

/** The size of gray picture in which to follow a region of a film, in which 1 is `scale` source pixels. */
export function workingSize(
  width: number,
  height: number,
  box: Box,
): { width: number; height: number; scale: number } {
  const side = Math.max(1, Math.min(box.width, box.height));
  const shrink = Math.min(1, Math.max(WORKING_SIDE / side, Math.min(1, SHORTEST / Math.max(width, height))));
  const size = (length: number) => Math.max(2, Math.round(length * shrink));
  return { width: size(width), height: size(height), scale: width / size(width) };
}
