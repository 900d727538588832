import type { CameraMotion } from '../camera-motion.ts';

/** What the estimator knows about a frame: the camera's motion and cheap statistics on the way. */
export interface MotionReport extends CameraMotion {
  /**
   * Share, 0..1, of the patches with something to see in them that did not move with the camera: people who
   * walk on their own, 0 where nothing can be said.
   */
  readonly residual: number;
  /** Mean gray value of the frame, 0 (black) to 255. A night scene lies below about 40. */
  readonly meanLuma: number;
  /** True on the frames that a flash or a lamp lights up for a moment. */
  readonly flash: boolean;
}
