import { CELL } from '../cell-grid.ts';
import type { Component } from '../components.ts';
import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import type { Patch } from './membrane.ts';
import { positionNoise } from './noise.ts';
import { carriesLight } from './tone.ts';

/** Blocks along the picture's shorter side, at least, and less than twice as many. */
const BLOCKS_ALONG = 40;
/** How far a block's tone may stray from the film's, in sample values: on a plain wall all would be alike. */
const LIGHT_SPREAD = 9;

/** The blocks that a component reaches into: `across` x `down` of them, of 2^shift x 2^shift cells. */
interface Blocks {
  readonly shift: number;
  /** The first one's place on the picture's grid of blocks. */
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

/**
 * Writes the film as a mosaic: blocks of one tone each, the mean of the film under it, a little lighter or
 * darker by a fixed pattern. The blocks lie on a grid fixed to the picture and are all of one size, so that
 * they stand still while masks move, meet and part across a film.
 */
export class Mosaic {
  #tones = new Float64Array(0);
  #counts = new Uint32Array(0);

  fill(channel: PictureChannel, mask: Mask, component: Component, film: Float32Array, patch: Patch): void {
    const blocks = blocksUnder(mask, component);
    this.#average(component, film, patch, blocks);
    this.#settle(blocks, carriesLight(channel.role) ? LIGHT_SPREAD : 0);
    this.#write(channel, component, blocks);
  }

  /** The mean of the component's cells in each block. */
  #average({ runs }: Component, film: Float32Array, patch: Patch, blocks: Blocks): void {
    const { shift, left, top, across, down } = blocks;
    const count = across * down;
    if (this.#tones.length < count) {
      this.#tones = new Float64Array(count);
      this.#counts = new Uint32Array(count);
    }
    const sums = this.#tones.fill(0, 0, count);
    const counts = this.#counts.fill(0, 0, count);
    for (let run = 0; run < runs.length; run += 3) {
      const row = ((runs[run] >> shift) - top) * across - left;
      const from = (runs[run] - patch.top) * patch.columns - patch.left;
      for (let x = runs[run + 1]; x < runs[run + 2]; x++) {
        sums[row + (x >> shift)] += film[from + x];
        counts[row + (x >> shift)]++;
      }
    }
    for (let i = 0; i < count; i++) sums[i] /= Math.max(1, counts[i]);
  }

  /** From means to sample values. */
  #settle({ left, top, across, down }: Blocks, spread: number): void {
    for (let i = 0; i < across * down; i++) {
      const noise = positionNoise(left + (i % across), top + Math.floor(i / across));
      const tone = this.#tones[i] + spread * (2 * noise - 1);
      this.#tones[i] = Math.round(Math.min(Math.max(tone, 0), 255));
    }
  }

  #write(channel: PictureChannel, { runs }: Component, { shift, left, top, across }: Blocks): void {
    const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
    const tones = this.#tones;
    for (let run = 0; run < runs.length; run += 3) {
      const first = runs[run + 1] << (1 - shiftX);
      const end = Math.min(width, runs[run + 2] << (1 - shiftX));
      const bottom = Math.min(height, (runs[run] + 1) << (1 - shiftY));
      const row = ((runs[run] >> shift) - top) * across - left;
      for (let y = runs[run] << (1 - shiftY); y < bottom; y++) {
        const line = offset + y * stride;
        for (let x = first; x < end; x++) {
          data[line + x * step] = tones[row + (x >> (1 - shiftX + shift))];
        }
      }
    }
  }
}

function blocksUnder({ width, height }: Mask, component: Component): Blocks {
  // A power of two, so that a block is a shift away.
  const shift = Math.max(0, Math.floor(Math.log2(Math.min(width, height) / BLOCKS_ALONG / CELL)));
  const left = component.left >> shift;
  const top = component.top >> shift;
  const across = ((component.right - 1) >> shift) - left + 1;
  const down = ((component.bottom - 1) >> shift) - top + 1;
  return { shift, left, top, across, down };
}
