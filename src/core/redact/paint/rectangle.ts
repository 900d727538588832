import type { Box } from '../../geometry/box.ts';
import { type CellGrid, coverSpan, touched } from '../cell-grid.ts';

/** Covers every cell that the rectangle touches. */
export function paintRectangle(grid: CellGrid, { x, y, width, height }: Box): void {
  const { first, end } = touched(y, y + height, grid.rows);
  for (let row = first; row < end; row++) coverSpan(grid, row, x, x + width);
}
