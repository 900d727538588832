import type { Plan } from '../plan/plan.ts';

/**
 * The frames from one cut to the next that hold `frame`: `from` up to, not including, `to`. Pictures of a photo
 * (an animation's, a document's pages) each stand alone, as they do for the analysis.
 */
export function shotOf(plan: Plan, frame: number): { from: number; to: number } {
  if (plan.film.kind === 'photo') return { from: frame, to: frame + 1 };
  const shot = { from: 0, to: plan.film.frames };
  for (const cut of plan.cuts) {
    if (cut <= frame) shot.from = Math.max(shot.from, cut);
    else shot.to = Math.min(shot.to, cut);
  }
  return shot;
}
