import { SayehError } from '../../../core/errors.ts';
import { ENCODERS, type Timing, type WritableFormat } from './encoders.ts';
import type { PhotoFrame } from './photo.ts';
import { sharp } from './sharp.ts';

/** Pixels to write. */
export interface WritablePhoto {
  readonly format: WritableFormat;
  readonly width: number;
  readonly height: number;
  /** Frames hold RGBA if true, RGB if not. */
  readonly hasAlpha: boolean;
  readonly frameCount: number;
  readonly loop?: number | undefined;
  readonly frames: AsyncIterable<PhotoFrame> | Iterable<PhotoFrame>;
}

const MANY_FRAMES: ReadonlySet<WritableFormat> = new Set(['gif', 'webp', 'tiff']);

/**
 * Encodes a photo with no metadata at all: no EXIF, XMP, IPTC or comment, and no colour profile, as the pixels are
 * sRGB. The same frames give the same bytes. Frames of an animation, or pages, are gathered in one tall picture before
 * they are encoded, so memory grows with width x height x frames; `openPhoto`'s limits bound it.
 *
 * Throws SayehError('internal') where frames do not fit what was said of them, 'too-large' where the type cannot hold
 * the size.
 */
export async function writePhoto(photo: WritablePhoto): Promise<Uint8Array> {
  const { format, width, height, hasAlpha, frameCount } = photo;
  if (frameCount > 1 && !MANY_FRAMES.has(format))
    throw new SayehError('internal', `${format} holds one frame, not ${frameCount}`);
  const { samples, delays } = await gather(photo);
  const tall = { width, height: height * frameCount, channels: hasAlpha ? 4 : 3 } as const;
  const raw = frameCount > 1 ? { ...tall, pageHeight: height } : tall;
  const timing: Timing | undefined =
    frameCount > 1 && format !== 'tiff' ? { delays, loop: photo.loop ?? 0 } : undefined;
  try {
    return await ENCODERS[format](sharp(samples, { raw, limitInputPixels: false }), timing).toBuffer();
  } catch (cause) {
    const size = `a picture of ${width}x${height}`;
    throw /too large/i.test((cause as Error).message)
      ? new SayehError('too-large', `${size} does not go into a ${format} file`, { cause })
      : new SayehError('internal', `${size} could not be encoded as ${format}`, { cause });
  }
}

/** All frames below one another. */
async function gather(photo: WritablePhoto): Promise<{ samples: Uint8Array; delays: number[] }> {
  const { width, height, hasAlpha, frameCount, frames } = photo;
  const length = width * height * (hasAlpha ? 4 : 3);
  let samples: Uint8Array | undefined;
  const delays: number[] = [];
  for await (const { data, delayMs } of frames) {
    if (data.length !== length || delays.length >= frameCount) {
      throw new SayehError(
        'internal',
        `frame ${delays.length} of ${data.length} bytes is not one of ${frameCount} frames of ${width}x${height}`,
      );
    }
    if (frameCount === 1) samples = data;
    else {
      samples ??= new Uint8Array(length * frameCount);
      samples.set(data, length * delays.length);
    }
    delays.push(delayMs);
  }
  if (!samples || delays.length !== frameCount)
    throw new SayehError('internal', `${delays.length} frames came where ${frameCount} were announced`);
  return { samples, delays };
}
