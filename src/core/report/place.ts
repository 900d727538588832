import type { Box } from '../geometry/box.ts';

/** Where in the picture something is, as a person would point at it. Left and right as one sees them. */
export const PLACES = [
  'top-left',
  'top',
  'top-right',
  'left',
  'centre',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const;
export type Place = (typeof PLACES)[number];

/** The third of the picture, across and down, that holds the middle of `box`. All in source pixels. */
export function placeOf(box: Box, picture: { readonly width: number; readonly height: number }): Place {
  const third = (middle: number, size: number) => Math.min(2, Math.max(0, Math.floor((3 * middle) / size)));
  const column = third(box.x + box.width / 2, picture.width);
  const row = third(box.y + box.height / 2, picture.height);
  return PLACES[row * 3 + column];
}
