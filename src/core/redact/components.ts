import type { CellGrid } from './cell-grid.ts';

/**
 * A stretch of covered cells that touch one another, be it by a corner. No cell of another component adjoins
 * it, so that what surrounds a component is always open picture or the picture's edge.
 */
export interface Component {
  /** The smallest rectangle of cells that holds it: columns [left, right), rows [top, bottom). */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Its cells as horizontal runs, three numbers each: row, first column, column after the last. */
  readonly runs: Int32Array;
}

/** The connected components of a grid, in the order of their first cell. */
export function components({ cells, columns, rows }: CellGrid): Component[] {
  const runs: number[] = []; // row, first, end; row, first, end; ...
  const parent: number[] = []; // a union-find forest over runs
  const root = (run: number) => {
    let r = run;
    while (parent[r] !== r) r = parent[r] = parent[parent[r]];
    return r;
  };

  let above = 0; // the first run of the row above that may still reach this one
  for (let at = cells.indexOf(1); at !== -1 && at < columns * rows; ) {
    const row = Math.floor(at / columns);
    const rowEnd = (row + 1) * columns;
    let end = at + 1;
    while (end < rowEnd && cells[end] === 1) end++;

    const run = parent.length;
    const first = at - row * columns;
    const last = end - row * columns;
    runs.push(row, first, last);
    parent.push(run);
    while (above < run && isBefore(runs, above, row, first)) above++;
    for (let other = above; other < run; other++) {
      if (runs[3 * other] !== row - 1 || runs[3 * other + 1] > last) break;
      // The earlier root stays, so that components keep the order of their first cells.
      const a = root(other);
      const b = root(run);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
    at = cells.indexOf(1, end);
  }
  return gather(
    runs,
    parent.map((_, run) => root(run)),
  );
}

/** Whether a run lies wholly before the cells that could touch a run starting at (row, first). */
function isBefore(runs: readonly number[], run: number, row: number, first: number): boolean {
  return runs[3 * run] < row - 1 || (runs[3 * run] === row - 1 && runs[3 * run + 2] < first);
}

function gather(runs: readonly number[], roots: readonly number[]): Component[] {
  const members = new Map<number, number[]>();
  roots.forEach((root, run) => {
    const list = members.get(root) ?? [];
    if (list.length === 0) members.set(root, list);
    list.push(runs[3 * run], runs[3 * run + 1], runs[3 * run + 2]);
  });
  return Array.from(members.values(), (list) => {
    let left = Infinity;
    let right = 0;
    for (let i = 0; i < list.length; i += 3) {
      left = Math.min(left, list[i + 1]);
      right = Math.max(right, list[i + 2]);
    }
    // Runs come row by row, so the first and the last tell the height.
    return { left, right, top: list[0], bottom: list[list.length - 3] + 1, runs: Int32Array.from(list) };
  });
}
