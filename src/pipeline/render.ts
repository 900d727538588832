import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Style } from '../core/redact/redact.ts';
import { identify } from '../node/files/input-file.ts';
import { publish } from '../node/files/output-file.ts';
import { whileUnchanged } from '../node/files/while-unchanged.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { VideoCodec } from '../node/media/video/codecs.ts';
import type { Analysis } from './analyse.ts';
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
  /** What the file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
  /** Replace a file that is already there. */
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Shared by several calls; those of the plan's detector are started and closed for this call if left out. */
  readonly detectors?: Detectors | undefined;
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
  const detectors = options.detectors ?? new Detectors(plan.analysis.detector);
  try {
    const type = await identify(input);
    return await publish(output, { overwrite: options.overwrite ?? false }, ({ partial }) =>
      whileUnchanged(input, options.signal, async () => ({
        type,
        ...(await renderAndCheck(input, type, plan, partial, detectors, options)),
      })),
    );
  } catch (error) {
    throw options.signal?.aborted
      ? new SayehError('aborted', 'stopped before it was done', { cause: error })
      : error;
  } finally {
    if (!options.detectors) await detectors.close();
  }
}

/**
 * Renders into an existing empty file, checks what was written and covers what the check found, until it finds
 * nothing; commits nothing. `made` is what these detectors found out when they just made the plan; a plan that comes
 * without is held against the input more thoroughly. The plan that comes back is the one that was rendered in the end.
 */
export async function renderAndCheck(
  input: string,
  type: MediaType,
  plan: Plan,
  partial: string,
  detectors: Detectors,
  options: RenderOptions,
  made?: Analysis,
): Promise<Omit<Protected, 'type'>> {
  if (plan.film.kind !== type.kind) {
    throw new SayehError('usage', `this plan is for a ${plan.film.kind}, the input is a ${type.kind}`);
  }
  detectors.start(type.kind);
  detectors.start('check'); // both load on their own threads while the first round is rendered
  // Each medium's libraries take a tenth of a second to load, so the other's are left alone.
  let result: Omit<Protected, 'type' | 'framesCovered'>;
  if (type.kind === 'photo') {
    const { photoUntilClean } = await import('./photo-until-clean.ts');
    result = await photoUntilClean(input, plan, partial, detectors, options, !made);
  } else {
    const { filmUntilClean } = await import('./film-until-clean.ts');
    result = await filmUntilClean(input, type.format, plan, partial, detectors, options, made);
  }
  return { ...result, framesCovered: framesCovered(result.plan) };
}
