import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type VideoFrame, VideoReader } from '../node/media/video/video-reader.ts';
import { checkFormat } from './check-format.ts';
import type { OnProgress } from './progress.ts';
import type { RenderedVideo } from './render-video.ts';

/**
 * Reopens a written film as a stranger would: it must decode to the last frame, show every frame of the
 * original at its time, hold no stream beside picture and (if kept) sound, and nothing beyond the allowlist.
 * Throws SayehError('check-failed').
 */
export async function checkVideo(
  file: string,
  plan: Plan,
  written: RenderedVideo,
  options: {
    readonly limits?: GivenLimits | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: OnProgress | undefined;
    /** Gets every frame, in order, while it is there. */
    readonly onFrame?: (index: number, picture: VideoFrame['picture']) => Promise<void>;
  } = {},
): Promise<void> {
  await checkFormat(file, { kind: 'video', format: 'mp4' });
  const reader = await VideoReader.open(file, 'mp4', options.limits);
  try {
    const { info } = reader;
    const { width, height } = plan.film;
    if (info.width !== width || info.height !== height) {
      fail(`its picture is ${info.width}x${info.height}, not ${width}x${height}`);
    }
    const streams = info.otherStreams.join(' and ') || 'none';
    const expected = written.sound === 'kept' ? 'audio' : 'none';
    if (streams !== expected) fail(`beside the picture it holds ${streams}, expected ${expected}`);

    const tick = info.timeBase.num / info.timeBase.den;
    let frames = 0;
    for await (const { index, time, picture } of reader.frames(options.signal)) {
      const seconds = Number(time) * tick;
      if (!(Math.abs(seconds - written.times[index]) <= tick / 2)) {
        fail(`frame ${index} is shown at ${seconds} s, not at ${written.times[index]} s`);
      }
      await options.onFrame?.(index, picture);
      frames = index + 1;
      options.onProgress?.({ phase: 'check', done: frames, total: written.frames });
    }
    if (frames !== written.frames) fail(`it has ${frames} frames, not ${written.frames}`);
  } finally {
    await reader.close();
  }
}

function fail(why: string): never {
  throw new SayehError('check-failed', `the written film did not pass its check: ${why}`);
}
