import type { Command } from 'commander';
import type { SayehErrorCode } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { ReportFile, ReportSettings } from '../core/report/report.ts';
import type { Language } from '../core/report/words/words.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { ReportWriter } from '../pipeline/report-writer.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { Jobs } from './jobs.ts';
import { withOptions } from './options.ts';
import { asSayehError } from './report-error.ts';
import type { Terminal } from './terminal.ts';

/** What `--report` and its companions give. */
export interface ReportOptions {
  report?: string;
  reportLanguage: Language;
  reportDate?: boolean;
}

export const withReportOptions = (command: Command): Command =>
  withOptions(command, ['report', 'reportLanguage', 'reportDate']);

interface RunOptions extends ReportOptions {
  readonly style: ReportSettings['style'];
  readonly cover: ReportSettings['cover'];
  readonly audio: ReportSettings['audio'];
  readonly videoCodec: ReportSettings['codec'];
  readonly force?: boolean;
  readonly limit?: GivenLimits;
}

/** Calls for a run's report. Without `--report` they do nothing. */
export interface RunReport {
  /** Wraps the work on one input. `work` hands what it published, and where, to the function it is given. */
  input(file: string, work: (published: Published) => Promise<void>): Promise<void>;
  /** At the end of a run: the codes of all inputs that failed, those that never came to `input` first. */
  end(errors: readonly SayehErrorCode[]): void;
}
export type Published = (
  output: string,
  result: Protected,
  settings?: Pick<ReportSettings, 'style' | 'cover' | 'audio'>,
) => Promise<Protected>;

const NO_REPORT: RunReport = {
  input: (_file, work) => work(async (_output, result) => result),
  end: () => {},
};

/**
 * Runs `work` and writes the report if `--report` asks for one. What is wrong with its place is refused before `work`
 * begins. What was published stays where the report fails: it is safe, the message says that the report is missing,
 * and the exit code is not 0. A run that was stopped gets no report: it would speak of half of it.
 */
export async function withReport(
  options: RunOptions,
  run: { readonly terminal: Terminal; readonly signal: AbortSignal; readonly jobs: Jobs },
  work: (report: RunReport) => Promise<void>,
): Promise<void> {
  if (options.report === undefined) return work(NO_REPORT);
  const { terminal, signal } = run;
  const place = options.report;
  const fail = (cause: unknown) => {
    const error = asSayehError(cause, 'the report');
    terminal.error(error.message, error.cause);
    return error.code;
  };
  const { ReportWriter } = await import('../pipeline/report-writer.ts');
  let writer: ReportWriter;
  try {
    writer = await ReportWriter.open(place, { overwrite: options.force ?? false });
  } catch (cause) {
    const code = fail(cause);
    process.exitCode = code === 'usage' ? EXIT.usage : exitCodeFor([code]);
    return;
  }
  const files = new ReportedFiles(run.jobs, options.limit);
  try {
    await work(files);
    if (signal.aborted) terminal.warn('no report was written: the run was stopped');
    else if (files.count > 0) {
      await files.write(writer, options);
      terminal.say(`report -> ${writer.places.join(', ')}`);
      terminal.record({ status: 'reported', report: writer.places });
    }
  } catch (cause) {
    const code = fail(cause);
    terminal.record({ status: 'failed', report: writer.places, code });
    terminal.warn('there is no report; what was published is safe and stays');
    if (!process.exitCode) process.exitCode = exitCodeFor([code]);
  } finally {
    await writer.discard();
  }
}

/** Collects what happened to each input, numbered in the order of work. */
class ReportedFiles implements RunReport {
  readonly #jobs: Jobs;
  readonly #files: ReportFile[] = [];
  #begun = 0;
  readonly #limits: GivenLimits | undefined;
  #failed = 0;
  #namesKept = false;
  /** Where files were not written as the options say. */
  #settings: Partial<ReportSettings> = {};
  /** Why a file that was published cannot be reported on. */
  #trouble: unknown;

  constructor(jobs: Jobs, limits: GivenLimits | undefined) {
    this.#jobs = jobs;
    this.#limits = limits;
  }

  get count(): number {
    return this.#begun;
  }

  async input(file: string, work: (published: Published) => Promise<void>): Promise<void> {
    const number = ++this.#begun;
    let published = false;
    try {
      await work(async (output, result, settings) => {
        published = true;
        if (settings) this.#settings = weaker(this.#settings, settings);
        await this.#look(number, file, output, result).catch((cause) => {
          this.#trouble ??= cause;
        });
        return result;
      });
    } catch (cause) {
      this.#failed++;
      if (!published) this.#add(number, asSayehError(cause, file).code);
      throw cause;
    }
  }

  end(errors: readonly SayehErrorCode[]): void {
    for (const code of errors.slice(0, errors.length - this.#failed)) this.#add(++this.#begun, code);
  }

  /** Throws SayehError; a report that lacks a file is not written. */
  async write(writer: ReportWriter, options: RunOptions): Promise<void> {
    if (this.#trouble !== undefined) throw this.#trouble;
    const { reportOf } = await import('../pipeline/report.ts');
    const { style, cover, audio, videoCodec: codec } = { ...options, ...this.#settings };
    const named = this.#files.every((file) => file.status === 'failed' || file.name !== undefined);
    const names = this.#namesKept ? 'kept' : named ? 'neutral' : 'chosen';
    const date = options.reportDate ? new Date().toISOString().slice(0, 10) : undefined;
    const report = await reportOf(this.#files, { style, cover, audio, codec, names }, { date });
    await writer.write(report, options.reportLanguage);
  }

  #add(number: number, code: SayehErrorCode): void {
    this.#files.push({ status: 'failed', number, code });
  }

  async #look(number: number, input: string, output: string, result: Protected): Promise<void> {
    const { keepsName } = await import('../pipeline/report.ts');
    this.#namesKept ||= keepsName(input, output);
    this.#files.push(
      await this.#jobs.run('reportOn', { number, input, output, result, limits: this.#limits }, input),
    );
  }
}

/** What holds for all files of a run, where they differ: the report promises no more than the least of them. */
function weaker(
  one: Partial<ReportSettings>,
  { style, cover, audio }: Pick<ReportSettings, 'style' | 'cover' | 'audio'>,
): Partial<ReportSettings> {
  return {
    style,
    cover: one.cover === 'face' ? 'face' : cover,
    audio: one.audio === 'keep' ? 'keep' : audio,
  };
}
