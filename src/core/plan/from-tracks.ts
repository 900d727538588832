import type { Risk } from '../track/risk.ts';
import type { Track } from '../track/track.ts';
import { tupleOf } from './box-tuple.ts';
import type { Plan } from './plan.ts';
import { PLAN_VERSION } from './version.ts';

/** A list longer than this nobody reads; it is sorted, worst first. */
export const MOST_RISKS = 1000;

/** The plan that covers every track: who is to stay visible, only a person decides. */
export function planFromTracks(
  film: Plan['film'],
  analysis: Plan['analysis'],
  tracks: readonly Track[],
  cuts: readonly number[],
  risks: readonly Risk[],
): Plan {
  return {
    sayeh: 'plan',
    version: PLAN_VERSION,
    film,
    analysis,
    cuts: [...cuts],
    tracks: tracks.map(({ id, from, boxes, standing, evidence }) => ({
      id,
      from,
      boxes: boxes.map(tupleOf),
      decision: 'cover',
      standing,
      score: Math.min(1, Math.round(evidence.best * 1000) / 1000),
    })),
    risks: risks.slice(0, MOST_RISKS).map(({ from, to, at, box, score, reasons }) => ({
      from,
      to,
      at,
      level: Math.round(score * 1000) / 1000,
      reasons: [...reasons],
      ...(box && { box: tupleOf(box) }),
    })),
  };
}
