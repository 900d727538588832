import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { SayehError, type SayehErrorCode } from '../../core/errors.ts';
import { identify } from '../../node/files/input-file.ts';
import { outputPath, type Source } from '../../node/files/output-names.ts';
import { readPlan } from '../../node/files/plan-file.ts';
import { walkInputs } from '../../node/files/walk-inputs.ts';
import { outputExtension } from '../../pipeline/output-type.ts';
import type { ReviewItem } from '../../review/item.ts';
import type { ReviewInput } from '../../review/session.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { PROTECTING, type ProtectingOptions, terminalFor, withOptions } from '../options.ts';
import { asSayehError } from '../report-error.ts';
import type { Terminal } from '../terminal.ts';

export function reviewCommand(): Command {
  const command = new Command('review')
    .description('open a page on this machine to see what is covered, change it, and write the new files')
    .argument('<inputs...>', 'photos, videos, or folders of them')
    .option('--plan <file>', 'for one input: go on with this plan, and keep what is changed in it');
  withOptions(command, [...PROTECTING, 'json', 'quiet', 'verbose']);
  return command.action((inputs: string[], options: ReviewCommandOptions) => review(inputs, options));
}

export interface ReviewCommandOptions extends ProtectingOptions {
  plan?: string;
}

/**
 * Serves the review page until it is closed. `mustRender` says that an input that was not rendered counts as failed:
 * somebody asked for it to be protected.
 */
export async function review(
  inputs: readonly string[],
  options: ReviewCommandOptions,
  { mustRender = false } = {},
): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
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
    const server = await startReview(await inputsFor(sources, options), {
      ...options,
      settings: { style, cover, audio },
      version: await ownVersion(),
      overwrite: options.force ?? false,
      onProgress: (file, progress) => terminal.progress(path.basename(file))(progress),
    });
    signal.addEventListener('abort', () => void server.close(), { once: true });
    if (signal.aborted) void server.close();
    showAddress(terminal, server.address);
    await server.ended;
    process.exitCode = sumUp(terminal, server.session.items, { mustRender, stopped: signal.aborted });
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

function sumUp(
  terminal: Terminal,
  items: readonly ReviewItem[],
  { mustRender, stopped }: { mustRender: boolean; stopped: boolean },
): number {
  const errors: SayehErrorCode[] = [];
  for (const { summary, source, autosave } of items) {
    const { rendered } = summary;
    const done = rendered?.status === 'done';
    if (done) terminal.say(`protected ${path.basename(source.file)} -> ${source.output}`);
    else if (mustRender && !stopped) terminal.error(`${path.basename(source.file)} was not rendered`);
    if (summary.error !== undefined) terminal.error(`${path.basename(source.file)}: ${summary.error}`);
    if (autosave.saved) terminal.say(`  plan of ${path.basename(source.file)} -> ${autosave.file}`);
    terminal.record({
      input: source.file,
      status: done ? 'protected' : 'reviewed',
      ...(done && { output: source.output }),
      ...(autosave.saved && { plan: autosave.file }),
    });
    if (rendered?.status === 'failed') errors.push(rendered.code as SayehErrorCode);
    else if (summary.status === 'failed' || (mustRender && !done)) errors.push('internal');
  }
  return stopped ? EXIT.interrupted : exitCodeFor(errors);
}

async function ownVersion(): Promise<string> {
  return JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}
