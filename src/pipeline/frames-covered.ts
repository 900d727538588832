import type { Plan } from '../core/plan/plan.ts';

/** In how many frames the plan covers anything. */
export function framesCovered(plan: Plan): number {
  const starts = new Int32Array(plan.film.frames + 1);
  for (const { from, boxes, decision } of plan.tracks) {
    if (decision !== 'cover') continue;
    starts[from]++;
    starts[from + boxes.length]--;
  }
  let active = 0;
  let covered = 0;
  for (let frame = 0; frame < plan.film.frames; frame++) {
    active += starts[frame];
    if (active > 0) covered++;
  }
  return covered;
}
