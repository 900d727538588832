import sharp from 'sharp';
import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { pictureOf } from '../picture.ts';

/** A square in pixels of a picture; it may reach outside. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A photo as it is shown. */
export const readPicture = (file: string): Promise<RgbPicture> => pictureOf(sharp(file).autoOrient());

/** Part of a picture, in whole pixels; beyond its edges the outermost pixels go on. */
export function cut(
  picture: RgbPicture,
  left: number,
  top: number,
  width: number,
  height: number,
): RgbPicture {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const row = within(top + y, picture.height) * picture.width;
    for (let x = 0; x < width; x++) {
      const from = 3 * (row + within(left + x, picture.width));
      const to = 3 * (y * width + x);
      data[to] = picture.data[from];
      data[to + 1] = picture.data[from + 1];
      data[to + 2] = picture.data[from + 2];
    }
  }
  return { width, height, data };
}

export function cutSquare(picture: RgbPicture, { x, y, side }: Square): RgbPicture {
  const length = Math.max(1, Math.round(side));
  return cut(picture, Math.round(x), Math.round(y), length, length);
}

/** A square around the same middle, `times` as long. */
export function widened({ x, y, side }: Square, times: number): Square {
  const more = (side * (times - 1)) / 2;
  return { x: x - more, y: y - more, side: side * times };
}

export const moved = ({ x, y, side }: Square, dx: number, dy: number): Square => ({
  x: x + dx,
  y: y + dy,
  side,
});

const within = (at: number, length: number) => Math.min(length - 1, Math.max(0, at));
