/**
 * A picture divided into cells of 2x2 pixels, aligned to even coordinates; those at the right and bottom edge
 * of an odd picture are cut. A cell is covered whole or not at all. That is what subsampled chroma needs: the
 * one chroma sample of a cell is shared by its four pixels, so a half-covered cell would publish a mixture of
 * the inside and the outside.
 */
export interface CellGrid {
  /** ceil(picture width / 2). */
  readonly columns: number;
  /** ceil(picture height / 2). */
  readonly rows: number;
  /** Row by row; 1 where covered, 0 elsewhere. */
  readonly cells: Uint8Array;
}

/** The side of a cell in pixels. */
export const CELL = 2;

export function emptyGrid(width: number, height: number): CellGrid {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  return { columns, rows, cells: new Uint8Array(columns * rows) };
}

/**
 * The cells that a stretch of pixels from `from` to `to` (fractional, `from <= to`) touches on one axis, as a
 * half-open range cut to the grid's `count` cells. A stretch of no length still takes the cell it lies in.
 */
export function touched(from: number, to: number, count: number): { first: number; end: number } {
  const first = Math.floor(from / CELL);
  const end = Math.max(Math.ceil(to / CELL), first + 1);
  return { first: Math.max(0, first), end: Math.min(count, end) };
}

/** Covers every cell of one row of cells that the pixels from `from` to `to` touch. */
export function coverSpan(grid: CellGrid, row: number, from: number, to: number): void {
  const { first, end } = touched(from, to, grid.columns);
  if (first < end) grid.cells.fill(1, row * grid.columns + first, row * grid.columns + end);
}
