import sharp, { type Sharp } from 'sharp';
import type { RgbPicture } from '../src/core/detect/detector.ts';

export function asSharp({ width, height, data }: RgbPicture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Decodes, or turns what sharp made into interleaved RGB. */
export async function pictureOf(image: Sharp): Promise<RgbPicture> {
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
