import type { Plan } from '../../plan/plan.ts';

/** Covers everything. */
export function applyDecideAll(plan: Plan): Plan {
  if (plan.tracks.every(({ decision }) => decision === 'cover')) return plan;
  const tracks = plan.tracks.map((track) =>
    track.decision === 'cover' ? track : { ...track, decision: 'cover' as const },
  );
  return { ...plan, tracks };
}
