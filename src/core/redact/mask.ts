import { SayehError } from '../errors.ts';
import { CELL, CellRuns } from './cell-runs.ts';
import { faceOutline } from './paint/face.ts';
import { paintPolygon } from './paint/polygon.ts';
import { paintRectangle } from './paint/rectangle.ts';
import { ellipseIn, paintSuperellipse } from './paint/superellipse.ts';
import { checkRegion, type Region } from './region.ts';

/** Which pixels of a picture are covered, in whole cells of 2x2 pixels: see CellRuns. */
export interface Mask {
  /** The picture's size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Its size in cells, rounded up. */
  readonly columns: number;
  readonly rows: number;
  /**
   * The covered cells as horizontal runs, three numbers each: row, first column, column after the last. They
   * come row by row from left to right, with open cells between any two. Only those before `end` count.
   */
  readonly runs: Int32Array;
  /** Three times the number of runs. */
  readonly end: number;
}

/** Makes masks, one after the other, and keeps its work space between them: one for a whole film. */
export class Rasteriser {
  readonly #cells = new CellRuns();

  /**
   * The mask that covers all regions in a picture of `width` x `height` pixels: every cell that any of them
   * touches. Regions may reach outside the picture. Its runs are the rasteriser's own, and good until the next
   * call. Throws SayehError('usage') for a region that makes no sense, rather than leave it out.
   */
  rasterise(regions: readonly Region[], width: number, height: number): Mask {
    if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
      throw new SayehError('internal', `not the size of a picture: ${width}x${height}`);
    }
    const cells = this.#cells;
    cells.begin(width, height);
    for (const region of regions) {
      checkRegion(region);
      if ('polygon' in region) paintPolygon(cells, region.polygon);
      else if ('rectangle' in region) paintRectangle(cells, region.rectangle);
      else paintSuperellipse(cells, 'ellipse' in region ? ellipseIn(region.ellipse) : faceOutline(region));
    }
    const end = cells.settle();
    return { width, height, columns: cells.columns, rows: cells.rows, runs: cells.runs, end };
  }
}

/** One picture's mask, its arrays its own. See Rasteriser, which is for many. */
export function rasterise(regions: readonly Region[], width: number, height: number): Mask {
  return new Rasteriser().rasterise(regions, width, height);
}

/** Whether the mask covers the pixel at whole coordinates (x, y), which must lie in the picture. */
export function covers({ runs, end }: Mask, x: number, y: number): boolean {
  const row = Math.floor(y / CELL);
  const column = Math.floor(x / CELL);
  // The last run that begins at the cell or before it.
  let [low, high] = [0, end / 3];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = 3 * middle;
    if (runs[at] < row || (runs[at] === row && runs[at + 1] <= column)) low = middle + 1;
    else high = middle;
  }
  const at = 3 * (low - 1);
  return low > 0 && runs[at] === row && column < runs[at + 2];
}

/** The share of the picture's cells that is covered, 0 to 1. */
export function coverage({ runs, end, columns, rows }: Mask): number {
  let covered = 0;
  for (let i = 0; i < end; i += 3) covered += runs[i + 2] - runs[i + 1];
  return covered / (columns * rows);
}
