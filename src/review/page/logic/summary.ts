import type { Plan } from '../../../core/plan/plan.ts';
import { risksLeft } from './risk-order.ts';

/** What a plan comes to, in four numbers. */
export interface Summary {
  /** Tracks covered, those drawn included. */
  readonly covered: number;
  readonly drawn: number;
  readonly visible: number;
  /** Risks that nobody looked at. */
  readonly unseen: number;
}

export function summarise({ tracks, risks }: Pick<Plan, 'tracks' | 'risks'>): Summary {
  const covered = tracks.filter(({ decision }) => decision === 'cover');
  return {
    covered: covered.length,
    drawn: covered.filter(({ standing }) => standing === 'drawn').length,
    visible: tracks.length - covered.length,
    unseen: risksLeft(risks),
  };
}

/** Seconds left, from the share done since a moment; undefined while too little is done to tell. */
export function secondsLeft(share: number | undefined, elapsed: number): number | undefined {
  if (share === undefined || share < 0.02 || elapsed < 2) return undefined;
  return (elapsed * (1 - share)) / share;
}
