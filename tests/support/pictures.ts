import sharp, { type Sharp } from 'sharp';

/** A small picture with edges, gradients and grain, the same each time; `channels` 3 for RGB, 4 with alpha. */
export function picture(width = 72, height = 56, channels: 3 | 4 = 3): Sharp {
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      pixels[at] = (x * 255) / width;
      pixels[at + 1] = (y * 255) / height;
      pixels[at + 2] = (x * 7 + y * 13 + x * y) & 255;
      if (channels === 4) pixels[at + 3] = x < width / 2 ? 255 : (y * 255) / height;
    }
  return sharp(pixels, { raw: { width, height, channels } });
}

/** Several such pictures as the pages of one: raw, for animations. */
export function pages(count: number, width = 40, height = 32): Sharp {
  const pixels = new Uint8Array(width * height * count * 4);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = i % 4 === 3 ? 255 : (i + Math.floor(i / (width * height * 4)) * 40) & 255;
  return sharp(pixels, { raw: { width, height: height * count, channels: 4, pageHeight: height } });
}
