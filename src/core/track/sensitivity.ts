import type { Sensitivity } from '../detect/catalogue.ts';
import type { LookKind } from './frame-looks.ts';

export type { Sensitivity };

/** The faintest detections of careful and fine looks that are used, by score on the common scale. */
const FLOOR: Readonly<Record<Sensitivity, number>> = { normal: 0.05, high: 0.03, max: 0.02 };
/** Of cheap looks, at the least: there is one at nearly every frame, and what is fainter would cover everything. */
const CHEAP_FLOOR = 0.05;

/**
 * The faintest detections of a kind of look that are used. They cannot make a track on their own (see `judge`),
 * but they continue one: a face seen well once is believed at .05 in the frames around. Ask a detector for no more
 * than this; what it finds below is not used.
 */
export function detectionFloor(sensitivity: Sensitivity, kind: LookKind): number {
  return kind === 'cheap' ? Math.max(CHEAP_FLOOR, FLOOR[sensitivity]) : FLOOR[sensitivity];
}
