import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import type { Blocks } from './blocks.ts';
import { GRAIN, GRAIN_SIDE } from './noise.ts';
import { HEADROOM } from './samples.ts';
import { carriesLight } from './tone.ts';
import { wordsOf } from './words.ts';

/** The fixed grain, four samples at a time. */
interface Grain {
  /** Of the first and third of four samples, in 256ths, as the lower and the upper half of a number. */
  readonly even: Int32Array;
  /** Of the second and fourth. */
  readonly odd: Int32Array;
}

/**
 * Grain breaks the bands of a slow gradient, and a place without any in a noisy picture looks like a hole. It
 * reaches so far, in sample values.
 */
const LIGHT_GRAIN = grainOf(HEADROOM);
const HUE_GRAIN = grainOf(0.75);

/**
 * Writes the film over the mask's samples: interpolated between the centres of its blocks, with a fixed grain.
 * `film` holds a value for each block, in 2^-16 of a sample value.
 *
 * A line of a block is four samples. They are computed two to a 32-bit number, in 256ths: an addition works on
 * both halves at once, as long as no result leaves its half. The film's headroom sees to that.
 */
export function fillBlur(channel: PictureChannel, mask: Mask, film: Int32Array, blocks: Blocks): void {
  const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
  const { columns, rows, left, top } = blocks.patch;
  const { runs, end } = mask;
  const words = wordsOf(channel);
  const { even, odd } = carriesLight(channel.role) ? LIGHT_GRAIN : HUE_GRAIN;
  // Lines to a block, as a power of two; and parts that the way from one row's centre to the next is divided in.
  const down = blocks.shift + 1 - shiftY;
  const parts = down + 1;

  for (let run = 0; run < end; run += 3) {
    const x0 = runs[run + 1] << (1 - shiftX);
    const x1 = Math.min(width, runs[run + 2] << (1 - shiftX));
    const firstWord = x0 >> 2;
    const endWord = (x1 + 3) >> 2;
    const bottom = Math.min(height, (runs[run] + 1) << (1 - shiftY));
    for (let y = runs[run] << (1 - shiftY); y < bottom; y++) {
      const fromCentre = y + (1 << (down - 1));
      const lean = 2 * (fromCentre & ((1 << down) - 1)) + 1;
      const row = (fromCentre >> down) - top;
      const upper = (row > 0 ? row - 1 : 0) * columns - left;
      const lower = (row < rows ? row : rows - 1) * columns - left;
      const grain = (y % GRAIN_SIDE) * GRAIN_WORDS;
      const line = y * stride;

      const before = firstWord > left ? firstWord - 1 : left;
      let previous = level(film[upper + before], film[lower + before], lean, parts);
      let middle = level(film[upper + firstWord], film[lower + firstWord], lean, parts);
      for (let word = firstWord; word < endWord; word++) {
        const after = word + 1 < left + columns ? word + 1 : word;
        const next = level(film[upper + after], film[lower + after], lean, parts);
        // The four samples lie 3/8 and 1/8 before the centre, 1/8 and 3/8 after it.
        const rise = (previous - middle) >> 3;
        const fall = (next - middle) >> 3;
        const both = Math.imul(middle, 0x10001);
        const g = grain + (word % GRAIN_WORDS);
        const first = (both + 3 * rise + (fall << 16) + even[g]) | 0;
        const second = (both + rise + ((3 * fall) << 16) + odd[g]) | 0;
        const four = ((first >>> 8) & 0x00ff00ff) | (second & 0xff00ff00);
        const x = word << 2;
        if (words && x >= x0 && x + 4 <= x1) words[(line + x) >> 2] = four;
        else {
          const stop = Math.min(x + 4, x1);
          for (let i = Math.max(x, x0); i < stop; i++)
            data[offset + line + i * step] = four >>> ((i & 3) << 3);
        }
        previous = middle;
        middle = next;
      }
    }
  }
}

/** The film between two rows, `lean` of 2^parts on the way from one to the other, in 256ths. */
const level = (above: number, below: number, lean: number, parts: number) =>
  (above + (Math.imul(below - above, lean) >> parts)) >> 8;

/** Words of four samples to a line of grain. */
const GRAIN_WORDS = GRAIN_SIDE / 4;

function grainOf(gain: number): Grain {
  // With the half that makes cutting off a fraction rounding.
  const at = (i: number) => Math.round((gain * GRAIN[i] + 0.5) * 256);
  const length = GRAIN.length / 4;
  return {
    even: Int32Array.from({ length }, (_, i) => at(4 * i) + (at(4 * i + 2) << 16)),
    odd: Int32Array.from({ length }, (_, i) => at(4 * i + 1) + (at(4 * i + 3) << 16)),
  };
}
