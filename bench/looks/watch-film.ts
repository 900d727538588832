import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { filmLooks, filmNetworks } from '../../src/core/detect/film-looks.ts';
import { CameraMotionEstimator } from '../../src/core/track/camera-motion/estimator.ts';
import { lumaSize } from '../../src/core/track/camera-motion/luma-size.ts';
import { type FrameLooks, LOOK_KINDS, type Look, type LookKind } from '../../src/core/track/frame-looks.ts';
import { LookStore } from '../../src/core/track/look-store.ts';
import { detectionFloor } from '../../src/core/track/sensitivity.ts';
import { ROOT } from '../places.ts';

/** All that could be seen of a frame: the camera's motion, and what a look of every kind finds. */
export interface WatchedFrame {
  readonly motion: FrameLooks['motion'];
  readonly looks: Record<LookKind, Look>;
}

export interface WatchedFilm {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: readonly WatchedFrame[];
}

// Native modules and worker threads are those of the library as built.
const built = (file: string) => import(pathToFileURL(path.join(ROOT, 'dist', 'node', file)).href);
const { VideoReader }: typeof import('../../src/node/media/video/video-reader.ts') = await built(
  'media/video/video-reader.js',
);
const { FrameScaler }: typeof import('../../src/node/media/video/frame-scaler.ts') = await built(
  'media/video/frame-scaler.js',
);
const { FrameLooker }: typeof import('../../src/node/media/video/frame-looker.ts') = await built(
  'media/video/frame-looker.js',
);
const { DetectorPool }: typeof import('../../src/node/inference/detector-pool.ts') = await built(
  'inference/detector-pool.js',
);

/** The workers that the default detector's looks need. */
export const startPool = () => DetectorPool.start(filmNetworks('centerface'));
type Pool = Awaited<ReturnType<typeof startPool>>;

/** Takes every kind of look at every frame of an MP4. */
export async function watchFilm(file: string, pool: Pool): Promise<WatchedFilm> {
  const reader = await VideoReader.open(file, 'mp4');
  const scaler = new FrameScaler();
  try {
    const { width, height, frameRate } = reader.info;
    const kinds = filmLooks('centerface', width, height);
    const small = lumaSize(width, height);
    const camera = new CameraMotionEstimator({
      ...{ width, height, lumaWidth: small.width, lumaHeight: small.height },
    });
    const looker = new FrameLooker(pool, scaler);
    const store = new LookStore();
    const frames: Promise<WatchedFrame>[] = [];
    for await (const { picture } of reader.frames()) {
      const motion = camera.next(await scaler.luma(picture, small.width, small.height));
      const found: Promise<[LookKind, Look]>[] = [];
      for (const kind of LOOK_KINDS) {
        const answer = await looker.look(picture, kinds[kind], detectionFloor('max', kind));
        found.push(answer.found.then((detections) => [kind, store.keep(kind, detections)]));
      }
      frames.push(
        Promise.all(found).then((looks) => ({
          motion,
          looks: Object.fromEntries(looks) as Record<LookKind, Look>,
        })),
      );
    }
    return { width, height, fps: frameRate, frames: await Promise.all(frames) };
  } finally {
    scaler.close();
    await reader.close();
  }
}

/** Processor milliseconds of one look of each kind at a picture of the given size, cutting it out included. */
export async function priceLooks(file: string, pool: Pool): Promise<Record<LookKind, number>> {
  const reader = await VideoReader.open(file, 'mp4');
  const scaler = new FrameScaler();
  const prices: Record<LookKind, number> = { cheap: Infinity, careful: Infinity, fine: Infinity };
  try {
    const kinds = filmLooks('centerface', reader.info.width, reader.info.height);
    const looker = new FrameLooker(pool, scaler);
    for await (const { index, picture } of reader.frames()) {
      if (index % 5 !== 0) continue;
      for (const kind of LOOK_KINDS) {
        const before = process.cpuUsage();
        await (await looker.look(picture, kinds[kind], detectionFloor('normal', kind))).found;
        const { user, system } = process.cpuUsage(before);
        prices[kind] = Math.min(prices[kind], (user + system) / 1000);
      }
    }
    return prices;
  } finally {
    scaler.close();
    await reader.close();
  }
}
