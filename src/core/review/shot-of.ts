import type { Plan } from '../plan/plan.ts';

/** What a plan says of where shots begin. */
export type Scene = Pick<Plan, 'film' | 'cuts'>;

/**
 * The frames from one cut to the next that hold `frame`: `from` up to, not including, `to`. Pictures of a photo
 * (an animation's, a document's pages) each stand alone, as they do for the analysis.
 */
export function shotOf({ film, cuts }: Scene, frame: number): { from: number; to: number } {
  if (film.kind === 'photo') return { from: frame, to: frame + 1 };
  const shot = { from: 0, to: film.frames };
  for (const cut of cuts) {
    if (cut <= frame) shot.from = Math.max(shot.from, cut);
    else shot.to = Math.min(shot.to, cut);
  }
  return shot;
}
