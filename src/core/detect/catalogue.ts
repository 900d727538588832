/** The detectors that can be asked for by name. */
export const DETECTOR_NAMES = [
  'centerface',
  'centerface-int8',
  'retinaface',
  'retinaface-int8',
  'yunet',
  'face-api-ssd',
  'face-api-tiny',
] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

/**
 * How much doubt is tolerated. `normal` drops what is clearly noise, `high` only the faintest of it, `max` nothing
 * that a detector reports at all: higher misses less and covers more that is not a face.
 */
export const SENSITIVITIES = ['normal', 'high', 'max'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];
