import { Patches } from './patches.ts';
import { Pyramid } from './pyramid.ts';

/** Half the side of a patch on each level, finest first: the coarser, the more of the picture a patch covers. */
const HALF = [6, 5, 4];
/** Levels on which patches are tracked; the global search uses the next coarser one. */
export const TRACKED = HALF.length;

/** The grid's shape for a picture: cells of about 23 pixels, 14 by 8 for 16:9. */
export function gridSize(width: number, height: number): { columns: number; rows: number } {
  return { columns: Math.max(4, Math.round(width / 23)), rows: Math.max(4, Math.round(height / 23)) };
}

/** Everything that is kept of one frame. Memory is taken once; `fill` overwrites it. */
export class Frame {
  readonly pyramid: Pyramid;
  /** The grid of patches on each tracked level, finest first. */
  readonly patches: readonly Patches[];

  constructor(width: number, height: number) {
    const { columns, rows } = gridSize(width, height);
    this.pyramid = new Pyramid(width, height, TRACKED + 1);
    this.patches = HALF.map((half, i) => {
      const level = this.pyramid.levels[i];
      return new Patches(level.width, level.height, columns, rows, half);
    });
  }

  fill(luma: Uint8Array): void {
    this.pyramid.fill(luma);
    for (let i = 0; i < TRACKED; i++) this.patches[i].take(this.pyramid.levels[i]);
  }

  /** Share of the patches with something to see in them, on a coarse level where noise counts little. */
  texturedShare(): number {
    const { textured, count } = this.patches[TRACKED - 1];
    let n = 0;
    for (let i = 0; i < count; i++) n += textured[i];
    return n / count;
  }
}
