import type { SayehError, SayehErrorCode } from '../core/errors.ts';
import type { Source } from '../node/files/output-names.ts';
import { walkInputs } from '../node/files/walk-inputs.ts';
import { asSayehError } from './report-error.ts';
import type { Terminal } from './terminal.ts';

/** How a run over several inputs went. */
export interface Tally {
  /** Inputs found, those that failed included. */
  readonly total: number;
  /** Inputs that went well. */
  readonly done: number;
  /** One for each input that failed, and one for all that were not begun since the run was stopped. */
  readonly errors: readonly SayehErrorCode[];
}

/**
 * Does one thing to every input, folders walked if asked for, so many at a time. An input that fails is reported and
 * the next one done; nothing is begun once `signal` is aborted. `many` tells `work` whether inputs share one
 * destination.
 */
export async function eachInput(
  inputs: readonly string[],
  options: {
    readonly recursive?: boolean | undefined;
    readonly signal: AbortSignal;
    readonly terminal: Terminal;
    /** Inputs at a time; 1 if left out. */
    readonly atOnce?: number;
  },
  work: (source: Source, many: boolean) => Promise<void>,
): Promise<Tally> {
  const { signal, terminal, atOnce = 1 } = options;
  const recursive = options.recursive ?? false;
  const { sources, failures } = await walkInputs(inputs, { recursive });
  const errors: SayehErrorCode[] = [];
  let done = 0;
  const fail = (input: string, error: SayehError) => {
    errors.push(error.code);
    reportFailure(terminal, input, error);
  };
  for (const { input, error } of failures) fail(input, error);
  const total = sources.length + failures.length;
  const many = total > 1 || recursive;
  const left = sources.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, sources.length) }, async () => {
      // They take turns: each source is taken once.
      for (const source of left) {
        if (signal.aborted) break;
        try {
          await work(source, many);
          done++;
        } catch (cause) {
          fail(source.file, asSayehError(cause, source.file));
        }
        if (atOnce > 1) terminal.filesDone(done + errors.length, total);
      }
    }),
  );
  // Those that were not begun have no error of their own.
  if (signal.aborted && done + errors.length < total) errors.push('aborted');
  terminal.endProgress();
  return { total, done, errors };
}

/** Says that nothing was written for an input, and why. */
export function reportFailure(terminal: Terminal, input: string, error: SayehError): void {
  terminal.error(error.message, error.cause);
  terminal.record({ input, status: 'failed', code: error.code, message: error.message });
}
