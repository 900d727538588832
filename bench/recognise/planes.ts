import type { RgbPicture } from '../../src/core/detect/detector.ts';

/** Colours of a picture one after the other, as numbers that need no rounding. */
export type Planes = readonly [Float32Array, Float32Array, Float32Array];

export function planesOf({ width, height, data }: RgbPicture): Planes {
  const plane = (colour: number) =>
    Float32Array.from({ length: width * height }, (_, i) => data[3 * i + colour]);
  return [plane(0), plane(1), plane(2)];
}

export function fromPlanes(planes: Planes, width: number, height: number): RgbPicture {
  const data = new Uint8ClampedArray(3 * width * height);
  planes.forEach((plane, colour) => {
    for (let i = 0; i < plane.length; i++) data[3 * i + colour] = plane[i];
  });
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** Blurs a plane with a Gaussian cut off at three sigmas; beyond the edges the outermost values go on. */
export function gaussian(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((all, value) => all + value);
  kernel.forEach((value, i) => {
    kernel[i] = value / sum;
  });
  // Two passes along rows, turned over in between, are one along rows and one along columns.
  return along(along(plane, width, height, kernel), height, width, kernel);
}

/** Convolves rows, and writes them as columns. */
function along(plane: Float32Array, width: number, height: number, kernel: Float32Array): Float32Array {
  const result = new Float32Array(plane.length);
  const radius = kernel.length >> 1;
  const row = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    row.fill(plane[y * width], 0, radius);
    row.set(plane.subarray(y * width, (y + 1) * width), radius);
    row.fill(plane[(y + 1) * width - 1], radius + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) sum += kernel[i] * row[x + i];
      result[x * height + y] = sum;
    }
  }
  return result;
}
