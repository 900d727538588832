import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';

/** Sets every sample under the mask to one value. */
export function fillSolid(channel: PictureChannel, { runs, end: endRun }: Mask, value: number): void {
  const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
  for (let i = 0; i < endRun; i += 3) {
    const first = runs[i + 1] << (1 - shiftX);
    const end = Math.min(width, runs[i + 2] << (1 - shiftX));
    const bottom = Math.min(height, (runs[i] + 1) << (1 - shiftY));
    for (let y = runs[i] << (1 - shiftY); y < bottom; y++) {
      const row = offset + y * stride;
      if (step === 1) data.fill(value, row + first, row + end);
      else for (let x = first; x < end; x++) data[row + x * step] = value;
    }
  }
}
