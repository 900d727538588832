import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { SayehError, type SayehErrorCode } from '../../core/errors.ts';
import type { GivenLimits } from '../../core/limits.ts';
import { identify } from '../../node/files/input-file.ts';
import { outputPath, type Source } from '../../node/files/output-names.ts';
import { readPlan } from '../../node/files/plan-file.ts';
import { walkInputs } from '../../node/files/walk-inputs.ts';
import { outputExtension } from '../../pipeline/output-type.ts';
import type { ReviewItem } from '../../review/item.ts';
import type { ReviewInput } from '../../review/session.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { PROTECTING, type ProtectingOptions, terminalFor, withOptions } from '../options.ts';
import { asSayehError } from '../report-error.ts';
import { ReviewJobs } from '../review-jobs.ts';
import { ReviewRecord, type RunRecords } from '../review-records.ts';
import type { Terminal } from '../terminal.ts';

export function reviewCommand(): Command {
  const command = new Command('review')
    .description('open a page on this machine to see what is covered, change it, and write the new files')
    .argument('<inputs...>', 'photos, videos, or folders of them')
    .option('--plan <file>', 'for one input: go on with this plan, and keep what is changed in it');
  withOptions(command, [...PROTECTING, 'memory', 'patience', 'limit', 'json', 'quiet', 'verbose']);
  return command.action((inputs: string[], options: ReviewCommandOptions & JobOptions) => {
    const jobs = new Jobs(options);
    const run = { jobs, terminal: terminalFor(options), signal: stopOnSignals() };
    return review(inputs, options, run).finally(() => jobs.close());
  });
}

export interface ReviewCommandOptions extends ProtectingOptions {
  plan?: string;
  limit?: GivenLimits;
}

/**
 * Serves the review page until it is closed. `records` are those of `protect --review`: an input that was not
 * rendered counts as failed then, for somebody asked for it to be protected.
 */
export async function review(
  inputs: readonly string[],
  options: ReviewCommandOptions,
  {
    jobs,
    terminal,
    signal,
    records,
  }: {
    readonly jobs: Jobs;
    readonly terminal: Terminal;
    readonly signal: AbortSignal;
    readonly records?: RunRecords;
  },
): Promise<void> {
  try {
    const { sources, failures } = await walkInputs(inputs, { recursive: true });
    const [failure] = failures;
    if (failure) throw failure.error;
    if (sources.length === 0)
      throw new SayehError('unreadable', 'there is nothing to review in those folders');
    if (options.plan !== undefined && sources.length > 1) {
      throw new SayehError('usage', `--plan is for one input, and there are ${sources.length}`);
    }
    const { startReview } = await import('../../review/server.ts');
    const { style, cover, audio } = options;
    const files = await inputsFor(sources, options);
    let written: readonly ReviewRecord[] | undefined;
    const server = await startReview(files, {
      ...options,
      patience: undefined, // that of files is not that of the page
      work: new ReviewJobs(jobs, options.limit),
      settings: { style, cover, audio },
      version: await ownVersion(),
      overwrite: options.force ?? false,
      beforeRender: (index) => written?.[index].before(),
      onProgress: (file, progress) => terminal.progress(path.basename(file))(progress),
    });
    written = records && files.map(({ file, output }) => new ReviewRecord(file, output, records));
    signal.addEventListener('abort', () => void server.close(), { once: true });
    if (signal.aborted) void server.close();
    showAddress(terminal, server.address);
    await server.ended;
    const { items } = server.session;
    const errors: SayehErrorCode[] = [];
    for (const [index, item] of items.entries()) {
      const error = await outcomeOf(item, written?.[index], signal.aborted);
      tell(terminal, item, error);
      if (error) errors.push(error.code);
    }
    process.exitCode = signal.aborted ? EXIT.interrupted : exitCodeFor(errors);
  } catch (cause) {
    const error = asSayehError(cause, inputs[0]);
    terminal.error(error.message, error.cause);
    process.exitCode = error.code === 'usage' ? EXIT.usage : exitCodeFor([error.code]);
  }
}

async function inputsFor(
  sources: readonly Source[],
  { plan: planFile, output, keepNames = false }: ReviewCommandOptions,
): Promise<ReviewInput[]> {
  const inputs: ReviewInput[] = [];
  for (const [index, source] of sources.entries()) {
    const type = await identify(source.file);
    const to = await outputPath(source, outputExtension(type), {
      output,
      keepNames,
      many: sources.length > 1,
    });
    const stem = to.slice(0, -path.extname(to).length);
    inputs.push({
      file: source.file,
      label: keepNames ? path.basename(source.file) : String(index + 1),
      type,
      output: to,
      planFile: planFile ?? `${stem}.plan.json`,
      ...(planFile !== undefined && { plan: await readPlan(planFile) }),
    });
  }
  return inputs;
}

/**
 * The address holds the key, so it goes to this terminal alone: a browser started from here would show it to every
 * user of the machine in the list of processes.
 */
function showAddress(terminal: Terminal, address: string): void {
  if (terminal.json) {
    terminal.record({ status: 'serving', address });
    return;
  }
  terminal.endProgress();
  process.stdout.write(
    `Open this address in a browser on this machine, and show it to nobody:\n\n  ${address}\n\n`,
  );
  terminal.say('Closing the page ends this. Ctrl-C does too; what you changed is kept.');
}

/** Writes down what became of an input. What went wrong with it is the answer. */
async function outcomeOf(
  item: ReviewItem,
  record: ReviewRecord | undefined,
  stopped: boolean,
): Promise<SayehError | undefined> {
  const name = path.basename(item.source.file);
  const { error, rendered } = item.summary;
  const failed = rendered?.status === 'failed' ? rendered : undefined;
  const code = item.failure ?? (failed?.code as SayehErrorCode | undefined);
  const why = error ?? failed?.message;
  const wrong = code && why !== undefined ? new SayehError(code, `${name}: ${why}`) : undefined;
  if (!record) return wrong;
  const missing = () => wrong ?? new SayehError(stopped ? 'aborted' : 'internal', `${name} was not rendered`);
  try {
    await record.end(item.result ?? missing());
    return wrong;
  } catch (cause) {
    return asSayehError(cause, item.source.file);
  }
}

function tell(
  terminal: Terminal,
  { source, autosave, result }: ReviewItem,
  error: SayehError | undefined,
): void {
  const name = path.basename(source.file);
  if (result) terminal.say(`protected ${name} -> ${source.output}`);
  if (error && error.code !== 'aborted') terminal.error(error.message, error.cause);
  if (autosave.saved) terminal.say(`  plan of ${name} -> ${autosave.file}`);
  terminal.record({
    input: source.file,
    status: result ? 'protected' : 'reviewed',
    ...(result && { output: source.output }),
    ...(autosave.saved && { plan: autosave.file }),
  });
}

async function ownVersion(): Promise<string> {
  return JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}
