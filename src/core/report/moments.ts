import type { ReasonCode } from './codes.ts';
import { REASON_CODES } from './codes.ts';
import type { ProtectedReport, ReportRisk } from './report.ts';

/** A stretch of film, or a place in a photo, that a person looks at in one go. */
export interface Moment {
  /** First frame, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The riskiest of it, by which it is judged. */
  readonly worst: ReportRisk;
  readonly risks: readonly ReportRisk[];
  /** What to look for, the weightiest first. */
  readonly reasons: readonly ReasonCode[];
}

/** Risks at most this far apart are looked at together, in seconds. */
const NEAR = 1;
/** A stretch grows no longer than this by joining, in seconds: a person watches it in one go. */
const LONGEST = 8;

/** What a person should look at in a file and has not yet, the worst first. */
export function momentsIn({ risks, frames, duration }: ProtectedReport): Moment[] {
  const open = risks.filter(({ seen }) => !seen);
  return momentsOf(open, duration === undefined ? 0 : duration / frames);
}

/**
 * Joins risks that lie close in time, since an editor goes to a time and not to a track. The worst comes first, and
 * of equals the earlier. In photos (`secondsPerFrame` 0) nothing is joined.
 */
export function momentsOf(risks: readonly ReportRisk[], secondsPerFrame: number): Moment[] {
  const groups: ReportRisk[][] = [];
  let from = 0;
  let to = 0;
  for (const risk of [...risks].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = groups.at(-1);
    const near = (risk.from - to) * secondsPerFrame <= NEAR;
    const short = (Math.max(to, risk.to) - from) * secondsPerFrame <= LONGEST;
    if (last && secondsPerFrame > 0 && near && short) {
      last.push(risk);
      to = Math.max(to, risk.to);
    } else {
      groups.push([risk]);
      from = risk.from;
      to = risk.to;
    }
  }
  return groups.map(momentOf).sort((a, b) => b.worst.level - a.worst.level || a.from - b.from || a.to - b.to);
}

function momentOf(risks: readonly ReportRisk[]): Moment {
  const ordered = [...risks].sort((a, b) => b.level - a.level || a.from - b.from);
  const reasons = new Set(risks.flatMap((risk) => risk.reasons));
  return {
    from: Math.min(...risks.map((risk) => risk.from)),
    to: Math.max(...risks.map((risk) => risk.to)),
    worst: ordered[0],
    risks: ordered,
    reasons: REASON_CODES.filter((code) => reasons.has(code)),
  };
}
