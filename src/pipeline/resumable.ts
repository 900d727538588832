import path from 'node:path';
import type { MediaType } from '../core/media-type.ts';
import { CheckpointFiles } from '../node/files/checkpoint-files.ts';
import { type OutputFile, publish } from '../node/files/output-file.ts';
import { whileUnchanged } from '../node/files/while-unchanged.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { type AnalyseOptions, type Analysis, analyseFully } from './analyse.ts';
import { AnalysisCheckpoint } from './analysis-checkpoint.ts';
import type { OnNote } from './progress.ts';

export interface ResumeOptions {
  /**
   * Films: keep what the analysis has found beside the output, in a hidden file that goes when all is done, and go on
   * from what a run before this one kept.
   */
  readonly resume?: boolean | undefined;
  /** Hears what an earlier run left, and what became of it. */
  readonly onNote?: OnNote | undefined;
}

/**
 * Publishes what `work` makes of the faces found in `input`. The file that is read must stay as it is from the first
 * frame of the analysis to the last that `work` reads.
 */
export async function resumable<T>(
  input: string,
  type: MediaType,
  output: string,
  detectors: Detectors,
  options: AnalyseOptions & ResumeOptions & { readonly overwrite?: boolean | undefined },
  work: (made: Analysis, file: OutputFile) => Promise<T>,
): Promise<T> {
  const { signal, resume = false, sensitivity = 'normal', every } = options;
  const onNote = options.onNote ?? (() => {});
  let checkpoint: AnalysisCheckpoint | undefined;
  try {
    const result = await publish(output, { overwrite: options.overwrite ?? false }, (file) =>
      whileUnchanged(input, signal, async (fingerprint) => {
        if (type.kind === 'video') {
          const files = new CheckpointFiles(path.dirname(output), fingerprint);
          if (resume)
            checkpoint = new AnalysisCheckpoint(
              files,
              { detector: detectors.name, sensitivity, every },
              onNote,
            );
          else await mentionLeft(files, onNote);
        }
        return work(await analyseFully(input, type, detectors, options, checkpoint), file);
      }),
    );
    await checkpoint?.remove();
    return result;
  } catch (error) {
    if (checkpoint?.isKept)
      onNote(
        `the same command goes on from here; ${checkpoint.name}, beside the output, holds what was found`,
      );
    throw error;
  }
}

async function mentionLeft(files: CheckpointFiles, onNote: OnNote): Promise<void> {
  const [name] = await files.left();
  if (name !== undefined)
    onNote(
      `an earlier run left ${name} beside the output: --resume goes on from it; if you do not want it, delete it`,
    );
}
