import { SayehError } from '../errors.ts';
import { CELL, type CellGrid, emptyGrid } from './cell-grid.ts';
import { type Component, components } from './components.ts';
import { faceOutline } from './paint/face.ts';
import { paintPolygon } from './paint/polygon.ts';
import { paintRectangle } from './paint/rectangle.ts';
import { paintSuperellipse } from './paint/superellipse.ts';
import { checkRegion, type Region } from './region.ts';

/** Which pixels of a picture are covered, in whole cells of 2x2 pixels. */
export interface Mask extends CellGrid {
  /** The picture's size in pixels. */
  readonly width: number;
  readonly height: number;
  /** The covered cells, as groups that do not touch one another. */
  readonly components: readonly Component[];
}

/**
 * The mask that covers all regions in a picture of `width` x `height` pixels: every cell that any of them
 * touches. Regions may reach outside the picture. Throws SayehError('usage') for a region that makes no sense,
 * rather than leave it out.
 */
export function rasterise(regions: readonly Region[], width: number, height: number): Mask {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new SayehError('internal', `not the size of a picture: ${width}x${height}`);
  }
  const grid = emptyGrid(width, height);
  for (const region of regions) {
    checkRegion(region);
    if ('polygon' in region) paintPolygon(grid, region.polygon);
    else if ('rectangle' in region) paintRectangle(grid, region.rectangle);
    else paintSuperellipse(grid, faceOutline(region));
  }
  return { ...grid, width, height, components: components(grid) };
}

/** Whether the mask covers the pixel at whole coordinates (x, y), which must lie in the picture. */
export function covers(mask: Mask, x: number, y: number): boolean {
  return mask.cells[Math.floor(y / CELL) * mask.columns + Math.floor(x / CELL)] === 1;
}

/** The share of the picture's cells that is covered, 0 to 1. */
export function coverage(mask: Mask): number {
  let covered = 0;
  for (const { runs } of mask.components) {
    for (let i = 0; i < runs.length; i += 3) covered += runs[i + 2] - runs[i + 1];
  }
  return covered / mask.cells.length;
}
