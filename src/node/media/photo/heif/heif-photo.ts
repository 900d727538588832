import type { Limits } from '../../../../core/limits.ts';
import { colourWarnings } from '../coded-colours.ts';
import { decodeFailure } from '../decode-failure.ts';
import type { Photo } from '../photo.ts';
import { sharp } from '../sharp.ts';
import type { HeifPicture } from './decode-heif.ts';
import { readHeifHeader, readHeifPicture } from './heif-thread.ts';
import { profiledTiff } from './profiled-tiff.ts';

/**
 * Opens a HEIC photo: its primary picture, upright, shown on white where it is transparent. Throws SayehError
 * 'corrupt', 'too-large', or 'unsupported' for pictures in other codecs than HEVC.
 */
export async function openHeif(file: Uint8Array, name: string, limits: Limits): Promise<Photo> {
  const { width, height, hasAlpha, pictures, colours } = await readHeifHeader(file, name, limits);
  const warnings = colourWarnings(colours);
  if (pictures > 1)
    warnings.push(`the file holds ${pictures} pictures; only the one that viewers show first is read`);
  if (hasAlpha) warnings.push('transparent places are shown on white');
  return {
    format: 'heif',
    width,
    height,
    hasAlpha: false,
    frameCount: 1,
    loop: undefined,
    warnings,
    async *frames() {
      const picture = await readHeifPicture(file, name, limits);
      yield { index: 0, delayMs: 0, data: await toSrgb(picture, name) };
    },
  };
}

/** Pictures without a profile are taken for sRGB, as browsers do. */
async function toSrgb({ data, width, height, profile }: HeifPicture, name: string): Promise<Uint8Array> {
  if (!profile) return data;
  const tiff = profiledTiff(data, width, height, profile);
  try {
    return await sharp(tiff, { limitInputPixels: false })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (error) {
    throw decodeFailure(error, name);
  }
}
