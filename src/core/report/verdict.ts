import type { ProtectedReport, Report, ReportFile } from './report.ts';

/** What a reader should do about a file, the most urgent first. */
export const VERDICTS = ['failed', 'still-visible', 'nothing-found', 'look', 'clear'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How loud it is said. There is no "safe": nobody can promise that. */
export const TONES: Record<Verdict, 'stop' | 'look' | 'calm'> = {
  failed: 'stop',
  'still-visible': 'stop',
  'nothing-found': 'look',
  look: 'look',
  clear: 'calm',
};

export function verdictOf(file: ReportFile): Verdict {
  if (file.status === 'failed') return 'failed';
  if ((file.check?.remaining ?? 0) > 0) return 'still-visible';
  if (file.covered.faces + file.covered.drawn === 0) return 'nothing-found';
  return needsALook(file) ? 'look' : 'clear';
}

/** The most urgent of all files; a run without files is a failed one. */
export function verdictOfAll({ files }: Report): Verdict {
  const verdicts = files.map(verdictOf);
  return VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? 'failed';
}

/** Files in the order in which a reader should take them. */
export function byUrgency<T extends ReportFile>(files: readonly T[]): T[] {
  const urgency = (file: T) => VERDICTS.indexOf(verdictOf(file));
  return [...files].sort((a, b) => urgency(a) - urgency(b) || a.number - b.number);
}

function needsALook({ risks, covered, analysis, sound }: ProtectedReport): boolean {
  return (
    risks.some(({ seen }) => !seen) ||
    covered.leftVisible > 0 ||
    (analysis.every ?? 1) > 1 ||
    sound === 'kept'
  );
}
