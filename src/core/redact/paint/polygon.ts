import { CELL, type CellGrid, coverSpan, touched } from '../cell-grid.ts';

type Point = { readonly x: number; readonly y: number };

/**
 * Covers every cell that the polygon touches. Cells that an edge runs through are covered first. All others lie
 * wholly inside or wholly outside, so that a line through the centres of their row tells which; the inside is
 * where the winding number is not 0, so that a shape that crosses itself has no holes.
 */
export function paintPolygon(grid: CellGrid, corners: readonly Point[]): void {
  const crossings: { x: number; turn: 1 | -1 }[][] = Array.from({ length: grid.rows }, () => []);
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length];
    coverEdge(grid, a, b);
    collectCrossings(crossings, a, b);
  });
  crossings.forEach((line, row) => {
    line.sort((p, q) => p.x - q.x);
    let winding = 0;
    line.forEach(({ x, turn }, i) => {
      winding += turn;
      if (winding !== 0) coverSpan(grid, row, x, line[i + 1].x);
    });
  });
}

function coverEdge(grid: CellGrid, a: Point, b: Point): void {
  const [top, bottom] = a.y <= b.y ? [a, b] : [b, a];
  const { first, end } = touched(top.y, bottom.y, grid.rows);
  for (let row = first; row < end; row++) {
    const enters = xAt(top, bottom, Math.max(top.y, row * CELL));
    const leaves = xAt(top, bottom, Math.min(bottom.y, (row + 1) * CELL));
    if (top.y === bottom.y) coverSpan(grid, row, Math.min(a.x, b.x), Math.max(a.x, b.x));
    else coverSpan(grid, row, Math.min(enters, leaves), Math.max(enters, leaves));
  }
}

/** Where the edge crosses each row's centre line; half open, so that a corner on the line counts once. */
function collectCrossings(crossings: { x: number; turn: 1 | -1 }[][], a: Point, b: Point): void {
  const [top, bottom] = a.y <= b.y ? [a, b] : [b, a];
  const { first, end } = touched(top.y, bottom.y, crossings.length);
  for (let row = first; row < end; row++) {
    const y = (row + 0.5) * CELL;
    if (top.y <= y && y < bottom.y) crossings[row].push({ x: xAt(top, bottom, y), turn: a.y < b.y ? 1 : -1 });
  }
}

function xAt(top: Point, bottom: Point, y: number): number {
  return bottom.y === top.y ? top.x : top.x + ((y - top.y) / (bottom.y - top.y)) * (bottom.x - top.x);
}
