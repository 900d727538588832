import { CELL, type CellRuns, endTouched, firstTouched } from '../cell-runs.ts';

type Point = { readonly x: number; readonly y: number };

/**
 * Covers every cell that the polygon touches. Cells that an edge runs through are covered first. All others lie
 * wholly inside or wholly outside, so that a line through the centres of their row tells which; the inside is
 * where the winding number is not 0, so that a shape that crosses itself has no holes.
 */
export function paintPolygon(cells: CellRuns, corners: readonly Point[]): void {
  const crossings: { x: number; turn: 1 | -1 }[][] = Array.from({ length: cells.rows }, () => []);
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length];
    coverEdge(cells, a, b);
    collectCrossings(crossings, a, b);
  });
  crossings.forEach((line, row) => {
    line.sort((p, q) => p.x - q.x);
    let winding = 0;
    line.forEach(({ x, turn }, i) => {
      winding += turn;
      if (winding !== 0) cells.cover(row, x, line[i + 1].x);
    });
  });
}

function coverEdge(cells: CellRuns, a: Point, b: Point): void {
  const [top, bottom] = a.y <= b.y ? [a, b] : [b, a];
  const end = Math.min(cells.rows, endTouched(top.y, bottom.y));
  for (let row = firstTouched(top.y); row < end; row++) {
    const enters = xAt(top, bottom, Math.max(top.y, row * CELL));
    const leaves = xAt(top, bottom, Math.min(bottom.y, (row + 1) * CELL));
    if (top.y === bottom.y) cells.cover(row, Math.min(a.x, b.x), Math.max(a.x, b.x));
    else cells.cover(row, Math.min(enters, leaves), Math.max(enters, leaves));
  }
}

/** Where the edge crosses each row's centre line; half open, so that a corner on the line counts once. */
function collectCrossings(crossings: { x: number; turn: 1 | -1 }[][], a: Point, b: Point): void {
  const [top, bottom] = a.y <= b.y ? [a, b] : [b, a];
  const end = Math.min(crossings.length, endTouched(top.y, bottom.y));
  for (let row = firstTouched(top.y); row < end; row++) {
    const y = (row + 0.5) * CELL;
    if (top.y <= y && y < bottom.y) crossings[row].push({ x: xAt(top, bottom, y), turn: a.y < b.y ? 1 : -1 });
  }
}

function xAt(top: Point, bottom: Point, y: number): number {
  return bottom.y === top.y ? top.x : top.x + ((y - top.y) / (bottom.y - top.y)) * (bottom.x - top.x);
}
