import type { PictureCheck } from '../core/check/picture-check.ts';
import type { Plan } from '../core/plan/plan.ts';

/** What to say where the check of the written file saw faces to the last. */
export function stillSeen({ remaining }: PictureCheck): string[] {
  if (remaining === 0) return [];
  const places = remaining === 1 ? '1 place' : `${remaining} places`;
  return [
    `The written file still shows what looks like a face in ${places}: look there before you publish it.`,
  ];
}

/** What to say where only some frames were looked at, because somebody asked for it. */
export function sparseLooks({ analysis: { every = 1 } }: Plan): string[] {
  if (every === 1) return [];
  return [`Faces were looked for in one frame of ${every}: who was there in between only is not covered.`];
}
