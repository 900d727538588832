import path from 'node:path';
import { Command } from 'commander';
import type { SayehErrorCode } from '../../core/errors.ts';
import { identify } from '../../node/files/input-file.ts';
import { type Destination, outputPath, type Source } from '../../node/files/output-names.ts';
import { Detectors } from '../../node/inference/detectors.ts';
import { outputExtension } from '../../pipeline/output-type.ts';
import { type Protected, protect } from '../../pipeline/protect.ts';
import { eachInput } from '../each-input.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { PROTECTING, type ProtectingOptions, terminalFor, withOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { type EvidenceOptions, type Witness, withEvidence, withEvidenceOptions } from '../with-evidence.ts';
import {
  type Published,
  type ReportOptions,
  type RunReport,
  withReport,
  withReportOptions,
} from '../with-report.ts';
import { describe } from '../words.ts';

interface Options extends ProtectingOptions, EvidenceOptions, ReportOptions {
  recursive?: boolean;
  review?: boolean;
}

export function protectCommand(): Command {
  const command = new Command('protect')
    .description('cover every face and write new files that carry no trace of who, where, when or with what')
    .argument('<inputs...>', 'photos, videos, or with -r folders');
  withOptions(command, [...PROTECTING, 'recursive', 'review', 'json', 'quiet', 'verbose']);
  return withReportOptions(withEvidenceOptions(command)).action(run);
}

async function run(inputs: string[], options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  await withReport(options, { terminal, signal }, (report) =>
    withEvidence(options, { inputs, terminal, signal }, async (witness) => {
      if (!options.review) return everyInput(inputs, options, witness, report, signal, terminal);
      const { review } = await import('./review.ts');
      await review(inputs, options, { terminal, signal, records: { report, witness } });
    }),
  );
}

async function everyInput(
  inputs: string[],
  options: Options,
  witness: Witness,
  report: RunReport,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  const detectors = new Detectors(options.detector);
  try {
    const { total, errors } = await eachInput(inputs, { ...options, signal, terminal }, (source, many) => {
      const { output, keepNames = false } = options;
      const to = { output, keepNames, many };
      return report.input(source.file, (published) =>
        one(source, to, options, detectors, witness, published, signal, terminal),
      );
    });
    report.end(errors);
    if (total > 1) summarise(terminal, total, errors);
    if (total === 0) terminal.error('there is nothing to protect in those folders');
    process.exitCode = total === 0 ? EXIT.failed : exitCodeFor(errors);
  } finally {
    await detectors.close();
  }
}

async function one(
  source: Source,
  destination: Destination,
  options: Options,
  detectors: Detectors,
  witness: Witness,
  published: Published,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  const output = await outputPath(source, outputExtension(await identify(source.file)), destination);
  const work = () =>
    protect(source.file, output, {
      style: options.style,
      cover: options.cover,
      audio: options.audio,
      sensitivity: options.sensitivity,
      every: options.every,
      detector: options.detector,
      videoCodec: options.videoCodec,
      threads: options.threads,
      overwrite: options.force ?? false,
      signal,
      onProgress: terminal.progress(path.basename(source.file)),
      detectors,
    });
  const result = await witness(source.file, output, async () => published(output, await work()));
  for (const line of describe(source.file, output, result)) terminal.say(line);
  for (const warning of result.warnings) terminal.warn(warning);
  terminal.record(record(source.file, output, result));
}

function record(input: string, output: string, result: Protected) {
  const { type, plan, framesCovered, sound, check, warnings } = result;
  const covered = plan.tracks.filter((track) => track.decision === 'cover');
  return {
    input,
    status: 'protected',
    output,
    kind: type.kind,
    width: plan.film.width,
    height: plan.film.height,
    frames: plan.film.frames,
    framesCovered,
    facesCovered: covered.length,
    doubtful: covered.filter((track) => track.standing === 'doubtful').length,
    risks: plan.risks.length,
    sound,
    check,
    warnings,
  };
}

function summarise(terminal: Terminal, total: number, errors: readonly SayehErrorCode[]): void {
  const done = total - errors.length;
  terminal.say(
    errors.length === 0 ? `All ${total} files protected.` : `${done} of ${total} files protected.`,
  );
}
