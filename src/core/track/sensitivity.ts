import type { Sensitivity } from '../detect/catalogue.ts';

export type { Sensitivity };

/**
 * The faintest detections that are used, by score. They cannot make a track on their own (see `judge`), but they
 * continue one: a face seen well once is believed at .05 in the frames around. Ask a detector for no more
 * than this; what it finds below is not used.
 */
export const DETECTION_FLOOR: Readonly<Record<Sensitivity, number>> = { normal: 0.05, high: 0.03, max: 0.02 };
