import { apply, compose, IDENTITY, type Similarity } from '../../../../src/core/geometry/similarity.ts';
import { CameraMotionEstimator } from '../../../../src/core/track/camera-motion/estimator.ts';
import { lumaSize } from '../../../../src/core/track/camera-motion/luma-size.ts';
import type { MotionReport } from '../../../../src/core/track/camera-motion/report.ts';
import type { Film } from './cases.ts';
import { FRAME, motionBetween } from './scene.ts';

export interface Figures {
  /** Error a frame in source pixels, the mean over a grid of points of the frame. */
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  /** The same error of all motions together. */
  readonly drift: number;
  readonly reports: readonly MotionReport[];
  readonly errors: readonly number[];
}

/** A new estimator for the generated films. */
export function estimator(): CameraMotionEstimator {
  const luma = lumaSize(FRAME.width, FRAME.height);
  return new CameraMotionEstimator({ ...FRAME, lumaWidth: luma.width, lumaHeight: luma.height });
}

/** Runs the estimator over a film and compares with the truth. */
export function measure(film: Film): Figures {
  const camera = estimator();
  const reports = film.frames.map((frame) => camera.next(frame.luma));
  const errors: number[] = [];
  let total: Similarity = IDENTITY;
  for (let i = 1; i < reports.length; i++) {
    const truth = motionBetween(film.frames[i - 1].pose, film.frames[i].pose);
    errors.push(error(reports[i].transform, truth));
    total = compose(total, reports[i].transform);
  }
  const sorted = [...errors].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const first = film.frames[0].pose;
  const last = film.frames[film.frames.length - 1].pose;
  return {
    median: at(0.5),
    p95: at(0.95),
    worst: at(1),
    drift: error(total, motionBetween(first, last)),
    reports,
    errors,
  };
}

function error(found: Similarity, truth: Similarity): number {
  let sum = 0;
  let n = 0;
  for (let y = 72; y < FRAME.height; y += 144) {
    for (let x = 80; x < FRAME.width; x += 160, n++) {
      const a = apply(found, x, y);
      const b = apply(truth, x, y);
      sum += Math.hypot(a.x - b.x, a.y - b.y);
    }
  }
  return sum / n;
}
