import { meanDifference } from '../core/compare/mean-difference.ts';
import type { SmallFrame } from '../core/compare/tally.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { smallFrames } from '../node/media/video/small-frames.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';

interface Film {
  readonly file: string;
  readonly format: VideoFormat;
}

interface Reading {
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Frames looked through for the one that a shortened film begins with. */
const MOST = 1000;
/** Another picture than the first is taken for it only if it differs so much less. */
const CLEARLY = 0.5;

/**
 * When, in seconds of the original, a film begins that has `lacking` frames fewer and may have lost them at its start:
 * each counts its times from its own first frame. 0 where the original's first picture fits about as well as any. Both
 * are of one size.
 */
export async function startOfCut(
  films: { readonly original: Film; readonly cut: Film },
  lacking: number,
  options: Reading,
): Promise<number> {
  let first: SmallFrame | undefined;
  for await (const frame of firstFrames(films.cut, 1, options)) first = frame;
  if (!first?.picture) return 0;
  let best = { time: 0, difference: Number.POSITIVE_INFINITY };
  for await (const { index, time, picture } of firstFrames(
    films.original,
    Math.min(lacking, MOST) + 1,
    options,
  )) {
    if (!picture) return 0;
    const difference = meanDifference(first.picture, picture);
    if (index === 0) best = { time, difference };
    else if (difference < best.difference * (best.time === 0 ? CLEARLY : 1)) best = { time, difference };
  }
  return best.time;
}

async function* firstFrames(
  { file, format }: Film,
  count: number,
  { limits, signal }: Reading,
): AsyncGenerator<SmallFrame> {
  const reader = await VideoReader.open(file, format, limits);
  try {
    for await (const frame of smallFrames(reader, { pictures: true, signal })) {
      yield frame;
      if (frame.index + 1 >= count) return;
    }
  } finally {
    await reader.close();
  }
}
