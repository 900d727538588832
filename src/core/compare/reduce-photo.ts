import { SAMPLE, type SmallPicture, samplesAlong } from './small-picture.ts';

/** What a see-through picture is laid on, so that a change of its transparency shows. */
const BEHIND = 128;

/**
 * Makes a photo small. `data` is interleaved RGB or RGBA (not premultiplied), 8 bits, rows tightly packed. Colours
 * become Y'CbCr as in JPEG files (JFIF 1.02), full range. Samples at the right and bottom edge are means of what
 * pixels there are.
 */
export function reducePhoto(
  data: Uint8Array,
  fullWidth: number,
  fullHeight: number,
  components: 3 | 4,
): SmallPicture {
  const [width, height] = [samplesAlong(fullWidth), samplesAlong(fullHeight)];
  const planes = [0, 1, 2].map(() => new Uint8Array(width * height));
  const sums = new Float64Array(width * 3);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    const bottom = Math.min(fullHeight, (row + 1) * SAMPLE);
    for (let y = row * SAMPLE; y < bottom; y++)
      addRow(sums, data, y * fullWidth * components, fullWidth, components);
    const rows = bottom - row * SAMPLE;
    for (let column = 0; column < width; column++) {
      const pixels = rows * (Math.min(fullWidth, (column + 1) * SAMPLE) - column * SAMPLE);
      const [red, green, blue] = [0, 1, 2].map((channel) => sums[column * 3 + channel] / pixels);
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      const at = row * width + column;
      planes[0][at] = Math.round(luma);
      planes[1][at] = Math.round(clamped(128 + 0.564 * (blue - luma)));
      planes[2][at] = Math.round(clamped(128 + 0.713 * (red - luma)));
    }
  }
  const [luma, cb, cr] = planes;
  return { fullWidth, fullHeight, width, height, luma, cb, cr };
}

function addRow(sums: Float64Array, data: Uint8Array, from: number, width: number, components: 3 | 4): void {
  for (let x = 0, at = from; x < width; x++, at += components) {
    const sum = Math.floor(x / SAMPLE) * 3;
    if (components === 3) {
      sums[sum] += data[at];
      sums[sum + 1] += data[at + 1];
      sums[sum + 2] += data[at + 2];
    } else {
      const alpha = data[at + 3] / 255;
      const behind = BEHIND * (1 - alpha);
      sums[sum] += data[at] * alpha + behind;
      sums[sum + 1] += data[at + 1] * alpha + behind;
      sums[sum + 2] += data[at + 2] * alpha + behind;
    }
  }
}

const clamped = (value: number) => Math.max(0, Math.min(255, value));
