import path from 'node:path';
import type { ChangeMask } from '../core/compare/change-mask.ts';
import { type Pair, pairByNumber, pairByShowing, pairByTime } from '../core/compare/pairing.ts';
import { reducePhoto } from '../core/compare/reduce-photo.ts';
import { type PictureChanges, type SmallFrame, Tally, type Unpaired } from '../core/compare/tally.ts';
import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { identify } from '../node/files/input-file.ts';
import { openPhoto } from '../node/media/photo/open-photo.ts';
import type { Photo } from '../node/media/photo/photo.ts';
import { countFrames } from '../node/media/video/count-frames.ts';
import { smallFrames } from '../node/media/video/small-frames.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';
import type { OnProgress } from './progress.ts';
import { startOfCut } from './start-of-cut.ts';
import { stopIf } from './stoppable.ts';

export interface CompareOptions {
  /** What either file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Is shown which cells of 8x8 pixels differ in each frame of the original; the mask is good until the next one. */
  readonly onMask?: ((frame: number, mask: ChangeMask) => void) | undefined;
}

/** Upright size in pixels, and number of frames. */
interface Shape {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** How a file differs from the original that it should have been made from. Frames are numbered as in the original. */
export interface Comparison {
  readonly kind: 'photo' | 'video';
  readonly original: Shape;
  readonly file: Shape;
  readonly sameSize: boolean;
  /** Whether every frame has its own on the other side. */
  readonly sameFrames: boolean;
  /** Whether all are shown when they were, as exactly as the two files can say it. */
  readonly sameTimes: boolean;
  /** In seconds, and the frame of which it is true. */
  readonly times: { readonly largestDifference: number; readonly at: number };
  /** Frames of the original that the file lacks, and the file's own that the original has not. */
  readonly missing: Unpaired;
  readonly extra: Unpaired;
  /** Undefined where sizes differ: then no picture can be laid on the other. */
  readonly pictures: PictureChanges | undefined;
}

/**
 * Holds a photo or film against its original, whoever made it, frame by frame and upright: sizes, numbers, times, and
 * where pictures differ beyond what coding explains. Two frames of each are in memory. Only reads. Says nothing about
 * what the pictures show: see `verify`.
 *
 * Throws SayehError: 'usage' for a photo against a film; else what reading either throws.
 */
export async function compare(
  file: string,
  original: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  try {
    const [type, originalType] = [await identify(file), await identify(original)];
    if (type.kind === 'video' && originalType.kind === 'video')
      return await compareFilms(file, type.format, original, originalType.format, options);
    if (type.kind === 'photo' && originalType.kind === 'photo')
      return await comparePhotos(file, original, options);
    const kinds = `${path.basename(file)} is a ${type.kind} and ${path.basename(original)} a ${originalType.kind}`;
    throw new SayehError('usage', `${kinds}: there is nothing to compare`);
  } catch (error) {
    stopIf(options.signal);
    throw error;
  }
}

async function compareFilms(
  file: string,
  format: VideoFormat,
  original: string,
  originalFormat: VideoFormat,
  options: CompareOptions,
): Promise<Comparison> {
  const { limits, signal } = options;
  const numbers = [
    await countFrames(original, originalFormat, { limits, signal }),
    await countFrames(file, format, { limits, signal }),
  ];
  const before = await VideoReader.open(original, originalFormat, limits);
  try {
    const after = await VideoReader.open(file, format, limits);
    try {
      const sameSize = before.info.width === after.info.width && before.info.height === after.info.height;
      const reading = { pictures: sameSize, signal };
      const sameNumber = numbers[0] === numbers[1];
      const cut = numbers[0] - numbers[1];
      const films = { original: { file: original, format: originalFormat }, cut: { file, format } };
      const start = sameSize && cut > 0 ? await startOfCut(films, cut, options) : 0;
      const sides = [smallFrames(before, reading), later(smallFrames(after, reading), start)] as const;
      const pairs = sameNumber ? pairByNumber(...sides) : pairByTime(...sides);
      // Each file rounds two times, a frame's and the first one's, to its own ticks.
      const slack = tickOf(before) + tickOf(after);
      return await tally('video', before.info, after.info, pairs, slack, numbers[0], options);
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

/** The same frames, their times counted from another moment. */
async function* later(frames: AsyncIterable<SmallFrame>, seconds: number): AsyncGenerator<SmallFrame> {
  for await (const frame of frames) yield { ...frame, time: frame.time + seconds };
}

const tickOf = ({ info: { timeBase } }: VideoReader) => timeBase.num / timeBase.den;

async function comparePhotos(file: string, original: string, options: CompareOptions): Promise<Comparison> {
  const [before, after] = [await openPhoto(original, options.limits), await openPhoto(file, options.limits)];
  const sameSize = before.width === after.width && before.height === after.height;
  const sides = [
    smallPages(before, sameSize, options.signal),
    smallPages(after, sameSize, options.signal),
  ] as const;
  const animated = before.loop !== undefined && after.loop !== undefined;
  const joined = animated && before.frameCount !== after.frameCount;
  const pairs = joined ? pairByShowing(...sides) : pairByNumber(...sides);
  // GIF files count hundredths of a second.
  return tally('photo', before, after, pairs, 0.01, before.frameCount, options);
}

async function* smallPages(
  photo: Photo,
  pictures: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<SmallFrame> {
  let time = 0;
  for await (const { index, delayMs, data } of photo.frames()) {
    stopIf(signal);
    const { width, height, hasAlpha } = photo;
    const picture = pictures ? reducePhoto(data, width, height, hasAlpha ? 4 : 3) : undefined;
    const duration = delayMs / 1000;
    yield { index, time, duration, picture };
    time += duration;
  }
}

async function tally(
  kind: Comparison['kind'],
  before: { readonly width: number; readonly height: number },
  after: { readonly width: number; readonly height: number },
  pairs: AsyncIterable<Pair<SmallFrame, SmallFrame>>,
  slack: number,
  total: number,
  { signal, onProgress, onMask }: CompareOptions,
): Promise<Comparison> {
  const sum = new Tally(kind, onMask);
  let done = 0;
  for await (const pair of pairs) {
    stopIf(signal);
    sum.add(pair);
    onProgress?.({ phase: 'check', done: ++done, total: total || undefined });
  }
  const { originalFrames, fileFrames, missing, extra, times, pictures } = sum.finish();
  return {
    kind,
    original: { width: before.width, height: before.height, frames: originalFrames },
    file: { width: after.width, height: after.height, frames: fileFrames },
    sameSize: before.width === after.width && before.height === after.height,
    sameFrames: missing.count === 0 && extra.count === 0,
    sameTimes: times.largestDifference <= slack + 1e-9,
    times,
    missing,
    extra,
    pictures,
  };
}
