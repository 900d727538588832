import type { Sharp, SharpOptions } from 'sharp';
import { SayehError } from '../../../core/errors.ts';
import type { Limits } from '../../../core/limits.ts';
import type { PhotoFormat } from '../../../core/media-type.ts';
import { decodeFailure, tooSlow } from './decode-failure.ts';
import { dropHiddenColours } from './hidden-colours.ts';
import { choosePages, type Pages } from './pages.ts';
import type { Photo, PhotoFrame } from './photo.ts';
import { sharp } from './sharp.ts';

/** Pixels of an animation that are decoded at once: a GIF's frame can only be had by drawing those before it. */
const BATCH_PIXELS = 8_000_000;

/** Opens what sharp can decode. Throws SayehError 'corrupt', 'unsupported' or 'too-large'. */
export async function openWithSharp(
  file: Uint8Array,
  format: PhotoFormat,
  name: string,
  limits: Limits,
): Promise<Photo> {
  const options: SharpOptions = {
    // Refuses what is cut off or damaged; 'warning', stricter, would also refuse odd but whole files.
    failOn: 'error',
    autoOrient: true,
    // Checked from the header, by `choosePages`, which can name the size.
    limitInputPixels: false,
  };
  const open = (page?: number, pages = 1): Sharp =>
    sharp(file, page === undefined ? options : { ...options, page, pages });
  const readHeader = (page?: number) =>
    open(page)
      .metadata()
      .catch((error) => {
        throw decodeFailure(error, name);
      });

  const pages = await choosePages(readHeader, format, name, limits);
  const { width, height, hasAlpha, numbers } = pages;
  if (width < 1 || height < 1) throw new SayehError('corrupt', `${name} has a picture without a size`);
  return {
    format,
    width,
    height,
    hasAlpha,
    frameCount: numbers.length,
    loop: pages.loop,
    warnings: pages.warnings,
    frames: () => readFrames(open, pages, name, limits),
  };
}

async function* readFrames(
  open: (page?: number, pages?: number) => Sharp,
  pages: Pages,
  name: string,
  limits: Limits,
): AsyncGenerator<PhotoFrame> {
  const { numbers, width, height, hasAlpha, delays } = pages;
  const length = width * height * (hasAlpha ? 4 : 3);
  const batch = batchSize(pages);
  for (let index = 0; index < numbers.length; index += batch) {
    const count = Math.min(batch, numbers.length - index);
    const samples = await decode(open(numbers[index], count), hasAlpha, limits).catch((error) => {
      throw /timeout/i.test(String(error)) ? tooSlow(name, limits) : decodeFailure(error, name);
    });
    if (samples.length !== length * count) {
      throw new SayehError('corrupt', `${name}: frame ${index} is not ${width}x${height} as the others`);
    }
    for (let i = 0; i < count; i++) {
      const data = count === 1 ? samples : samples.slice(i * length, (i + 1) * length);
      if (hasAlpha) dropHiddenColours(data);
      yield { index: index + i, delayMs: delays[numbers[index + i]] ?? 0, data };
    }
  }
}

/** Pages of a TIFF differ in orientation and colours, so each is decoded by itself. */
function batchSize({ numbers, delays, width, height }: Pages): number {
  if (delays.length === 0) return 1;
  return Math.max(1, Math.min(numbers.length, Math.floor(BATCH_PIXELS / (width * height))));
}

async function decode(picture: Sharp, hasAlpha: boolean, limits: Limits): Promise<Uint8Array> {
  const rgb = picture.timeout({ seconds: limits.seconds }).toColourspace('srgb');
  const shaped = hasAlpha ? rgb.ensureAlpha() : rgb.removeAlpha();
  const samples = await shaped.raw({ depth: 'uchar' }).toBuffer();
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
