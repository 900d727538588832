import type { Detection } from './detection.ts';
import { nonMaximumSuppression } from './nms.ts';

/** One of the network's three levels. Values are laid out channel by channel, each row by row. */
export interface YuNetLevel {
  /** Input pixels per cell: 8, 16 or 32. */
  readonly stride: 8 | 16 | 32;
  readonly columns: number;
  readonly rows: number;
  /** Geometric mean of the probabilities "this is a face" and "something is here"; rows x columns. */
  readonly score: Float32Array;
  /** 4 channels: centre's offset from the cell's top left corner, x then y; logarithm of width, then height; in cells. */
  readonly box: Float32Array;
}

/** What the authors suppress at. */
const OVERLAP = 0.45;

/**
 * Reads YuNet's outputs (Wu, Peng and Yu 2023, "YuNet: A Tiny Millisecond-level Face Detector"): every cell of every
 * level whose score exceeds `threshold` is a face; overlapping ones are merged by NMS. Boxes come back in the
 * network's input pixels and may reach past the picture's edges.
 */
export function decodeYuNet(levels: readonly YuNetLevel[], threshold: number): Detection[] {
  const found: Detection[] = [];
  for (const level of levels) decodeLevel(level, threshold, found);
  return nonMaximumSuppression(found, OVERLAP);
}

function decodeLevel(
  { stride, columns, rows, score, box }: YuNetLevel,
  threshold: number,
  found: Detection[],
): void {
  const cells = columns * rows;
  for (let cell = 0; cell < cells; cell++) {
    const confidence = score[cell];
    if (!(confidence > threshold)) continue;
    const centreX = ((cell % columns) + box[cell]) * stride;
    const centreY = (Math.floor(cell / columns) + box[cells + cell]) * stride;
    const width = Math.exp(box[2 * cells + cell]) * stride;
    const height = Math.exp(box[3 * cells + cell]) * stride;
    found.push({
      box: { x: centreX - width / 2, y: centreY - height / 2, width, height },
      score: confidence,
    });
  }
}
