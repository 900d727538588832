import { type Box, centre } from '../../geometry/box.ts';
import { CELL, type CellRuns, endTouched, firstTouched } from '../cell-runs.ts';

/**
 * The points where |(x - cx) / rx|^n + |(y - cy) / ry|^n <= 1, in picture pixels: an ellipse for n = 2, and the
 * nearer to its bounding box the larger n (Lamé's curve).
 */
export interface Superellipse {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  readonly n: number;
}

/** Half a pixel: an ellipse without a width or height is still a line to cover. */
const THINNEST = 0.5;

/** The ellipse that touches the four sides of a box. */
export function ellipseIn(box: Box): Superellipse {
  const { x, y } = centre(box);
  const radius = (size: number) => Math.max(size / 2, THINNEST);
  return { cx: x, cy: y, rx: radius(box.width), ry: radius(box.height), n: 2 };
}

/** Covers every cell that the shape touches. */
export function paintSuperellipse(cells: CellRuns, { cx, cy, rx, ry, n }: Superellipse): void {
  const end = Math.min(cells.rows, endTouched(cy - ry, cy + ry));
  for (let row = firstTouched(cy - ry); row < end; row++) {
    // The shape is widest where the row comes nearest to its centre.
    const nearest = Math.min(Math.max(cy, row * CELL), (row + 1) * CELL);
    const rise = Math.min(1, Math.abs(nearest - cy) / ry);
    // Head masks have n = 3, a crowd has thousands of rows of them, and powers are slow.
    const reach = rx * (n === 3 ? Math.cbrt(1 - rise * rise * rise) : (1 - rise ** n) ** (1 / n));
    cells.cover(row, cx - reach, cx + reach);
  }
}
