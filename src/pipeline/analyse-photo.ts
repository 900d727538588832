import type { Sensitivity } from '../core/detect/catalogue.ts';
import { photoLooks } from '../core/detect/photo-looks.ts';
import { IDENTITY } from '../core/geometry/similarity.ts';
import type { GivenLimits } from '../core/limits.ts';
import { planFromTracks } from '../core/plan/from-tracks.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { FrameLooks } from '../core/track/frame-looks.ts';
import { track } from '../core/track/track.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { lookAtPhoto } from '../node/inference/look-at-photo.ts';
import { openPhoto } from '../node/media/photo/open-photo.ts';
import type { OnProgress } from './progress.ts';

/** A still has one frame; an animation or a document of several pages is looked at picture by picture. */
export async function analysePhoto(
  file: string,
  detectors: Detectors,
  {
    sensitivity,
    limits,
    signal,
    onProgress,
  }: {
    sensitivity: Sensitivity;
    limits?: GivenLimits | undefined;
    signal?: AbortSignal | undefined;
    onProgress?: OnProgress | undefined;
  },
): Promise<Plan> {
  const photo = await openPhoto(file, limits);
  const pool = await detectors.pool('photo');
  const { width, height, frameCount } = photo;
  const looks = photoLooks(width, height, sensitivity);
  const frames: FrameLooks[] = [];
  for await (const { index, data } of photo.frames()) {
    signal?.throwIfAborted();
    const pixels = { width, height, channels: photo.hasAlpha ? 4 : 3, data } as const;
    const detections = await lookAtPhoto(pool, detectors.name, pixels, looks, signal);
    frames.push({
      // Pictures of one file need not show one scene: each stands alone, so that none is judged by another.
      motion: { transform: IDENTITY, confidence: 1, cut: true },
      looks: [{ kind: 'careful', detections }],
    });
    onProgress?.({ phase: 'analyse', done: index + 1, total: frameCount });
  }
  const tracks = track(frames, { width, height, fps: 1, sensitivity: 'max' });
  return planFromTracks(
    { kind: 'photo', width, height, frames: frames.length, frameRate: 0 },
    { detector: detectors.name, sensitivity },
    tracks,
    [],
    [],
  );
}
