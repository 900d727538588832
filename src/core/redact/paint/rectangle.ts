import type { Box } from '../../geometry/box.ts';
import { type CellRuns, endTouched, firstTouched } from '../cell-runs.ts';

/** Covers every cell that the rectangle touches. */
export function paintRectangle(cells: CellRuns, { x, y, width, height }: Box): void {
  const end = Math.min(cells.rows, endTouched(y, y + height));
  for (let row = firstTouched(y); row < end; row++) cells.cover(row, x, x + width);
}
