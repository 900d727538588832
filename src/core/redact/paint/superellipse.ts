import { CELL, type CellGrid, coverSpan, touched } from '../cell-grid.ts';

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

/** Covers every cell that the shape touches. */
export function paintSuperellipse(grid: CellGrid, { cx, cy, rx, ry, n }: Superellipse): void {
  const { first, end } = touched(cy - ry, cy + ry, grid.rows);
  for (let row = first; row < end; row++) {
    // The shape is widest where the row comes nearest to its centre.
    const nearest = Math.min(Math.max(cy, row * CELL), (row + 1) * CELL);
    const rise = Math.min(1, Math.abs(nearest - cy) / ry);
    const reach = rx * (1 - rise ** n) ** (1 / n);
    coverSpan(grid, row, cx - reach, cx + reach);
  }
}
