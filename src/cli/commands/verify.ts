import path from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { SayehError } from '../../core/errors.ts';
import type { FacesSeen } from '../../pipeline/look-for-faces.ts';
import type { OnProgress } from '../../pipeline/progress.ts';
import type { Verification } from '../../pipeline/verify.ts';
import { describeComparison, keepsFrames } from '../compare-words.ts';
import { eachInput } from '../each-input.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { describeFaces } from '../face-words.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { terminalFor, withOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { count, printable } from '../words.ts';

/** Reasons shown for one file unless all are asked for. */
const SHOWN = 20;

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      'say whether files hold anything beside their picture and sound, and whether a face is open to see',
    )
    .argument('<inputs...>', 'photos, videos, or with -r folders')
    .option(
      '--against <original>',
      'also hold one file against its original, frame by frame: what differs where',
    );
  command.option('--metadata-only', 'do not look at the picture');
  return withOptions(command, ['recursive', 'jobs', 'memory', 'patience', 'limit', 'json', 'verbose']).action(
    run,
  );
}

interface Options extends JobOptions {
  metadataOnly?: boolean;
  against?: string;
  recursive?: boolean;
  json?: boolean;
  verbose?: boolean;
}

async function run(inputs: string[], options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const { against } = options;
  if (against !== undefined && (inputs.length > 1 || options.recursive)) {
    terminal.error('--against holds one file against its original: name one file, without -r');
    process.exitCode = EXIT.usage;
    return;
  }
  const jobs = new Jobs(options);
  let unclean = 0;
  const { recursive } = options;
  const each = { recursive, signal, terminal, atOnce: jobs.count };
  const { total, done, errors } = await eachInput(inputs, each, async ({ file }) => {
    const hooks = { signal, onProgress: terminal.progress(path.basename(file)) };
    const found = await jobs.run('verify', { file }, file, hooks);
    const faces = options.metadataOnly ? undefined : await look(file, options, jobs, hooks);
    const comparison =
      against === undefined
        ? undefined
        : await jobs.run('compare', { file, original: against, limits: options.limit }, file, hooks);
    // All at once, so that what is said of several files does not mix.
    show(terminal, found);
    for (const line of faces ? describeFaces(faces) : []) terminal.say(line);
    const shows = faces !== undefined && (!('places' in faces) || faces.places.length > 0);
    const clean = found.clean && !shows;
    if (!clean) unclean++;
    const { type, size, violations } = found;
    const status = clean ? 'clean' : found.clean ? 'shows-faces' : 'unclean';
    const record = { input: file, status, ...type, size, violations, ...(faces && { faces }) };
    if (against === undefined || !comparison) return terminal.record(record);
    for (const line of describeComparison(comparison, path.basename(against), options.verbose ?? false))
      terminal.say(line);
    const differs = !keepsFrames(comparison);
    if (clean && differs) unclean++;
    terminal.record({ ...record, ...(clean && differs && { status: 'differs' }), against: comparison });
  }).finally(() => jobs.close());
  if (total === 0) terminal.error('there is nothing to verify in those folders');
  if (total > 1)
    terminal.say(`${done - unclean} of ${total} files clean, ${errors.length} could not be read.`);
  const code = total === 0 ? EXIT.failed : exitCodeFor(errors);
  process.exitCode = unclean > 0 && code !== EXIT.interrupted ? EXIT.unsafe : code;
}

/** What networks see in the picture, or why they could not look: then nothing is known, which is not safe. */
async function look(
  file: string,
  { against, limit: limits }: Options,
  jobs: Jobs,
  hooks: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<FacesSeen | { readonly notLookedAt: string }> {
  try {
    return await jobs.run('lookForFaces', { file, against, limits, threads: jobs.threads }, file, hooks);
  } catch (error) {
    if (error instanceof SayehError && (error.code === 'corrupt' || error.code === 'unsupported'))
      return { notLookedAt: error.message };
    throw error;
  }
}

function show(terminal: Terminal, { name, type, clean, violations }: Verification): void {
  const verdict = clean ? pc.green('clean') : pc.red('not clean');
  terminal.say(`${verdict} ${name}  ${type.format} ${type.kind}`);
  const shown = terminal.verbosity === 'verbose' ? violations : violations.slice(0, SHOWN);
  for (const { part, reason } of shown) terminal.say(`  ${printable(part)}: ${printable(reason)}`);
  const more = violations.length - shown.length;
  if (more > 0) terminal.say(`  and ${count(more, 'more reason')} (--verbose shows all)`);
}
