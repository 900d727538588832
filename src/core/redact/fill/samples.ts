import type { PictureChannel } from '../picture.ts';
import type { Patch } from './membrane.ts';

/**
 * Reads a channel cell by cell: into `cells`, for each cell of the patch, the mean of its samples where `unknown`
 * is 0, and 0 elsewhere. No sample of an unknown cell is read.
 */
export function gatherCells(
  channel: PictureChannel,
  patch: Patch,
  unknown: Uint8Array,
  cells: Float32Array,
): void {
  const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
  for (let row = 0; row < patch.rows; row++) {
    const y = (patch.top + row) << (1 - shiftY);
    const upper = offset + y * stride;
    const lower = shiftY === 0 && y + 1 < height ? upper + stride : upper;
    const to = row * patch.columns;
    cells.fill(0, to, to + patch.columns);
    for (let column = 0; column < patch.columns; column++) {
      if (unknown[to + column] === 1) continue;
      const x = (patch.left + column) << (1 - shiftX);
      const left = x * step;
      // A cell with fewer than four samples counts some of them twice: the mean is the same.
      const right = shiftX === 0 && x + 1 < width ? left + step : left;
      cells[to + column] =
        0.25 * (data[upper + left] + data[upper + right] + data[lower + left] + data[lower + right]);
    }
  }
}
