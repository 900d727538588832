import type { Box } from '../geometry/box.ts';
import { CELL } from './cell-sums.ts';
import type { ChangeMask } from './change-mask.ts';

/** Changed cells that hang together. */
export interface ChangedRegion {
  /** Around all of its cells, in source pixels, inside the picture. */
  readonly box: Box;
  readonly cells: number;
}

/**
 * The mask's changed cells, put together where they touch, corners included; ordered by their first cell, row by
 * row. `width` and `height` are the picture's, in pixels.
 */
export function regionsOf(mask: ChangeMask, width: number, height: number): ChangedRegion[] {
  const { columns, rows, changed } = mask;
  const seen = new Uint8Array(changed.length);
  const regions: ChangedRegion[] = [];
  const open: number[] = [];
  for (let first = 0; first < changed.length; first++) {
    if (!changed[first] || seen[first]) continue;
    seen[first] = 1;
    open.push(first);
    let cells = 0;
    let [left, right, top, bottom] = [columns, 0, rows, 0];
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      cells++;
      const row = Math.floor(cell / columns);
      const column = cell % columns;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const next = y * columns + x;
          if (!changed[next] || seen[next]) continue;
          seen[next] = 1;
          open.push(next);
        }
    }
    const [x, y] = [left * CELL, top * CELL];
    const box = {
      x,
      y,
      width: Math.min(right * CELL, width) - x,
      height: Math.min(bottom * CELL, height) - y,
    };
    regions.push({ box, cells });
  }
  return regions;
}
