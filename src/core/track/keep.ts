import { logOdds } from '../detect/log-odds.ts';
import type { Evidence } from './evidence.ts';
import type { Sensitivity } from './sensitivity.ts';

/** How sure it is that a track is a face. `noise` is returned at sensitivity `max` only. */
export type Standing = 'sure' | 'doubtful' | 'noise';

/** What the best score of a small face must reach for the track to be covered. */
const DEMAND: Readonly<Record<Sensitivity, number>> = { normal: 0.11, high: 0.07, max: 0.03 };
/** What it must reach for nobody to have to look at it again. */
const SURE = 0.4;
/** Up to this height, in source pixels, faces are small: detectors are unsure of them by nature. */
const SMALL = 24;
/** How much more is demanded of large ones, which are easy to see when they are real, and costly when not. */
const SIZE_DEMAND = 0.35;
/**
 * How much less a cheap look is believed, in log-odds, and how much less again the larger the face: a quick look at
 * every frame has many chances to be wrong.
 */
const CHEAP_DISCOUNT = 1.25;
const CHEAP_SIZE_DISCOUNT = 0.2;

/**
 * Judges a track by its evidence. What counts is the best score that any look gave it: a face turned away for most
 * of its life is seen well once, while noise stays faint however often it comes back (so neither the mean score
 * nor the number of sightings tells them apart better; see docs/tracking.md for the measurements).
 */
export function judge(evidence: Evidence, sensitivity: Sensitivity): Standing {
  const found = strength(evidence);
  if (found >= logOdds(SURE)) return 'sure';
  return found >= logOdds(DEMAND[sensitivity]) ? 'doubtful' : 'noise';
}

/** The evidence as one number: log-odds of the best score, less what the size and the kind of look demand. */
export function strength({ byKind, height }: Evidence): number {
  const { cheap, careful, fine } = byKind;
  const size = Math.max(0, Math.log(height / SMALL));
  const glanced = logOdds(cheap.best) - CHEAP_DISCOUNT - CHEAP_SIZE_DISCOUNT * size;
  return Math.max(logOdds(Math.max(careful.best, fine.best)), glanced) - SIZE_DEMAND * size;
}
