import type { Detection } from '../detect/detection.ts';
import type { Box } from '../geometry/box.ts';
import { covers, type Mask } from '../redact/mask.ts';

/** A face of which more than this share is open counts as shown: a forehead or a chin alone names nobody. */
export const EXPOSED = 0.25;
/** Points per side of the grid at which a face is asked for. */
const GRID = 16;

/**
 * The share of a face that no cover hides, 0 to 1: of the ellipse that fits into its box (source pixels), as far as
 * it lies in the picture. 0 for a box outside the picture.
 */
export function exposedShare({ x, y, width, height }: Box, mask: Mask): number {
  let inside = 0;
  let open = 0;
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const [u, v] = [(column + 0.5) / GRID, (row + 0.5) / GRID];
      if ((2 * u - 1) ** 2 + (2 * v - 1) ** 2 > 1) continue;
      const [px, py] = [Math.floor(x + u * width), Math.floor(y + v * height)];
      if (px < 0 || py < 0 || px >= mask.width || py >= mask.height) continue;
      inside++;
      if (!covers(mask, px, py)) open++;
    }
  }
  return inside === 0 ? 0 : open / inside;
}

/** What a detector saw in a covered picture that the covers do not hide. What it sees in a cover does not count. */
export function exposedFaces(detections: readonly Detection[], mask: Mask): Detection[] {
  return detections.filter(({ box }) => exposedShare(box, mask) > EXPOSED);
}
