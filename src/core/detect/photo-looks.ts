import type { Sensitivity } from './catalogue.ts';

/** A scale to look at, and what to believe there. */
export interface ScaledLook {
  /** Network pixels per source pixel. */
  readonly scale: number;
  /** Detections must score above this. */
  readonly threshold: number;
}

/** CenterFace scores to believe at each scale: chosen on labelled crowds, see docs/detectors.md. */
const THRESHOLDS: Record<Sensitivity, { whole: number; full: number; double: number }> = {
  normal: { whole: 0.2, full: 0.1, double: 0.14 },
  high: { whole: 0.12, full: 0.07, double: 0.08 },
  max: { whole: 0.06, full: 0.04, double: 0.05 },
};

/** Long side at which the largest faces are within what the networks were trained on. */
const WHOLE = 1280;
/** Beyond this many pixels a face of 10 has nothing to tell, and enlarging would take minutes. */
export const ENLARGED_UP_TO = 8_000_000;

/** The scales of any look at a photo: as it is, and shrunk to one screenful where it is large. */
export function usualScales(width: number, height: number): number[] {
  const shrunk = WHOLE / Math.max(width, height);
  return shrunk < 0.75 ? [1, shrunk] : [1];
}

/**
 * The looks at a photo: as it is, for faces from 10 pixels up; enlarged, for the same faces again (twice the
 * size halves what is missed in crowds); and shrunk to one screenful where it is large, for faces so near that
 * a tile does not hold them.
 */
export function photoLooks(width: number, height: number, sensitivity: Sensitivity): ScaledLook[] {
  const { whole, full, double } = THRESHOLDS[sensitivity];
  const looks = usualScales(width, height).map((scale) => ({ scale, threshold: scale < 1 ? whole : full }));
  if (width * height <= ENLARGED_UP_TO || sensitivity !== 'normal')
    looks.push({ scale: 2, threshold: double });
  return looks;
}
