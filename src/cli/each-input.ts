import type { SayehError, SayehErrorCode } from '../core/errors.ts';
import type { Source } from '../node/files/output-names.ts';
import { walkInputs } from '../node/files/walk-inputs.ts';
import { asSayehError } from './report-error.ts';
import type { Terminal } from './terminal.ts';

/** How a run over several inputs went. */
export interface Tally {
  /** Inputs found, those that failed included. */
  readonly total: number;
  /** One for each input that failed. */
  readonly errors: readonly SayehErrorCode[];
}

/**
 * Does one thing to every input, folders walked if asked for. An input that fails is reported and the next one
 * done; nothing is begun once `signal` is aborted. `many` tells `work` whether inputs share one destination.
 */
export async function eachInput(
  inputs: readonly string[],
  options: {
    readonly recursive?: boolean | undefined;
    readonly signal: AbortSignal;
    readonly terminal: Terminal;
  },
  work: (source: Source, many: boolean) => Promise<void>,
): Promise<Tally> {
  const { signal, terminal } = options;
  const recursive = options.recursive ?? false;
  const { sources, failures } = await walkInputs(inputs, { recursive });
  const errors: SayehErrorCode[] = [];
  const fail = (input: string, error: SayehError) => {
    errors.push(error.code);
    terminal.error(error.message, error.cause);
    terminal.record({ input, status: 'failed', code: error.code, message: error.message });
  };
  for (const { input, error } of failures) fail(input, error);
  const total = sources.length + failures.length;
  for (const source of sources) {
    if (signal.aborted) errors.push('aborted');
    if (signal.aborted) break;
    try {
      await work(source, total > 1 || recursive);
    } catch (cause) {
      fail(source.file, asSayehError(cause, source.file));
    }
  }
  terminal.endProgress();
  return { total, errors };
}
