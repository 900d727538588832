import type { SmallPicture } from './small-picture.ts';

/** How much two pictures of one size differ in luma on average, 0 to 255. */
export function meanDifference(a: SmallPicture, b: SmallPicture): number {
  let sum = 0;
  for (let i = 0; i < a.luma.length; i++) sum += Math.abs(a.luma[i] - b.luma[i]);
  return sum / a.luma.length;
}
