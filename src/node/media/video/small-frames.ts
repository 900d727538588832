import {
  expandChroma,
  expandLuma,
  type SmallPicture,
  samplesAlong,
} from '../../../core/compare/small-picture.ts';
import type { SmallFrame } from '../../../core/compare/tally.ts';
import type { av } from './ffmpeg.ts';
import { isFullRange } from './frame-normaliser.ts';
import { FrameScaler } from './frame-scaler.ts';
import type { VideoReader } from './video-reader.ts';

/**
 * A film's frames, made small, their times in seconds. Each frame's samples are its own. Without `pictures` every
 * frame is still decoded, and counted. Throws SayehError: see `VideoReader.frames`.
 */
export async function* smallFrames(
  reader: VideoReader,
  options: { readonly pictures: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<SmallFrame> {
  const scaler = new FrameScaler();
  const tick = reader.info.timeBase.num / reader.info.timeBase.den;
  try {
    for await (const { index, time, picture } of reader.frames(options.signal)) {
      const small = options.pictures ? await reduce(picture, scaler) : undefined;
      yield { index, time: Number(time) * tick, duration: 0, picture: small };
    }
  } finally {
    scaler.close();
  }
}

async function reduce(frame: av.Frame, scaler: FrameScaler): Promise<SmallPicture> {
  const [width, height] = [samplesAlong(frame.width), samplesAlong(frame.height)];
  const luma = await scaler.luma(frame, width, height);
  const cb = await scaler.chroma(frame, 'cb', width, height);
  const cr = await scaler.chroma(frame, 'cr', width, height);
  if (!isFullRange(frame)) {
    expandLuma(luma);
    expandChroma(cb);
    expandChroma(cr);
  }
  return { fullWidth: frame.width, fullHeight: frame.height, width, height, luma, cb, cr };
}
