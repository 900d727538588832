import type { Detection } from './detection.ts';
import { nonMaximumSuppression } from './nms.ts';

/** The network's outputs for one picture, each at a quarter of its width and height (stride 4), row by row. */
export interface CenterFaceOutput {
  /** Cells across and down. */
  readonly columns: number;
  readonly rows: number;
  /** Probability that a face's centre is in the cell; rows x columns. */
  readonly heatmap: Float32Array;
  /** Natural logarithm of height, then of width, in units of 4 input pixels; 2 x rows x columns. */
  readonly scale: Float32Array;
  /** Offset of the centre in the cell, y then x, in cells; 2 x rows x columns. */
  readonly offset: Float32Array;
}

const STRIDE = 4;
const OVERLAP = 0.3;

/**
 * Reads CenterFace's outputs (Xu, Yan, Yang and Luo 2019, "CenterFace: Joint Face Detection and Alignment Using
 * Face as Point"): every cell whose heat exceeds `threshold` is a face; overlapping ones are merged by NMS.
 * Boxes come back in the network's input pixels and may reach past the picture's edges.
 */
export function decodeCenterFace(output: CenterFaceOutput, threshold: number): Detection[] {
  const { columns, rows, heatmap, scale, offset } = output;
  const cells = columns * rows;
  const found: Detection[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const score = heatmap[cell];
    if (!(score > threshold)) continue;
    const height = Math.exp(scale[cell]) * STRIDE;
    const width = Math.exp(scale[cells + cell]) * STRIDE;
    const centreY = (Math.floor(cell / columns) + offset[cell] + 0.5) * STRIDE;
    const centreX = ((cell % columns) + offset[cells + cell] + 0.5) * STRIDE;
    found.push({ box: { x: centreX - width / 2, y: centreY - height / 2, width, height }, score });
  }
  return nonMaximumSuppression(found, OVERLAP);
}
