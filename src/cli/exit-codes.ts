import type { SayehErrorCode } from '../core/errors.ts';

/** What the process tells its caller; documented in the README. */
export const EXIT = {
  /** Everything asked for is done and safe. */
  ok: 0,
  /** The command line made no sense; nothing was done. */
  usage: 1,
  /** At least one input failed and nothing was written for it; the others were done. */
  failed: 2,
  /** A written file did not pass its check and was removed. Outranks `failed`. */
  unsafe: 3,
  /** Stopped by Ctrl-C or a signal; nothing half-written is left. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code for a run in which these errors happened, one for each failed input. */
export function exitCodeFor(errors: readonly SayehErrorCode[]): ExitCode {
  if (errors.includes('aborted')) return EXIT.interrupted;
  if (errors.includes('check-failed')) return EXIT.unsafe;
  return errors.length > 0 ? EXIT.failed : EXIT.ok;
}
