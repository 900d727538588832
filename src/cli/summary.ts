import type { SayehErrorCode } from '../core/errors.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { Terminal } from './terminal.ts';

const FAILED: Record<SayehErrorCode, string> = {
  usage: 'not possible as asked',
  unsupported: 'of a kind that cannot be protected',
  unrecognised: 'no photo or film',
  corrupt: 'damaged or cut off',
  'too-large': 'too large',
  unreadable: 'not readable',
  unwritable: 'not writable',
  exists: 'already there',
  model: 'for want of a network',
  'check-failed': 'not good enough when checked',
  crashed: 'crashed what read them',
  stalled: 'given up for taking too long',
  aborted: 'stopped half-way',
  internal: 'by a fault of Sayeh',
};

/** How a run over several files ended, in numbers. */
export interface RunSummary {
  readonly status: 'summary';
  readonly total: number;
  readonly protected: number;
  /** Of those, the ones that a person should look at before the others. */
  readonly needLook: number;
  /** By reason. */
  readonly failed: Partial<Record<SayehErrorCode, number>>;
  /** Not begun, since the run was stopped. */
  readonly notBegun: number;
}

/** Whether somebody should look at this file first: nothing was found, something stayed in doubt, a voice was kept. */
export function needsLook({ plan, check, sound }: Protected): boolean {
  return (
    check.remaining > 0 ||
    plan.risks.some(({ seen }) => !seen) ||
    plan.tracks.every(({ decision }) => decision !== 'cover') ||
    sound === 'kept'
  );
}

export function summaryOf(
  total: number,
  done: number,
  needLook: number,
  errors: readonly SayehErrorCode[],
): RunSummary {
  const failed: Partial<Record<SayehErrorCode, number>> = {};
  // The last `aborted` of a stopped run may stand for files that were not begun.
  const own = errors.slice(0, total - done);
  for (const code of own) failed[code] = (failed[code] ?? 0) + 1;
  return {
    status: 'summary',
    total,
    protected: done,
    needLook,
    failed,
    notBegun: total - done - own.length,
  };
}

export function saySummary(terminal: Terminal, summary: RunSummary): void {
  const { total, protected: done, needLook, failed, notBegun } = summary;
  terminal.record(summary);
  terminal.say(
    done === total && total > 1 ? `All ${total} files protected.` : `${done} of ${total} files protected.`,
  );
  if (needLook > 0)
    terminal.say(`  ${needLook} of them to be looked at first: something is in doubt, or nothing was found`);
  const reasons = Object.entries(failed).sort(([, a], [, b]) => b - a);
  const failures = reasons.reduce((sum, [, times]) => sum + times, 0);
  if (failures > 0)
    terminal.say(
      `  ${failures} failed: ${reasons.map(([code, times]) => `${times} ${FAILED[code as SayehErrorCode]}`).join(', ')}`,
    );
  if (notBegun > 0) terminal.say(`  ${notBegun} not begun`);
}
