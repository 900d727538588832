import type { Component } from '../components.ts';
import type { PictureChannel } from '../picture.ts';
import type { Patch } from './membrane.ts';
import { GRAIN, GRAIN_SIDE } from './noise.ts';
import { carriesLight } from './tone.ts';

/**
 * How far the grain reaches, in sample values. It breaks the bands of a slow gradient, and a place without any
 * in a noisy picture looks like a hole.
 */
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
  const last = columns - 1;

  for (let run = 0; run < runs.length; run += 3) {
    const cellY = runs[run] - patch.top;
    const near = cellY * columns;
    const first = runs[run + 1] - patch.left;
    const end = runs[run + 2] - patch.left;
    const bottom = Math.min(height, (runs[run] + 1) << (1 - shiftY));
    for (let y = runs[run] << (1 - shiftY); y < bottom; y++) {
      // Of a cell's two lines of samples, one leans to the row above and one to the row below.
      const lean = shiftY === 1 ? 0 : y & 1 ? 1 : -1;
      const far = Math.min(Math.max(cellY + lean, 0), rows - 1) * columns;
      const grain = (y % GRAIN_SIDE) * GRAIN_SIDE;
      const line = offset + y * stride;

      let x = runs[run + 1] << (1 - shiftX);
      let left = blend(film, near, far, Math.max(first - 1, 0));
      let middle = blend(film, near, far, first);
      for (let cell = first; cell < end; cell++) {
        const right = blend(film, near, far, cell < last ? cell + 1 : last);
        if (shiftX === 1) {
          data[line + x * step] = sample(middle + gain * GRAIN[grain + (x & GRAIN_MASK)]);
          x++;
        } else {
          data[line + x * step] = sample(
            0.75 * middle + 0.25 * left + gain * GRAIN[grain + (x & GRAIN_MASK)],
          );
          x++;
          if (x === width) break;
          data[line + x * step] = sample(
            0.75 * middle + 0.25 * right + gain * GRAIN[grain + (x & GRAIN_MASK)],
          );
          x++;
        }
        left = middle;
        middle = right;
      }
    }
  }
}

const GRAIN_MASK = GRAIN_SIDE - 1;

/** Three quarters of the near row and one of the far. */
const blend = (film: Float32Array, near: number, far: number, cell: number) =>
  0.75 * film[near + cell] + 0.25 * film[far + cell];

/** The nearest sample value; comparisons, as Math.min and Math.max are slower here. */
const sample = (value: number) => (value < 0 ? 0 : value > 254.5 ? 255 : value + 0.5);
