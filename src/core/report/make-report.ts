import type { PictureCheck } from '../check/picture-check.ts';
import type { Finding } from '../metadata/format.ts';
import { MOST_RISKS } from '../plan/from-tracks.ts';
import type { Plan, PlanRisk } from '../plan/plan.ts';
import { type ReasonCode, reasonCode } from './codes.ts';
import { noteCodes } from './notes.ts';
import { removedByKind } from './removed.ts';
import { type ProtectedReport, parseReport, REPORT_VERSION, type Report, type ReportSpan } from './report.ts';

/** What happened to one file, from those who did it. */
export interface FileFacts {
  /** Which of the inputs it was, from 1. */
  readonly number: number;
  /** The written file's name without folders; left out of the report unless Sayeh made it up. */
  readonly outputName: string;
  /** SHA-256 of the written file, in hexadecimal. */
  readonly sha256: string;
  readonly plan: Plan;
  readonly framesCovered: number;
  readonly sound: 'none' | 'dropped' | 'kept';
  readonly warnings: readonly string[];
  readonly check?: PictureCheck | undefined;
  /** What the original revealed; undefined where it could not be searched. */
  readonly findings: readonly Finding[] | undefined;
  /** Whether the new file keeps the original's name. */
  readonly nameKept: boolean;
  /** When each frame of the written film is shown, in seconds; left out, frames count as evenly spaced. */
  readonly times?: Float64Array | undefined;
}

const NEUTRAL = /^sayeh-[0-9a-f]{12}\.[a-z0-9]{3,4}$/;

/** One file's part of a report. */
export function fileReport(facts: FileFacts): ProtectedReport {
  const { plan } = facts;
  const covered = plan.tracks.filter(({ decision }) => decision === 'cover');
  const faces = covered.filter(({ standing }) => standing !== 'drawn');
  const clock = clockOf(plan, facts.times);
  const { kind, width, height, frames } = plan.film;
  const { detector, sensitivity, every } = plan.analysis;
  return {
    status: 'protected',
    number: facts.number,
    ...(NEUTRAL.test(facts.outputName) ? { name: facts.outputName } : {}),
    sha256: facts.sha256,
    ...{ kind, width, height, frames },
    ...(clock ? { duration: clock(frames) } : {}),
    covered: {
      faces: faces.length,
      doubtful: faces.filter(({ standing }) => standing === 'doubtful').length,
      drawn: covered.length - faces.length,
      leftVisible: plan.tracks.length - covered.length,
      frames: facts.framesCovered,
      spans: spansOf(plan).map((span) => timed(span, clock)),
    },
    analysis: { detector, sensitivity, ...(every === undefined ? {} : { every }) },
    risks: risksOf(plan, facts.check).map(({ risk, reasons }) => ({
      ...timed(risk, clock),
      at: risk.at,
      ...(clock ? { time: clock(risk.at) } : {}),
      level: risk.level,
      reasons,
      ...(risk.seen ? { seen: true as const } : {}),
      ...(risk.box ? { box: risk.box } : {}),
    })),
    ...(facts.findings
      ? {
          removed: removedByKind(facts.findings, { name: facts.nameKept, sound: facts.sound === 'kept' }).map(
            ({ topics, ...kind }) => ({ ...kind, topics: [...topics] }),
          ),
        }
      : {}),
    sound: facts.sound,
    ...(facts.check ? { check: checkOf(facts.check) } : {}),
    notes: [
      ...(plan.risks.length >= MOST_RISKS ? (['list-full'] as const) : []),
      ...noteCodes(facts.warnings),
    ],
  };
}

/** Puts a run's files together. Throws ZodError if anything in it is not of a report's shape. */
export function makeReport(parts: Omit<Report, 'sayeh' | 'version'>): Report {
  return parseReport({ sayeh: 'report', version: REPORT_VERSION, ...parts });
}

/** What only the check of a written file gives as a reason. */
const BY_CHECK: ReadonlySet<ReasonCode> = new Set(['found-by-check', 'second-network', 'cover-ended']);

/**
 * Risks with their reasons as codes. The check raises the same reason for what it had covered and for what it saw to
 * the last; the latter weighs most, and there are `remaining` of it.
 */
function risksOf(
  { risks }: Plan,
  check: PictureCheck | undefined,
): { risk: PlanRisk; reasons: ReasonCode[] }[] {
  let remaining = check?.remaining ?? 0;
  return [...risks]
    .sort((a, b) => b.level - a.level || a.from - b.from)
    .map((risk) => {
      const reasons = [...new Set(risk.reasons.map(reasonCode))];
      const byCheck = reasons.some((code) => BY_CHECK.has(code));
      return { risk, reasons: byCheck && remaining-- > 0 ? ['still-visible'] : reasons };
    });
}

/** Fields by name, so that one that is added to checks later does not get in unseen. */
function checkOf({ networks, frames, examined, rounds, recovered, leaksClosed, remaining }: PictureCheck) {
  return { networks: [...networks], frames, examined, rounds, recovered, leaksClosed, remaining };
}

/** Seconds at which a frame begins; undefined where frames have no times, as in photos. */
type Clock = ((frame: number) => number) | undefined;

function clockOf({ film }: Plan, times: Float64Array | undefined): Clock {
  if (film.kind === 'photo' || film.frameRate <= 0) return undefined;
  const { frames, frameRate } = film;
  if (times?.length !== frames) return (frame) => round(frame / frameRate);
  // The end of the film is one usual frame after its last.
  return (frame) => round(frame < frames ? times[frame] : times[frames - 1] + 1 / frameRate);
}

/** To milliseconds: frames are further apart. */
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

function timed({ from, to }: { readonly from: number; readonly to: number }, clock: Clock): ReportSpan {
  return { from, to, ...(clock ? { start: clock(from), end: clock(to) } : {}) };
}

/** Stretches of frames in which something is covered, in order and apart. */
function spansOf({ tracks }: Plan): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  const covered = tracks
    .filter(({ decision }) => decision === 'cover')
    .map(({ from, boxes }) => ({ from, to: from + boxes.length }))
    .sort((a, b) => a.from - b.from);
  for (const span of covered) {
    const last = spans.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else spans.push(span);
  }
  return spans;
}
