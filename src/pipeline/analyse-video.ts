import type { Sensitivity } from '../core/detect/catalogue.ts';
import type { Detection } from '../core/detect/detection.ts';
import { lookScales } from '../core/detect/look-scales.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { planFromTracks } from '../core/plan/from-tracks.ts';
import type { Plan } from '../core/plan/plan.ts';
import { CameraMotionEstimator } from '../core/track/camera-motion/estimator.ts';
import { lumaSize } from '../core/track/camera-motion/luma-size.ts';
import type { FrameLooks, LookKind } from '../core/track/frame-looks.ts';
import { track } from '../core/track/track.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { FrameLooker } from '../node/media/video/frame-looker.ts';
import { FrameScaler } from '../node/media/video/frame-scaler.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';
import type { OnProgress } from './progress.ts';

export interface AnalyseOptions {
  readonly sensitivity: Sensitivity;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Scores above these go to the tracker, which weighs them over time. */
const THRESHOLDS: Record<LookKind, number> = { cheap: 0.1, careful: 0.1, fine: 0.1 };
const CAREFUL_EVERY = 3;

/** Finds and follows the faces of a film, and says what to cover. */
export async function analyseVideo(
  file: string,
  format: VideoFormat,
  detectors: Detectors,
  { sensitivity, signal, onProgress }: AnalyseOptions,
): Promise<Plan> {
  const reader = await VideoReader.open(file, format);
  const scaler = new FrameScaler();
  try {
    const pool = await detectors.pool();
    const { width, height, frameRate, frameCountHint } = reader.info;
    const scales = lookScales(width, height);
    const looker = new FrameLooker(pool, scaler);
    const small = lumaSize(width, height);
    const estimator = new CameraMotionEstimator({
      width,
      height,
      lumaWidth: small.width,
      lumaHeight: small.height,
    });

    const frames: { motion: FrameLooks['motion']; looks: { kind: LookKind; detections: Detection[] }[] }[] =
      [];
    const answers: Promise<void>[] = [];
    for await (const { index, picture } of reader.frames(signal)) {
      const motion = estimator.next(await scaler.luma(picture, small.width, small.height));
      const frame: (typeof frames)[number] = { motion, looks: [] };
      frames.push(frame);
      const kinds: LookKind[] = index % CAREFUL_EVERY === 0 || motion.cut ? ['cheap', 'careful'] : ['cheap'];
      for (const kind of kinds) {
        const { found } = await looker.look(picture, scales[kind], THRESHOLDS[kind]);
        answers.push(found.then((detections) => void frame.looks.push({ kind, detections })));
      }
      onProgress?.({ phase: 'analyse', done: index + 1, total: frameCountHint || undefined });
    }
    await Promise.all(answers);

    const fps = frameRate || 25;
    const tracks = track(frames, { width, height, fps, sensitivity });
    return planFromTracks(
      { kind: 'video', width, height, frames: frames.length, frameRate },
      { detector: pool.name, sensitivity },
      tracks,
      frames.flatMap(({ motion }, index) => (motion.cut ? [index] : [])),
      [],
    );
  } finally {
    scaler.close();
    await reader.close();
  }
}
