import { CELL } from '../cell-runs.ts';
import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import type { Blocks } from './blocks.ts';
import { positionNoise } from './noise.ts';
import { FILM_UNIT } from './samples.ts';
import { carriesLight } from './tone.ts';

/** Tiles along the picture's shorter side, at least, and less than twice as many. */
const TILES_ALONG = 40;
/** How far a tile's tone may stray from the film's, in sample values: on a plain wall all would be alike. */
const LIGHT_SPREAD = 9;

/**
 * Writes the film as a mosaic: tiles of one tone each, the mean of the film under it, a little lighter or darker
 * by a fixed pattern. The tiles lie on a grid fixed to the picture and are all of one size, so that they stand
 * still while masks move, meet and part across a film.
 */
export class Mosaic {
  #tones = new Float64Array(0);
  #counts = new Uint32Array(0);

  fill(channel: PictureChannel, mask: Mask, film: Int32Array, blocks: Blocks): void {
    const shift = tileShift(mask);
    const across = ((mask.columns - 1) >> shift) + 1;
    const count = across * (((mask.rows - 1) >> shift) + 1);
    if (this.#tones.length < count) {
      this.#tones = new Float64Array(count);
      this.#counts = new Uint32Array(count);
    }
    this.#average(mask, film, blocks, shift, across, count);
    this.#settle(count, across, carriesLight(channel.role) ? LIGHT_SPREAD : 0);
    this.#write(channel, mask, shift, across);
  }

  /** The mean of the film's blocks under the mask in each tile; a block counts for every row of it that is covered. */
  #average(
    { runs, end }: Mask,
    film: Int32Array,
    { shift, patch }: Blocks,
    tile: number,
    across: number,
    count: number,
  ): void {
    const unit = Math.min(shift, tile); // in a small picture a block may hold several tiles
    const sums = this.#tones.fill(0, 0, count);
    const counts = this.#counts.fill(0, 0, count);
    for (let run = 0; run < end; run += 3) {
      const row = (runs[run] >> tile) * across;
      const from = ((runs[run] >> shift) - patch.top) * patch.columns - patch.left;
      const last = (runs[run + 2] - 1) >> unit;
      for (let x = runs[run + 1] >> unit; x <= last; x++) {
        const at = row + (x >> (tile - unit));
        sums[at] += film[from + (x >> (shift - unit))];
        counts[at]++;
      }
    }
    for (let i = 0; i < count; i++) sums[i] /= FILM_UNIT * Math.max(1, counts[i]);
  }

  /** From means to sample values. */
  #settle(count: number, across: number, spread: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#counts[i] === 0) continue;
      const noise = positionNoise(i % across, Math.floor(i / across));
      const tone = this.#tones[i] + spread * (2 * noise - 1);
      this.#tones[i] = Math.round(Math.min(Math.max(tone, 0), 255));
    }
  }

  #write(channel: PictureChannel, { runs, end: endRun }: Mask, tile: number, across: number): void {
    const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
    const tones = this.#tones;
    const side = tile + 1 - shiftX; // of a tile, in samples, as a power of two
    for (let run = 0; run < endRun; run += 3) {
      const first = runs[run + 1] << (1 - shiftX);
      const end = Math.min(width, runs[run + 2] << (1 - shiftX));
      const bottom = Math.min(height, (runs[run] + 1) << (1 - shiftY));
      const row = (runs[run] >> tile) * across;
      for (let y = runs[run] << (1 - shiftY); y < bottom; y++) {
        const line = offset + y * stride;
        for (let x = first; x < end; ) {
          const tone = tones[row + (x >> side)];
          const stop = Math.min(end, ((x >> side) + 1) << side);
          for (; x < stop; x++) data[line + x * step] = tone;
        }
      }
    }
  }
}

/** The side of a tile in cells, as a power of two, so that a tile is a shift away. */
function tileShift({ width, height }: Mask): number {
  return Math.max(0, Math.floor(Math.log2(Math.min(width, height) / TILES_ALONG / CELL)));
}
