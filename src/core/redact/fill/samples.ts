import type { PictureChannel } from '../picture.ts';
import type { Blocks } from './blocks.ts';
import { wordsOf } from './words.ts';

/** A film's values are sample values times this, as whole numbers, which are quicker to work with. */
export const FILM_UNIT = 2 ** 16;

/** The film keeps this far from both ends of the range, so that grain laid over it stays inside. */
export const HEADROOM = 4;
const DARKEST = HEADROOM * FILM_UNIT;
const BRIGHTEST = (255 - HEADROOM) * FILM_UNIT;

/**
 * Reads a channel block by block: into `film`, for each known block of the patch, the mean of its open samples,
 * and 0 for all others. Covered samples weigh nothing.
 */
export function gatherBlocks(channel: PictureChannel, blocks: Blocks, film: Int32Array): void {
  const { covered, known, knownEnd, shift } = blocks;
  const { left, top, columns, rows } = blocks.patch;
  const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
  const words = wordsOf(channel);
  const { opens, counts } = shiftX === 0 ? BY_PAIRS : BY_ONES;
  const cellsAcross = (1 << (1 << shift)) - 1;
  // Lines to a cell and to a block, as powers of two.
  const cellDown = 1 - shiftY;
  const down = shift + cellDown;

  film.fill(0, 0, columns * rows);
  for (let i = 0; i < knownEnd; i += 2) {
    const x0 = (left + known[i]) << 2;
    const y0 = (top + known[i + 1]) << down;
    const y1 = Math.min(height, y0 + (1 << down));
    const block = known[i + 1] * columns + known[i];
    const bits = covered[block];
    const whole = words !== undefined && x0 + 4 <= width;
    let sum = 0;
    let count = 0;
    for (let y = y0; y < y1; y++) {
      // This line's cells, one bit each, tell its open samples, a byte of ones each.
      const cells = (bits >> (((y - y0) >> cellDown) << shift)) & cellsAcross;
      if (whole) {
        const four = words[(y * stride + x0) >> 2] & opens[cells];
        const two = (four & 0x00ff00ff) + ((four >>> 8) & 0x00ff00ff);
        sum += (two & 0xffff) + (two >>> 16);
        count += counts[cells];
        continue;
      }
      for (let x = x0; x < Math.min(width, x0 + 4); x++) {
        if (((opens[cells] >>> ((x & 3) << 3)) & 1) === 0) continue;
        sum += data[offset + y * stride + x * step];
        count++;
      }
    }
    film[block] = Math.min(Math.max((sum * FILM_UNIT) / count, DARKEST), BRIGHTEST);
  }
}

/** For each pattern of covered cells in a line of four samples: a byte of ones for each open sample, and how many. */
function openSamples(cells: number): { opens: Int32Array; counts: Uint8Array } {
  const opens = new Int32Array(1 << cells);
  const counts = new Uint8Array(1 << cells);
  for (let pattern = 0; pattern < 1 << cells; pattern++) {
    for (let sample = 0; sample < 4; sample++) {
      if ((pattern >> Math.floor((sample * cells) / 4)) & 1) continue;
      opens[pattern] |= 0xff << (8 * sample);
      counts[pattern]++;
    }
  }
  return { opens, counts };
}

/** Two cells of two samples each, and four of one. */
const BY_PAIRS = openSamples(2);
const BY_ONES = openSamples(4);
