import type { PictureCheck } from '../core/check/picture-check.ts';
import { SayehError } from '../core/errors.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import { identify } from '../node/files/input-file.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { AnalyseOptions } from './analyse.ts';
import { type RenderOptions, renderAndCheck } from './render.ts';
import { type ResumeOptions, resumable } from './resumable.ts';

/** Everything that can be asked of finding faces, and of writing the new file. */
export type ProtectOptions = AnalyseOptions & RenderOptions & ResumeOptions;

/** What happened to one file. */
export interface Protected {
  readonly type: MediaType;
  /** What was covered in the end, what the check of the written file added included. */
  readonly plan: Plan;
  /** Frames in which something is covered. */
  readonly framesCovered: number;
  readonly sound: 'none' | 'dropped' | 'kept';
  /** What came of looking for people in the written file. */
  readonly check: PictureCheck;
  /** Things the user should know, in plain words. */
  readonly warnings: readonly string[];
}

/**
 * Covers every face found in `input` and writes a new file to `output` that holds the picture and nothing
 * else. Either `output` appears, whole and checked, or nothing does. The input is only read.
 *
 * Throws SayehError; its code says what went wrong. `signal` stops the work with code 'aborted'.
 */
export async function protect(
  input: string,
  output: string,
  options: ProtectOptions = {},
): Promise<Protected> {
  const own = options.detectors === undefined;
  const detectors = options.detectors ?? new Detectors(options.detector ?? 'centerface');
  try {
    const type = await identify(input);
    return await resumable(input, type, output, detectors, options, async (made, { partial }) => ({
      type,
      ...(await renderAndCheck(input, type, made.plan, partial, detectors, options, made)),
    }));
  } catch (error) {
    throw options.signal?.aborted
      ? new SayehError('aborted', 'stopped before it was done', { cause: error })
      : error;
  } finally {
    if (own) await detectors.close();
  }
}
