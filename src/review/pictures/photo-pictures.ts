import { SayehError } from '../../core/errors.ts';
import type { GivenLimits } from '../../core/limits.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { rasterise } from '../../core/redact/mask.ts';
import { interleavedPicture } from '../../core/redact/picture.ts';
import { redact } from '../../core/redact/redact.ts';
import { encodeTimes } from '../../core/review/frame-times.ts';
import type { Luma } from '../../core/track/follow/patch.ts';
import { openPhoto } from '../../node/media/photo/open-photo.ts';
import type { Photo } from '../../node/media/photo/photo.ts';
import { sharp } from '../../node/media/photo/sharp.ts';
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

/** Bytes of decoded pictures kept at most, beside the one in use. */
const KEPT_BYTES = 192 * 2 ** 20;
/** Where an animation does not say how long a picture lasts, and for pages. */
const USUAL_DELAY_MS = 100;

/** The picture of a photo, or the pictures of an animation or a document of several pages. */
export class PhotoPictures implements PictureSource, LumaSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly #photo: Photo;
  readonly #turns = new Turns();
  /** Oldest first. */
  readonly #decoded = new Map<number, Uint8Array>();

  private constructor(photo: Photo) {
    this.#photo = photo;
    this.width = photo.width;
    this.height = photo.height;
    this.frames = photo.frameCount;
  }

  /** Throws SayehError as openPhoto does, and 'corrupt' where the photo is not the planned one. */
  static async open(file: string, film: Plan['film'], limits?: GivenLimits): Promise<PhotoPictures> {
    const photo = await openPhoto(file, limits);
    if (photo.width !== film.width || photo.height !== film.height || photo.frameCount !== film.frames) {
      throw new SayehError('corrupt', 'the photo is not the one the plan was made for: its size differs');
    }
    return new PhotoPictures(photo);
  }

  async times(): Promise<CodedTimes> {
    const ticks = Array.from({ length: this.frames }, (_, frame) => frame * USUAL_DELAY_MS);
    return { num: 1, den: 1000, runs: encodeTimes(ticks), quick: [] };
  }

  async jpeg(frame: number, showing: Showing, asking: Asking = {}): Promise<Uint8Array> {
    const { part, width, height } = shownSize(this, showing);
    const channels = this.#photo.hasAlpha ? 4 : 3;
    const data = await this.#turns.run(async () => {
      const decoded = await this.#decode(frame, asking.signal);
      const { covers } = showing;
      if (!covers || covers.regions.length === 0) return decoded;
      const copy = decoded.slice();
      const picture = interleavedPicture(copy, this.width, this.height, channels);
      redact(picture, rasterise(covers.regions, this.width, this.height), { style: covers.style });
      return copy;
    }, asking);
    return encodeJpeg(
      cut(data, this.width, channels, part),
      { width: part.width, height: part.height, channels },
      { width, height },
    );
  }

  lumas(
    frame: number,
    sizes: readonly { readonly width: number; readonly height: number }[],
    asking: Asking = {},
  ): Promise<Luma[]> {
    return this.#turns.run(async () => {
      const data = await this.#decode(frame, asking.signal);
      const raw = { width: this.width, height: this.height, channels: this.#photo.hasAlpha ? 4 : 3 } as const;
      const lumas: Luma[] = [];
      for (const { width, height } of sizes) {
        const gray = await sharp(data, { raw, limitInputPixels: false })
          .removeAlpha()
          .resize(width, height, { fit: 'fill' })
          .toColourspace('b-w')
          .raw()
          .toBuffer();
        lumas.push({ width, height, data: gray });
      }
      return lumas;
    }, asking);
  }

  follow(asked: FollowAsked, options: FollowOptions): Promise<FollowedPath> {
    return followRegion(this, asked, options);
  }

  async close(): Promise<void> {
    await this.#turns.run(async () => this.#decoded.clear());
  }

  async #decode(index: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const known = this.#decoded.get(index);
    if (known) return known;
    for await (const { index: at, data } of this.#photo.frames()) {
      signal?.throwIfAborted();
      this.#keep(at, data);
      if (at === index) return data;
    }
    throw new SayehError('usage', `the photo has no picture ${index}; it has ${this.frames}`);
  }

  #keep(index: number, data: Uint8Array): void {
    this.#decoded.delete(index);
    this.#decoded.set(index, data);
    for (const oldest of this.#decoded.keys()) {
      if (this.#decoded.size === 1 || this.#decoded.size * data.length <= KEPT_BYTES) break;
      this.#decoded.delete(oldest);
    }
  }
}

/** A part of interleaved samples, tightly packed. */
function cut(
  data: Uint8Array,
  width: number,
  channels: number,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Uint8Array {
  if (part.x === 0 && part.width === width) {
    return data.subarray(part.y * width * channels, (part.y + part.height) * width * channels);
  }
  const out = new Uint8Array(part.width * part.height * channels);
  for (let row = 0; row < part.height; row++) {
    const from = ((part.y + row) * width + part.x) * channels;
    out.set(data.subarray(from, from + part.width * channels), row * part.width * channels);
  }
  return out;
}
