import type { Sightings } from './sightings.ts';

/** A face's place, speed and size at one end of a tracklet, in still coordinates; speed per frame, forwards in time. */
export interface Trend {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly width: number;
  readonly height: number;
}

/** Frames (as seconds) at an end that tell the speed there. */
const SPAN = 0.3;
/** Pulls the fitted speed towards standing still as long as there is little to fit, in square seconds. */
const CAUTION = 0.01;

/**
 * Fits a straight line to the last sightings of a tracklet (or the first ones), least squares with a prior of
 * no motion: two sightings next to each other say nothing of the speed, ten in a row all of it.
 */
export function trendAt(
  sightings: Sightings,
  tracklet: readonly number[],
  end: 'first' | 'last',
  fps: number,
): Trend {
  const at = end === 'last' ? tracklet.length - 1 : 0;
  const step = end === 'last' ? -1 : 1;
  const { frame, x, y, width, height } = sightings;
  const anchor = tracklet[at];
  let count = 0;
  let sumT = 0;
  let sumX = 0;
  let sumY = 0;
  let sumTT = 0;
  let sumTX = 0;
  let sumTY = 0;
  let sumW = 0;
  let sumH = 0;
  for (let i = at; i >= 0 && i < tracklet.length; i += step) {
    const row = tracklet[i];
    const t = frame[row] - frame[anchor];
    if (Math.abs(t) > SPAN * fps && count > 1) break;
    const dx = x[row] - x[anchor];
    const dy = y[row] - y[anchor];
    count++;
    sumT += t;
    sumX += dx;
    sumY += dy;
    sumTT += t * t;
    sumTX += t * dx;
    sumTY += t * dy;
    sumW += Math.log(width[row]);
    sumH += Math.log(height[row]);
  }
  const spreadT = sumTT - (sumT * sumT) / count + CAUTION * fps * fps;
  const vx = (sumTX - (sumT * sumX) / count) / spreadT;
  const vy = (sumTY - (sumT * sumY) / count) / spreadT;
  return {
    frame: frame[anchor],
    x: x[anchor] + (sumX - vx * sumT) / count,
    y: y[anchor] + (sumY - vy * sumT) / count,
    vx,
    vy,
    width: Math.exp(sumW / count),
    height: Math.exp(sumH / count),
  };
}
