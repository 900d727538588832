import type { Box } from '../geometry/box.ts';

/** One face-like place in one picture. `box` is in source pixels and is the face (brow to chin), not the head. */
export interface Detection {
  readonly box: Box;
  /** The detector's own confidence, 0 to 1; comparable within one detector only. */
  readonly score: number;
}
