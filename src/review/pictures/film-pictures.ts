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
import type { CodedTimes } from '../api.ts';
import { Turns } from '../turns.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import type { Asking, PictureSource, Showing } from './picture-source.ts';
import { shownSize } from './shown-size.ts';

/** The frames of a film. */
export class FilmPictures implements PictureSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly times: CodedTimes;
  readonly #seeker: FrameSeeker;
  readonly #scaler = new FrameScaler();
  readonly #redactor = new Redactor();
  readonly #rasteriser = new Rasteriser();
  /** Decoder, scaler and redactor each do one thing at a time. */
  readonly #turns = new Turns();
  #closed = false;

  private constructor(seeker: FrameSeeker, { film }: Plan) {
    this.#seeker = seeker;
    this.width = film.width;
    this.height = film.height;
    this.frames = film.frames;
    this.times = { ...seeker.timeBase, runs: encodeTimes(seeker.ticks()) };
  }

  /** Throws SayehError as FrameSeeker.open does. */
  static async open(
    file: string,
    format: VideoFormat,
    plan: Plan,
    options: SeekerOptions = {},
  ): Promise<FilmPictures> {
    return new FilmPictures(await FrameSeeker.open(file, format, plan.film.frames, options), plan);
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

  async close(): Promise<void> {
    await this.#turns.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#scaler.close();
      await this.#seeker.close();
    });
  }

  /** The frame is the callback's for as long as it lasts. */
  #with<T>(index: number, asking: Asking, use: (picture: av.Frame) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (this.#closed) throw new DOMException('the film was closed', 'AbortError');
      const frame = await this.#seeker.frame(index, asking.signal);
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
