import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { fromPlanes, gaussian, planesOf } from './planes.ts';

// What Sayeh never does: covers made of the face itself. An attack that does not see through these proves nothing.

/** A Gaussian blur of the picture. */
export function realBlur(picture: RgbPicture, sigma: number): RgbPicture {
  const { width, height } = picture;
  const [red, green, blue] = planesOf(picture).map((plane) => gaussian(plane, width, height, sigma));
  return fromPlanes([red, green, blue], width, height);
}

/** A mosaic of the picture: each block of `block` x `block` pixels is its mean. */
export function realMosaic(picture: RgbPicture, block: number): RgbPicture {
  const means = blockMeans(picture, block);
  const { width, height } = picture;
  const data = new Uint8Array(picture.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (Math.floor(y / block) * means.width + Math.floor(x / block));
      data.set(means.data.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { width, height, data };
}

/** The mean colour of each block: a picture of one pixel a block. */
export function blockMeans({ width, height, data }: RgbPicture, block: number): RgbPicture {
  const columns = Math.ceil(width / block);
  const rows = Math.ceil(height / block);
  const sums = new Float64Array(3 * columns * rows);
  const counts = new Uint32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = Math.floor(y / block) * columns + Math.floor(x / block);
      const from = 3 * (y * width + x);
      counts[to]++;
      for (let colour = 0; colour < 3; colour++) sums[3 * to + colour] += data[from + colour];
    }
  }
  const means = Uint8Array.from(sums, (sum, i) => Math.round(sum / counts[Math.floor(i / 3)]));
  return { width: columns, height: rows, data: means };
}
