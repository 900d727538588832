/**
 * How much doubt is tolerated. `normal` drops what is clearly noise, `high` only the faintest of it, `max`
 * nothing that reaches the detection floor.
 */
export type Sensitivity = 'normal' | 'high' | 'max';

/**
 * The faintest detections that are used, by score. They cannot make a track on their own (see `judge`), but they
 * continue one: a face seen well once is believed at .05 in the frames around. Ask a detector for no more
 * than this; what it finds below is not used.
 */
export const DETECTION_FLOOR: Readonly<Record<Sensitivity, number>> = { normal: 0.05, high: 0.03, max: 0.02 };
