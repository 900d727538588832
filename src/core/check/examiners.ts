import type { DetectorName } from '../detect/catalogue.ts';
import type { Detection } from '../detect/detection.ts';
import { logOdds } from '../detect/log-odds.ts';
import type { ScaledLook } from '../detect/photo-looks.ts';

/** The network that examines what the first one led to: another family, trained by others on other terms. */
export function secondNetwork(first: DetectorName): DetectorName {
  return first === 'retinaface' ? 'centerface' : 'retinaface';
}

/** Scores above which the second network, and the first at a finer scale, are believed about a small face. */
export const BELIEVED = { second: 0.5, fine: 0.35 } as const;
/** Faces less wide than this, in source pixels, are left to the first analysis: so few pixels name nobody. */
const NARROWEST = 10;
/** Up to this height, in source pixels, faces are small: networks are unsure of them by nature. */
const SMALL = 24;
/** How much more is demanded of large ones, in log-odds: they are easy to see when they are real. */
const SIZE_DEMAND = 0.7;

/** Whether a network is to be believed about what it saw, at a threshold of BELIEVED. */
export function believable({ box, score }: Detection, threshold: number): boolean {
  const size = Math.max(0, Math.log(box.height / SMALL));
  return box.width >= NARROWEST && logOdds(score) >= logOdds(threshold) + SIZE_DEMAND * size;
}

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
