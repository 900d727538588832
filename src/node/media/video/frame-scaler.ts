import { av, check, constants } from './ffmpeg.ts';
import { isFullChroma } from './frame-picture.ts';

/** A rectangle of whole pixels of the frame; x and y even, since chroma is shared by pairs. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Makes small or cut-out copies of planar 8-bit frames. Holds one swscale context for each shape asked for. */
export class FrameScaler {
  readonly #contexts = new Map<string, Scaling>();

  /**
   * Interleaved RGB of the whole frame or of `crop`, scaled to `shown`, in the top left corner of a picture of
   * `size` (`shown` unless given) that is black elsewhere: width x height x 3 bytes. `into` is used if it has the
   * right length, so that buffers can go round.
   */
  async rgb(frame: av.Frame, shown: Size, crop?: Crop, size = shown, into?: Uint8Array): Promise<Uint8Array> {
    const length = size.width * size.height * 3;
    const out = into?.length === length ? into : roomFor(length);
    blackenAround(out, shown, size);
    const shift = isFullChroma(frame.format) ? 0 : 1;
    const planes = frame.data ?? [];
    const strides = frame.linesize.slice(0, 3);
    const source = [0, 1, 2].map((plane) => {
      const s = plane === 0 ? 0 : shift;
      return planes[plane].subarray(((crop?.y ?? 0) >> s) * strides[plane] + ((crop?.x ?? 0) >> s));
    });
    const from = {
      width: crop?.width ?? frame.width,
      height: crop?.height ?? frame.height,
      format: frame.format,
    };
    const to = { width: shown.width, height: shown.height, format: constants.AV_PIX_FMT_RGB24 };
    await this.#scale(source, strides, from, out, size.width * 3, to);
    return out;
  }

  /** The luma plane alone, one byte a pixel. */
  luma(frame: av.Frame, width: number, height: number): Promise<Uint8Array> {
    return this.#plane(frame, 0, width, height);
  }

  /** One of the planes of colour differences alone. */
  chroma(frame: av.Frame, which: 'cb' | 'cr', width: number, height: number): Promise<Uint8Array> {
    return this.#plane(frame, which === 'cb' ? 1 : 2, width, height);
  }

  close(): void {
    for (const { context } of this.#contexts.values()) context.freeContext();
    this.#contexts.clear();
  }

  async #plane(frame: av.Frame, plane: 0 | 1 | 2, width: number, height: number): Promise<Uint8Array> {
    const out = roomFor(width * height);
    const shift = plane === 0 || isFullChroma(frame.format) ? 0 : 1;
    const from = {
      width: (frame.width + shift) >> shift,
      height: (frame.height + shift) >> shift,
      format: constants.AV_PIX_FMT_GRAY8,
    };
    const to = { width, height, format: constants.AV_PIX_FMT_GRAY8 };
    await this.#scale([(frame.data ?? [])[plane]], [frame.linesize[plane]], from, out, width, to);
    return out;
  }

  async #scale(
    source: Buffer[],
    strides: number[],
    from: { width: number; height: number; format: number },
    out: Uint8Array,
    outStride: number,
    to: { width: number; height: number; format: number },
  ): Promise<void> {
    const key = [from.width, from.height, from.format, to.width, to.height, to.format].join();
    let scaling = this.#contexts.get(key);
    if (!scaling) {
      const context = new av.SoftwareScaleContext();
      // Area averaging where the copy is smaller: nothing a detector could use is skipped over.
      const flags = to.width < from.width ? constants.SWS_AREA : constants.SWS_BILINEAR;
      context.getContext(
        from.width,
        from.height,
        from.format as never,
        to.width,
        to.height,
        to.format as never,
        flags as never,
      );
      scaling = { context, last: Promise.resolve() };
      this.#contexts.set(key, scaling);
    }
    const target = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
    const { context, last } = scaling;
    const done = last.then(() => context.scale(source, strides, 0, from.height, [target], [outStride]));
    scaling.last = done.catch(() => {});
    check(await done, 'scaling a frame', 'internal');
  }
}

/** swscale writes whole vectors: of a narrow picture's last row also what lies behind it. */
const BEHIND = 256;

function roomFor(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length + BEHIND), 0, length);
}

/** A context does one thing at a time; two at once would end the process. */
interface Scaling {
  readonly context: av.SoftwareScaleContext;
  /** Settles once it is free. */
  last: Promise<unknown>;
}

function blackenAround(rgb: Uint8Array, shown: Size, size: Size): void {
  for (let y = 0; y < shown.height && shown.width < size.width; y++) {
    rgb.fill(0, (y * size.width + shown.width) * 3, (y + 1) * size.width * 3);
  }
  rgb.fill(0, shown.height * size.width * 3);
}
