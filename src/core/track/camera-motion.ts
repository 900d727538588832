import type { Similarity } from '../geometry/similarity.ts';

/** How the camera moved between the previous frame and this one. */
export interface CameraMotion {
  /** Maps a still point's place in the previous frame to its place in this one, in source pixels. */
  readonly transform: Similarity;
  /** 0 (a guess) to 1 (nearly the whole picture agrees). */
  readonly confidence: number;
  /** True where this frame begins a new shot (also for the first frame): nothing carries over. */
  readonly cut: boolean;
}
