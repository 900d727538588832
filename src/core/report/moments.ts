import type { ProtectedReport, ReportRisk } from './report.ts';

/** A time in a film, or a place in a photo, that a person looks at in one go. */
export interface Moment {
  /** The riskiest of it: what to go to, and by what it is judged. */
  readonly worst: ReportRisk;
  /** What else is seen in the same few seconds, worst first. */
  readonly others: readonly ReportRisk[];
}

/** Who watches a few seconds around a time sees what is this near, in seconds. */
const NEAR = 1.5;

/** What a person should look at in a file and has not yet, the worst first. */
export function momentsIn({ risks, frames, duration }: ProtectedReport): Moment[] {
  const open = risks.filter(({ seen }) => !seen);
  return momentsOf(open, duration === undefined ? 0 : duration / frames);
}

/**
 * Joins risks that are near in time, since an editor goes to a time and not to a track: each goes to the worst one
 * near it. The worst comes first, and of equals the earlier. In photos (`secondsPerFrame` 0) nothing is joined.
 */
export function momentsOf(risks: readonly ReportRisk[], secondsPerFrame: number): Moment[] {
  const ordered = [...risks].sort((a, b) => b.level - a.level || a.at - b.at);
  if (secondsPerFrame === 0) return ordered.map((worst) => ({ worst, others: [] }));
  const moments: { readonly worst: ReportRisk; readonly others: ReportRisk[] }[] = [];
  /** By stretch of time: moments are further apart than a stretch is long, so it holds one at most. */
  const byStretch = new Map<number, (typeof moments)[number]>();
  for (const risk of ordered) {
    const time = risk.at * secondsPerFrame;
    const stretch = Math.floor(time / NEAR);
    const near = [stretch - 1, stretch, stretch + 1]
      .map((index) => byStretch.get(index))
      .filter((moment) => moment !== undefined)
      .filter(({ worst }) => Math.abs(worst.at * secondsPerFrame - time) <= NEAR);
    if (near.length > 0) {
      near
        .reduce((a, b) => (Math.abs(b.worst.at - risk.at) < Math.abs(a.worst.at - risk.at) ? b : a))
        .others.push(risk);
    } else {
      const moment = { worst: risk, others: [] };
      byStretch.set(stretch, moment);
      moments.push(moment);
    }
  }
  return moments;
}
