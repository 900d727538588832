import type { Detection } from './detection.ts';
import { nonMaximumSuppression } from './nms.ts';

/** One of the network's three levels. Values are laid out channel by channel, each row by row. */
export interface RetinaFaceLevel {
  /** Input pixels per cell: 8, 16 or 32. */
  readonly stride: 8 | 16 | 32;
  readonly columns: number;
  readonly rows: number;
  /** 4 channels: probability of background for both anchors, then of a face for both. */
  readonly score: Float32Array;
  /** 8 channels: dx, dy, dw, dh for the first anchor, then for the second. */
  readonly box: Float32Array;
}

/** Anchor sides, input pixels: squares of 16 times these scales, centred 8 pixels into each cell. */
const ANCHOR_SIDES = { 8: [32, 16], 16: [128, 64], 32: [512, 256] } as const;
const ANCHOR_CENTRE = 8;
const OVERLAP = 0.4;

/**
 * Reads the outputs of RetinaFace's mnet.25 model (Deng et al. 2019, "RetinaFace: Single-stage Dense Face
 * Localisation in the Wild"). Boxes come back in the network's input pixels.
 */
export function decodeRetinaFace(levels: readonly RetinaFaceLevel[], threshold: number): Detection[] {
  return nonMaximumSuppression(
    levels.flatMap((level) => decodeLevel(level, threshold)),
    OVERLAP,
  );
}

function decodeLevel({ stride, columns, rows, score, box }: RetinaFaceLevel, threshold: number): Detection[] {
  const cells = columns * rows;
  const found: Detection[] = [];
  for (const [anchor, side] of ANCHOR_SIDES[stride].entries()) {
    for (let cell = 0; cell < cells; cell++) {
      const probability = score[(2 + anchor) * cells + cell];
      if (!(probability > threshold)) continue;
      const at = anchor * 4 * cells + cell;
      const centreX = (cell % columns) * stride + ANCHOR_CENTRE + side * box[at];
      const centreY = Math.floor(cell / columns) * stride + ANCHOR_CENTRE + side * box[at + cells];
      const width = side * Math.exp(box[at + 2 * cells]);
      const height = side * Math.exp(box[at + 3 * cells]);
      found.push({
        box: { x: centreX - width / 2, y: centreY - height / 2, width, height },
        score: probability,
      });
    }
  }
  return found;
}
