import type { DetectorName } from '../detect/catalogue.ts';
import type { Detection } from '../detect/detection.ts';
import { logOdds } from '../detect/log-odds.ts';
import { ENLARGED_UP_TO, usualScales } from '../detect/photo-looks.ts';

/** The network that examines what the first one led to: another family, trained by others on other terms. */
export function secondNetwork(first: DetectorName): DetectorName {
  return first === 'retinaface' || first === 'retinaface-int8' ? 'centerface' : 'retinaface-int8';
}

/** Scores above which the second network, the first, and the first at a finer scale are believed of a small face. */
export const BELIEVED = { second: 0.5, first: 0.3, fine: 0.35 } as const;
/** Share of its usual size at which a frame shows the second network faces that fill it. */
export const LARGE_FACES = 0.4;
/** Faces less wide than this, in source pixels, are left to the first analysis: so few pixels name nobody. */
const NARROWEST = 10;
/** Up to this height, in source pixels, faces are small: networks are unsure of them by nature. */
const SMALL = 24;
/** How much more is demanded of large ones, in log-odds: they are easy to see when they are real. */
const SIZE_DEMAND = 0.5;

/** Whether a network is to be believed about what it saw, at a threshold of BELIEVED. */
export function believable({ box, score }: Detection, threshold: number): boolean {
  const size = Math.max(0, Math.log(box.height / SMALL));
  return box.width >= NARROWEST && logOdds(score) >= logOdds(threshold) + SIZE_DEMAND * size;
}

/** How one network is asked about a photo. */
export interface PhotoExamination {
  /** Whose workers: see Detectors. */
  readonly purpose: 'photo' | 'check';
  readonly network: DetectorName;
  /** Network pixels per source pixel, one for each look. */
  readonly scales: readonly number[];
  readonly threshold: number;
}

/** How a photo is looked at once more: by the second network, by the first as usual, and by it between its scales. */
export function photoExaminations(
  first: DetectorName,
  width: number,
  height: number,
): Readonly<Record<'second' | 'first' | 'fine', PhotoExamination>> {
  const small = width * height <= ENLARGED_UP_TO;
  const usual = usualScales(width, height);
  const ask = (purpose: 'photo' | 'check', network: DetectorName, scales: number[], threshold: number) => ({
    purpose,
    network,
    scales,
    threshold,
  });
  return {
    second: ask('check', secondNetwork(first), [...usual, ...(small ? [2] : [])], BELIEVED.second),
    first: ask('photo', first, usual, BELIEVED.first),
    fine: ask('photo', first, [small ? 1.5 : 0.75], BELIEVED.fine),
  };
}
