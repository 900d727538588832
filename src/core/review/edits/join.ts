import { SayehError } from '../../errors.ts';
import { union } from '../../geometry/box.ts';
import { boxOf, tupleOf } from '../../plan/box-tuple.ts';
import type { Plan, PlanTrack } from '../../plan/plan.ts';
import { between } from '../bend.ts';
import type { JoinEdit } from '../edit.ts';
import { endOf, replaceTrack, trackOf } from '../plan-tracks.ts';

/** Makes one track of two, under the number of the one that begins first. */
export function applyJoin(plan: Plan, { tracks: [one, other] }: JoinEdit): Plan {
  if (one === other) throw new SayehError('usage', `track ${one} cannot be joined to itself`);
  const [a, b] = [trackOf(plan, one), trackOf(plan, other)].sort((p, q) => p.from - q.from || p.id - q.id);
  if (JSON.stringify(a.shape) !== JSON.stringify(b.shape)) {
    throw new SayehError('usage', `tracks ${a.id} and ${b.id} have different shapes and cannot be joined`);
  }
  const keys = [...new Set([...(a.keys ?? []), ...(b.keys ?? [])])].sort((p, q) => p - q);
  const grow = Math.max(a.grow ?? 1, b.grow ?? 1);
  const { grow: _grow, keys: _keys, ...rest } = a;
  const joined: PlanTrack = {
    ...rest,
    boxes: joinedBoxes(a, b),
    decision: a.decision === 'keep' && b.decision === 'keep' ? 'keep' : 'cover',
    standing: a.standing === 'sure' || b.standing === 'sure' ? 'sure' : a.standing,
    score: Math.max(a.score, b.score),
    ...(grow > 1 && { grow }),
    ...(keys.length > 0 && { keys }),
  };
  return replaceTrack(replaceTrack(plan, b.id, []), a.id, [joined]);
}

/** The gap between them filled evenly; where both are, a box around both. */
function joinedBoxes(a: PlanTrack, b: PlanTrack): PlanTrack['boxes'] {
  const gap = b.from - endOf(a);
  if (gap >= 0) return [...a.boxes, ...between(a.boxes[a.boxes.length - 1], b.boxes[0], gap), ...b.boxes];
  const length = Math.max(endOf(a), endOf(b)) - a.from;
  return Array.from({ length }, (_, i) => {
    const [first, second] = [a.boxes[i], b.boxes[i - (b.from - a.from)]];
    return first && second ? tupleOf(union(boxOf(first), boxOf(second))) : (first ?? second);
  });
}
