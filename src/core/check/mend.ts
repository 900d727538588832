import type { Box } from '../geometry/box.ts';
import { tupleOf } from '../plan/box-tuple.ts';
import type { Plan, PlanRisk } from '../plan/plan.ts';

/** Why a place of a written file was covered afterwards, or is pointed out, in the words that a reviewer reads. */
export type CheckReason =
  | 'seen by a second network'
  | 'found in the written file'
  | 'still shown where its cover ended';

/** Something that a plan leaves open to see: one box a frame from `from` on, in source pixels. */
export interface Opening {
  readonly from: number;
  readonly boxes: readonly Box[];
  /** 0 to 1; of what led there, where it was a network. */
  readonly score: number;
  readonly reason: CheckReason;
}

/** How likely a face was missed around what the check had to mend, and where it saw one to the last: see PlanRisk. */
const MENDED = 0.5;
const REMAINING = 0.95;

/** The plan with a cover over every opening, each a track of its own that a person is asked to look at. */
export function mend(plan: Plan, openings: readonly Opening[]): Plan {
  const { frames } = plan.film;
  let id = plan.tracks.reduce((most, track) => Math.max(most, track.id), 0);
  const tracks = openings.map(({ from, boxes, score }): Plan['tracks'][number] => ({
    id: ++id,
    from,
    boxes: boxes.slice(0, frames - from).map(tupleOf),
    decision: 'cover',
    standing: 'doubtful',
    score: Math.min(1, Math.round(score * 1000) / 1000),
  }));
  return withRisks({ ...plan, tracks: [...plan.tracks, ...tracks] }, openings, MENDED);
}

/** The plan with every opening that stays among its risks, first of all. */
export function pointOut(plan: Plan, openings: readonly Opening[]): Plan {
  return withRisks(plan, openings, REMAINING);
}

function withRisks(plan: Plan, openings: readonly Opening[], level: number): Plan {
  const risks = openings.map(({ from, boxes, reason }): PlanRisk => {
    const middle = boxes.length >> 1;
    const to = Math.min(from + boxes.length, plan.film.frames);
    return {
      from,
      to,
      at: Math.min(from + middle, to - 1),
      level,
      reasons: [reason],
      box: tupleOf(boxes[middle]),
    };
  });
  return { ...plan, risks: [...plan.risks, ...risks].sort((a, b) => b.level - a.level || a.from - b.from) };
}
