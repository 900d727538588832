import { SayehError } from '../../core/errors.ts';
import type { GivenLimits } from '../../core/limits.ts';
import type { VideoFormat } from '../../core/media-type.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { Rasteriser } from '../../core/redact/mask.ts';
import { Redactor } from '../../core/redact/redact.ts';
import { encodeTimes } from '../../core/review/frame-times.ts';
import type { Luma } from '../../core/track/follow/patch.ts';
import { type av, check } from '../../node/media/video/ffmpeg.ts';
import { framePicture } from '../../node/media/video/frame-picture.ts';
import { FrameScaler } from '../../node/media/video/frame-scaler.ts';
import { FrameSeeker, type SeekerOptions } from '../../node/media/video/seek/frame-seeker.ts';
import { VideoReader } from '../../node/media/video/video-reader.ts';
import type { CodedTimes } from '../api.ts';
import {
  type FollowAsked,
  type FollowedPath,
  type FollowOptions,
  followRegion,
  type LumaSource,
} from '../follow-region.ts';
import { Turns } from '../turns.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import type { Asking, PictureSource, Showing } from './picture-source.ts';
import { shownSize } from './shown-size.ts';

/** The frames of a film. */
export class FilmPictures implements PictureSource, LumaSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly #seeker: Promise<FrameSeeker>;
  /** Shown before the frames are counted. */
  readonly #first: av.Frame;
  readonly #counting = new AbortController();
  readonly #scaler = new FrameScaler();
  readonly #redactor = new Redactor();
  readonly #rasteriser = new Rasteriser();
  /** Decoder, scaler and redactor each do one thing at a time. */
  readonly #turns = new Turns();
  #closed = false;

  private constructor(
    first: av.Frame,
    film: Plan['film'],
    open: (counting: AbortSignal) => Promise<FrameSeeker>,
  ) {
    this.#first = first;
    this.width = film.width;
    this.height = film.height;
    this.frames = film.frames;
    this.#seeker = open(this.#counting.signal);
    this.#seeker.catch(() => {}); // told to those who ask for times or frames
  }

  /**
   * Opens a film; its first frame can be had at once, the others when all are counted. Throws SayehError as
   * VideoReader does; what FrameSeeker.open throws comes from `times` and with the frames.
   */
  static async open(
    file: string,
    format: VideoFormat,
    film: Plan['film'],
    options: Pick<SeekerOptions, 'onProgress' | 'limits'> = {},
  ): Promise<FilmPictures> {
    const first = await firstFrame(file, format, options.limits);
    return new FilmPictures(first, film, (signal) =>
      FrameSeeker.open(file, format, film.frames, { ...options, signal }),
    );
  }

  async times(): Promise<CodedTimes> {
    const seeker = await this.#seeker;
    return {
      ...seeker.timeBase,
      runs: encodeTimes(seeker.ticks()),
      quick: encodeTimes(seeker.quick()),
    };
  }

  async jpeg(frame: number, showing: Showing, asking: Asking = {}): Promise<Uint8Array> {
    const { part, width, height } = shownSize(this, showing);
    const rgb = await this.#with(frame, asking, (picture) => {
      if (showing.covers) this.#cover(picture, showing.covers);
      return this.#scaler.rgb(picture, { width, height }, part);
    });
    asking.signal?.throwIfAborted();
    return encodeJpeg(rgb, { width, height, channels: 3 });
  }

  lumas(
    frame: number,
    sizes: readonly { readonly width: number; readonly height: number }[],
    asking: Asking = {},
  ): Promise<Luma[]> {
    return this.#with(frame, asking, async (picture) => {
      const lumas: Luma[] = [];
      for (const { width, height } of sizes) {
        lumas.push({ width, height, data: await this.#scaler.luma(picture, width, height) });
      }
      return lumas;
    });
  }

  follow(asked: FollowAsked, options: FollowOptions): Promise<FollowedPath> {
    return followRegion(this, asked, options);
  }

  async close(): Promise<void> {
    await this.#turns.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#scaler.close();
      this.#first.free();
      this.#counting.abort();
      const seeker = await this.#seeker.catch(() => undefined);
      await seeker?.close();
    });
  }

  /** The frame is the callback's for as long as it lasts. */
  async #with<T>(index: number, asking: Asking, use: (picture: av.Frame) => Promise<T>): Promise<T> {
    // Not within a turn: the first frame can be had before the others are counted.
    const seeker = index === 0 ? undefined : await this.#seeker;
    return this.#turns.run(async () => {
      if (this.#closed) throw new DOMException('the film was closed', 'AbortError');
      const frame = seeker ? await seeker.frame(index, asking.signal) : copyOf(this.#first);
      try {
        return await use(frame);
      } finally {
        frame.free();
      }
    }, asking);
  }

  /** Draws what rendering would draw. */
  #cover(frame: av.Frame, { regions, style }: NonNullable<Showing['covers']>): void {
    if (regions.length === 0) return;
    check(frame.makeWritable(), 'copying a frame', 'internal'); // the decoder still needs the original
    const mask = this.#rasteriser.rasterise(regions, this.width, this.height);
    this.#redactor.redact(framePicture(frame), mask, { style });
  }
}

/** The film's first frame, which the caller frees. */
async function firstFrame(file: string, format: VideoFormat, limits?: GivenLimits): Promise<av.Frame> {
  const reader = await VideoReader.open(file, format, limits);
  try {
    for await (const { picture } of reader.frames()) return copyOf(picture);
    throw new SayehError('corrupt', 'no frame can be decoded'); // the reader said so already
  } finally {
    await reader.close();
  }
}

/** Another hold on the same picture. */
function copyOf(frame: av.Frame): av.Frame {
  const copy = frame.clone();
  if (!copy) throw new SayehError('internal', 'no memory for a frame');
  return copy;
}
