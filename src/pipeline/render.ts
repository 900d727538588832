import { SayehError } from '../core/errors.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Style } from '../core/redact/redact.ts';
import { identify } from '../node/files/input-file.ts';
import { publish } from '../node/files/output-file.ts';
import type { VideoCodec } from '../node/media/video/codecs.ts';
import { framesCovered } from './frames-covered.ts';
import type { OnProgress } from './progress.ts';
import type { Protected } from './protect.ts';

export interface RenderOptions {
  readonly style?: Style | undefined;
  readonly cover?: 'head' | 'face' | undefined;
  readonly audio?: 'drop' | 'keep' | undefined;
  readonly videoCodec?: VideoCodec | undefined;
  /** Encoder threads; 1 makes a film's bytes a function of the input alone. */
  readonly threads?: number | undefined;
  /** Replace a file that is already there. */
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Writes `output` as the plan says, checked before it appears. The same input and plan give the same photo on
 * every run, and the same film with `threads: 1`. Throws SayehError.
 */
export async function render(
  input: string,
  plan: Plan,
  output: string,
  options: RenderOptions = {},
): Promise<Protected> {
  try {
    const type = await identify(input);
    return await publish(output, { overwrite: options.overwrite ?? false }, async ({ partial }) => ({
      type,
      plan,
      ...(await renderAndCheck(input, type, plan, partial, options)),
    }));
  } catch (error) {
    throw options.signal?.aborted
      ? new SayehError('aborted', 'stopped before it was done', { cause: error })
      : error;
  }
}

/** Renders into an existing empty file and checks what was written; commits nothing. */
export async function renderAndCheck(
  input: string,
  type: MediaType,
  plan: Plan,
  partial: string,
  options: RenderOptions,
): Promise<Pick<Protected, 'framesCovered' | 'sound' | 'warnings'>> {
  if (plan.film.kind !== type.kind) {
    throw new SayehError('usage', `this plan is for a ${plan.film.kind}, the input is a ${type.kind}`);
  }
  const look = { style: options.style ?? 'blur', cover: options.cover ?? 'head' } as const;
  const { signal, onProgress } = options;
  const covered = framesCovered(plan);
  // Each medium's libraries take a tenth of a second to load, so the other's are left alone.
  if (type.kind === 'photo') {
    const { renderPhoto } = await import('./render-photo.ts');
    const { checkPhoto } = await import('./check-photo.ts');
    const written = await renderPhoto(input, plan, partial, { ...look, signal, onProgress });
    await checkPhoto(partial, plan, written);
    return { framesCovered: covered, sound: 'none', warnings: written.warnings };
  }
  const { renderVideo } = await import('./render-video.ts');
  const { checkVideo } = await import('./check-video.ts');
  const written = await renderVideo(input, type.format, plan, partial, {
    ...look,
    codec: options.videoCodec ?? 'h264',
    audio: options.audio ?? 'drop',
    threads: options.threads ?? 0,
    signal,
    onProgress,
  });
  await checkVideo(partial, plan, written, { signal, onProgress });
  const { every = 1 } = plan.analysis;
  const warnings =
    every > 1
      ? [
          `Faces were looked for in one frame of ${every}: who was there in between only is not covered.`,
          ...written.warnings,
        ]
      : written.warnings;
  return { framesCovered: covered, sound: written.sound, warnings };
}
