import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import type { RgbPicture } from '../../../src/core/detect/detector.ts';
import type { Reference } from '../../fixtures/detectors/reference.ts';

export const SAMPLES = [1, 2, 3, 4, 5, 6].map((i) => `sample${i}.jpg`);

const FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** Part of a photograph, every step-th pixel, black where it reaches past the edge. No resampling. */
export async function readRegion(
  sample: string,
  [left, top, width, height, step]: Reference['region'],
): Promise<RgbPicture> {
  const { data: source, info } = await sharp(path.join(FOLDER, sample))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height && top + y * step < info.height; y++) {
    for (let x = 0; x < width && left + x * step < info.width; x++) {
      const from = ((top + y * step) * info.width + left + x * step) * 3;
      data.set(source.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}
