/**
 * Where a face is believed to be and how it moves, in still coordinates: a Kalman filter with constant velocity
 * (as SORT, Bewley et al. 2016), one for x and y together since both are equally unsure. Everything is measured
 * in face sizes, because a face's size tells how far away the person is, and so how fast people can cross the
 * picture.
 */
export interface MotionModel {
  x: number;
  y: number;
  /** Still pixels per frame. */
  vx: number;
  vy: number;
  width: number;
  height: number;
  /** Variance of the place, of the speed, and their covariance, for one axis. */
  placeVariance: number;
  speedVariance: number;
  covariance: number;
}

/** Detections are off by about this share of the face's size. */
const DETECTION_ERROR = 0.1;
/** A face is about 0.15 m wide; people walk 9 and run 35 of its sizes in a second. Standard deviation. */
const SPEED = 10;
/** How quickly a person changes speed, in sizes per second squared: a step's bobbing included. */
const ACCELERATION = 25;
/** What stabilisation itself is off by, in sizes per frame, when the camera's motion is known and when it is a guess. */
const DRIFT = 0.02;
const LOST_DRIFT = 0.5;
/** How quickly the size follows what is seen. */
const SIZE_GAIN = 0.3;

const size = (m: { width: number; height: number }) => Math.sqrt(m.width * m.height);

/** What is known after a single sighting: the place, and no more of the speed than that people are people. */
export function firstSeen(x: number, y: number, width: number, height: number, fps: number): MotionModel {
  const s = Math.sqrt(width * height);
  return {
    x,
    y,
    vx: 0,
    vy: 0,
    width,
    height,
    placeVariance: (DETECTION_ERROR * s) ** 2,
    speedVariance: ((SPEED / fps) * s) ** 2,
    covariance: 0,
  };
}

/** Moves the model on by one frame. `confidence`: of the camera's motion over that frame. */
export function advance(m: MotionModel, fps: number, confidence: number): void {
  const s = size(m);
  const push = ((ACCELERATION / (fps * fps)) * s) ** 2;
  const drift = ((DRIFT + LOST_DRIFT * (1 - confidence) ** 2) * s) ** 2;
  m.x += m.vx;
  m.y += m.vy;
  m.placeVariance += 2 * m.covariance + m.speedVariance + push / 4 + drift;
  m.covariance += m.speedVariance + push / 2;
  m.speedVariance += push;
}

/** Variance of where the next detection will be, around (x, y), for one axis. */
export function spread(m: MotionModel): number {
  return m.placeVariance + (DETECTION_ERROR * size(m)) ** 2;
}

/** Corrects the model by a sighting. */
export function correct(m: MotionModel, x: number, y: number, width: number, height: number): void {
  const total = spread(m);
  const placeGain = m.placeVariance / total;
  const speedGain = m.covariance / total;
  m.vx += speedGain * (x - m.x);
  m.vy += speedGain * (y - m.y);
  m.x += placeGain * (x - m.x);
  m.y += placeGain * (y - m.y);
  m.speedVariance -= speedGain * m.covariance;
  m.covariance *= 1 - placeGain;
  m.placeVariance *= 1 - placeGain;
  m.width *= (width / m.width) ** SIZE_GAIN;
  m.height *= (height / m.height) ** SIZE_GAIN;
}
