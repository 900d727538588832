import type { DetectorName } from '../detect/catalogue.ts';
import type { ScaledLook } from '../detect/photo-looks.ts';

/** The network that examines what the first one led to: another family, trained by others on other terms. */
export function secondNetwork(first: DetectorName): DetectorName {
  return first === 'retinaface' ? 'centerface' : 'retinaface';
}

/** Scores above which the second network, and the first at a finer scale, are believed in a written file. */
export const BELIEVED = { second: 0.5, fine: 0.35 } as const;
/** Faces less wide than this, in source pixels, are left to the first analysis: so few pixels name nobody. */
export const NARROWEST = 10;

/** Long side at which the largest faces are within what the networks were trained on. */
const WHOLE = 1280;
/** Beyond this many pixels enlarging would take minutes. */
const ENLARGED_UP_TO = 8_000_000;

/** How a written photo is looked at: by the second network at three scales, by the first between its own. */
export function photoExaminations(
  width: number,
  height: number,
): { second: readonly ScaledLook[]; fine: readonly ScaledLook[] } {
  const small = width * height <= ENLARGED_UP_TO;
  const shrunk = WHOLE / Math.max(width, height);
  const scales = [1, ...(shrunk < 0.75 ? [shrunk] : []), ...(small ? [2] : [])];
  const fine = small ? 1.5 : 0.75;
  return {
    second: scales.map((scale) => ({ scale, threshold: BELIEVED.second })),
    fine: [{ scale: fine, threshold: BELIEVED.fine }],
  };
}
