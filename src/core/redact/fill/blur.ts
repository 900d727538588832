import type { Component } from '../components.ts';
import type { PictureChannel } from '../picture.ts';
import type { Patch } from './membrane.ts';
import { GRAIN, GRAIN_SIDE } from './noise.ts';
import { carriesLight } from './tone.ts';

/** How far the grain reaches, in sample values. It breaks the bands of a slow gradient, and a smooth patch in a
 * noisy picture looks like a hole. */
const LIGHT_GRAIN = 4;
const HUE_GRAIN = 0.75;

/**
 * Writes the film over the component's samples: interpolated between the centres of its cells, with a fixed
 * grain. `film` holds a value for each cell of the patch.
 */
export function fillBlur(
  channel: PictureChannel,
  { runs }: Component,
  film: Float32Array,
  patch: Patch,
): void {
  const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
  const gain = carriesLight(channel.role) ? LIGHT_GRAIN : HUE_GRAIN;
  const { columns, rows } = patch;

  for (let run = 0; run < runs.length; run += 3) {
    const cellY = runs[run] - patch.top;
    const near = cellY * columns;
    const bottom = Math.min(height, (runs[run] + 1) << (1 - shiftY));
    for (let y = runs[run] << (1 - shiftY); y < bottom; y++) {
      // Of a cell's two lines of samples, one leans to the row above and one to the row below.
      const lean = shiftY === 1 ? 0 : y & 1 ? 1 : -1;
      const far = Math.min(Math.max(cellY + lean, 0), rows - 1) * columns;
      const grain = (y % GRAIN_SIDE) * GRAIN_SIDE;
      const line = offset + y * stride;
      const first = runs[run + 1] << (1 - shiftX);
      const end = Math.min(width, runs[run + 2] << (1 - shiftX));
      for (let x = first; x < end; x++) {
        const cell = (shiftX === 1 ? x : x >> 1) - patch.left;
        let value = 0.75 * film[near + cell] + 0.25 * film[far + cell];
        if (shiftX === 0) {
          const side = x & 1 ? Math.min(cell + 1, columns - 1) : Math.max(cell - 1, 0);
          value = 0.75 * value + 0.25 * (0.75 * film[near + side] + 0.25 * film[far + side]);
        }
        value += gain * GRAIN[grain + (x % GRAIN_SIDE)] + 0.5;
        data[line + x * step] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
}
