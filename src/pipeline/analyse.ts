import type { DetectorName, Sensitivity } from '../core/detect/catalogue.ts';
import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { CameraMotion } from '../core/track/camera-motion.ts';
import { identify } from '../node/files/input-file.ts';
import { whileUnchanged } from '../node/files/while-unchanged.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { AnalysisCheckpoint } from './analysis-checkpoint.ts';
import type { OnProgress } from './progress.ts';

export interface AnalyseOptions {
  readonly sensitivity?: Sensitivity | undefined;
  readonly detector?: DetectorName | undefined;
  /**
   * Films: look for faces in every so manyth frame, counted from each cut, and in no other. Left out, each frame
   * is looked at as closely as the film needs; this misses who appears or runs between two looks.
   */
  readonly every?: number | undefined;
  /** What the file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Shared by several calls; one is started and closed for this call if left out. */
  readonly detectors?: Detectors | undefined;
}

/** A plan, and what is known from its making. */
export interface Analysis {
  readonly plan: Plan;
  /** Of a film: how the camera came to each frame. */
  readonly motion?: readonly CameraMotion[];
}

/** Finds every face in a photo or film and says what to cover. Writes nothing. Throws SayehError. */
export async function analyse(input: string, options: AnalyseOptions = {}): Promise<Plan> {
  const own = options.detectors === undefined;
  const detectors = options.detectors ?? new Detectors(options.detector ?? 'centerface');
  try {
    const type = await identify(input);
    const made = await whileUnchanged(input, options.signal, () =>
      analyseFully(input, type, detectors, options),
    );
    return made.plan;
  } finally {
    if (own) await detectors.close();
  }
}

/**
 * The same with all that is known in the end, for a file whose type is known and that somebody else sees to it stays
 * as it is.
 */
export async function analyseFully(
  input: string,
  type: MediaType,
  detectors: Detectors,
  options: AnalyseOptions,
  checkpoint?: AnalysisCheckpoint,
): Promise<Analysis> {
  checkEvery(options.every);
  const settings = { ...options, sensitivity: options.sensitivity ?? 'normal' } as const;
  detectors.start(type.kind); // networks load on their own threads while this one loads the libraries for the medium
  if (type.kind === 'photo') {
    const { analysePhoto } = await import('./analyse-photo.ts');
    return { plan: await analysePhoto(input, detectors, settings) };
  }
  const { analyseVideo } = await import('./analyse-video.ts');
  return analyseVideo(input, type.format, detectors, { ...settings, checkpoint });
}

function checkEvery(every: number | undefined): void {
  if (every === undefined || (Number.isSafeInteger(every) && every >= 1)) return;
  throw new SayehError('usage', `every must be a whole number from 1, not ${every}`);
}
