import { mend, type Opening, pointOut } from '../core/check/mend.ts';
import type { PictureCheck } from '../core/check/picture-check.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { FrameSpan } from '../core/track/frame-span.ts';

/** A file as it was just written and examined. */
export interface Attempt<Written> {
  readonly written: Written;
  /** Faces that are open to see. */
  readonly openings: readonly Opening[];
}

/** A file is written so often at most; what is then still open, a person must judge. */
const MOST_ROUNDS = 3;

/** Openings that were found before anything was written, and in how many pictures they were looked for. */
export interface Opinion {
  readonly openings: readonly Opening[];
  readonly examined: number;
}

/**
 * Covers what a second opinion found open, then writes, examines, covers what was open and writes again, until
 * nothing is or the last round. Each round but the first looks only where the round before changed something.
 * `attempt` replaces what it wrote before.
 */
export async function untilClean<Written>(
  plan: Plan,
  networks: readonly string[],
  opinion: Opinion,
  attempt: (plan: Plan, within: readonly FrameSpan[] | undefined) => Promise<Attempt<Written>>,
): Promise<{ plan: Plan; written: Written; check: PictureCheck }> {
  let current = plan;
  let within: readonly FrameSpan[] | undefined;
  let recovered = 0;
  let leaksClosed = 0;
  const cover = (openings: readonly Opening[]) => {
    const leaks = openings.filter(({ reason }) => reason === 'still shown where its cover ended').length;
    leaksClosed += leaks;
    recovered += openings.length - leaks;
    if (openings.length > 0) current = mend(current, openings);
  };
  cover(opinion.openings);
  for (let rounds = 1; ; rounds++) {
    const { written, openings } = await attempt(current, within);
    if (openings.length === 0 || rounds === MOST_ROUNDS) {
      const { frames } = plan.film;
      const { examined } = opinion;
      const remaining = openings.length;
      const check = { networks, frames, examined, rounds, recovered, leaksClosed, remaining };
      return { plan: remaining > 0 ? pointOut(current, openings) : current, written, check };
    }
    cover(openings);
    within = openings.map(({ from, boxes }) => ({ from, to: from + boxes.length }));
  }
}
