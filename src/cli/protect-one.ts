import path from 'node:path';
import type { GivenLimits } from '../core/limits.ts';
import { identify } from '../node/files/input-file.ts';
import { type Destination, outputPath, type Source } from '../node/files/output-names.ts';
import { outputExtension } from '../pipeline/output-type.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { Jobs } from './jobs.ts';
import type { ProtectingOptions } from './options.ts';
import type { Terminal } from './terminal.ts';
import type { Witness } from './with-evidence.ts';
import type { Published } from './with-report.ts';
import { describe } from './words.ts';

/** What protecting one file of a run needs beside the file. */
export interface ProtectRun {
  readonly options: ProtectingOptions & { readonly resume?: boolean; readonly limit?: GivenLimits };
  readonly jobs: Jobs;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  readonly witness: Witness;
}

/** Where a file will go: a new name each time, unless names are kept. Throws SayehError. */
export async function outputFor(source: Source, to: Destination): Promise<string> {
  return outputPath(source, outputExtension(await identify(source.file)), to);
}

/** Protects one file and says so. Throws SayehError. */
export async function protectOne(
  { file }: Source,
  output: string,
  { options, jobs, signal, terminal, witness }: ProtectRun,
  published: Published = async (_output, result) => result,
): Promise<Protected> {
  const work = () =>
    jobs.run(
      'protect',
      {
        input: file,
        output,
        threads: jobs.threads,
        options: {
          style: options.style,
          cover: options.cover,
          audio: options.audio,
          sensitivity: options.sensitivity,
          every: options.every,
          detector: options.detector,
          videoCodec: options.videoCodec,
          threads: options.threads,
          overwrite: options.force ?? false,
          resume: options.resume ?? false,
          limits: options.limit,
        },
      },
      file,
      {
        signal,
        onProgress: terminal.progress(path.basename(file)),
        onNote: (note) => terminal.warn(note),
      },
    );
  const result = await witness(file, output, async () => published(output, await work()));
  for (const line of describe(file, output, result)) terminal.say(line);
  for (const warning of result.warnings) terminal.warn(warning);
  terminal.record(record(file, output, result));
  return result;
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
