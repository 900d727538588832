import { assertNever } from '../../errors.ts';
import { centre } from '../../geometry/box.ts';
import type { FaceRegion } from '../region.ts';
import type { Superellipse } from './superellipse.ts';

/** Added on every side, in pixels: compression smears a face's edge into the pixels beside it. */
const PADDING = 2;
/** No mask is narrower or lower than this, in pixels: the box of a tiny face is off by a large part of itself. */
const SMALLEST = 20;

/**
 * The outline that covers a face, in picture pixels. Its proportions are those that hid hair, ears and chins
 * on photographs of crowds: 1.5 times the face's width and 1.56 times its height, most of the extra height
 * above the brow. Between ellipse and rectangle, it holds the whole face box, corners included.
 */
export function faceOutline(region: FaceRegion): Superellipse {
  const { width, height } = region.box;
  const { x, y } = centre(region.box);
  const margin = PADDING + (region.grow ?? 0);
  const radius = (size: number) => Math.max(size / 2 + margin, SMALLEST / 2);
  switch (region.cover) {
    case 'head':
      return { cx: x, cy: y - 0.12 * height, rx: radius(1.5 * width), ry: radius(1.56 * height), n: 3 };
    case 'face':
      return { cx: x, cy: y, rx: radius(1.15 * width), ry: radius(1.15 * height), n: 2.5 };
    default:
      return assertNever(region.cover, 'cover');
  }
}
