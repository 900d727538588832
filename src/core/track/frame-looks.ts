import type { Detection } from '../detect/detection.ts';
import type { MotionReport } from './camera-motion/report.ts';
import type { CameraMotion } from './camera-motion.ts';

/**
 * How closely a frame was looked at, from coarse to close: `cheap` is smaller than life and may be a lighter
 * network's, `careful` is full scale, `fine` larger than life. Closer looks are believed more.
 */
export type LookKind = 'cheap' | 'careful' | 'fine';

/** The kinds of looks, coarsest first. */
export const LOOK_KINDS: readonly LookKind[] = ['cheap', 'careful', 'fine'];

/** What one look at one frame found; an empty list says that it looked and found nothing. */
export interface Look {
  readonly kind: LookKind;
  readonly detections: readonly Detection[];
}

/** All that tracking knows of one frame. */
export interface FrameLooks {
  /** From the previous frame to this one, and what else the estimator saw on the way, if it was asked. */
  readonly motion: CameraMotion & Partial<MotionReport>;
  /** Empty for a frame that nobody looked at; at most one look of each kind. */
  readonly looks: readonly Look[];
}
