import path from 'node:path';
import { Command } from 'commander';
import type { Style } from '../../core/redact/redact.ts';
import { readPlan } from '../../node/files/plan-file.ts';
import type { VideoCodec } from '../../node/media/video/codecs.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { terminalFor, withOptions } from '../options.ts';
import { outputFor } from '../protect-one.ts';
import { renderInJob } from '../render-in-job.ts';
import { asSayehError } from '../report-error.ts';
import type { Terminal } from '../terminal.ts';
import { type ReportOptions, type RunReport, withReport, withReportOptions } from '../with-report.ts';
import { describe } from '../words.ts';

export function renderCommand(): Command {
  const command = new Command('render')
    .description('write a photo or video as a plan says, checked like `protect` does')
    .argument('<input>', 'the photo or video that the plan was made for')
    .requiredOption('--plan <file>', 'a plan from `sayeh plan`');
  withOptions(command, [
    'output',
    'style',
    'cover',
    'audio',
    'videoCodec',
    'threads',
    'keepNames',
    'force',
    'memory',
    'patience',
    'limit',
    'quiet',
    'verbose',
  ]);
  return withReportOptions(command).action(run);
}

interface Options extends ReportOptions, JobOptions {
  plan: string;
  output?: string;
  style: Style;
  cover: 'head' | 'face';
  audio: 'drop' | 'keep';
  videoCodec: VideoCodec;
  threads: number;
  keepNames?: boolean;
  force?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

async function run(input: string, options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const jobs = new Jobs(options);
  await withReport(options, { terminal, signal, jobs }, (report) =>
    one(input, options, report, jobs, signal, terminal),
  ).finally(() => jobs.close());
}

async function one(
  input: string,
  options: Options,
  report: RunReport,
  jobs: Jobs,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  try {
    const plan = await readPlan(options.plan);
    await report.input(input, async (published) => {
      const destination = { output: options.output, keepNames: options.keepNames ?? false, many: false };
      const source = { file: input, below: '' };
      const output = await outputFor(source, destination);
      const { style, cover, audio, videoCodec, threads, limit: limits, force: overwrite = false } = options;
      const onProgress = terminal.progress(path.basename(input));
      const how = { style, cover, audio, videoCodec, threads, limits, overwrite, signal, onProgress };
      const rendered = await renderInJob(jobs, input, plan, output, how);
      const result = await published(output, rendered);
      for (const line of describe(input, output, result)) terminal.say(line);
      for (const warning of result.warnings) terminal.warn(warning);
    });
  } catch (cause) {
    const error = asSayehError(cause, input);
    terminal.error(error.message, error.cause);
    process.exitCode = error.code === 'usage' ? EXIT.usage : exitCodeFor([error.code]);
  }
}
