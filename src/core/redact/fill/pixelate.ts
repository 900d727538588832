import type { Component } from '../components.ts';
import type { PictureChannel } from '../picture.ts';
import type { Patch } from './membrane.ts';
import { positionNoise } from './noise.ts';
import { carriesLight } from './tone.ts';

/** Blocks across the shorter side of a component, at least; half as many again and more where it is long. */
const BLOCKS_ACROSS = 5;
/** How far a block's tone may stray from the film's, in sample values: on a plain wall all would be alike. */
const LIGHT_SPREAD = 9;

/**
 * Writes the film as a mosaic: blocks of one tone each, the mean of the film under it, a little lighter or
 * darker by a fixed pattern. The blocks lie on a grid fixed to the picture, and their side is a power of two,
 * so that they stand still while a mask moves across a film.
 */
export class Mosaic {
  #sums = new Float64Array(0);
  #counts = new Uint32Array(0);

  fill(channel: PictureChannel, component: Component, film: Float32Array, patch: Patch): void {
    const { runs } = component;
    const { data, width, height, stride, step, offset, shiftX, shiftY } = channel;
    const shift = blockShift(component);
    const left = component.left >> shift;
    const top = component.top >> shift;
    const across = ((component.right - 1) >> shift) - left + 1;
    const down = ((component.bottom - 1) >> shift) - top + 1;
    const spread = carriesLight(channel.role) ? LIGHT_SPREAD : 0;

    this.#average(component, film, patch, shift, left, top, across, down);
    const tones = this.#sums;
    for (let block = 0; block < across * down; block++) {
      const noise = positionNoise(left + (block % across), top + Math.floor(block / across));
      const tone = tones[block] / this.#counts[block] + spread * (2 * noise - 1);
      tones[block] = Math.round(Math.min(Math.max(tone, 0), 255));
    }

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

  /** Sums and counts the component's cells in each block. */
  #average(
    { runs }: Component,
    film: Float32Array,
    patch: Patch,
    shift: number,
    left: number,
    top: number,
    across: number,
    down: number,
  ): void {
    const blocks = across * down;
    if (this.#sums.length < blocks) {
      this.#sums = new Float64Array(blocks);
      this.#counts = new Uint32Array(blocks);
    }
    const sums = this.#sums.fill(0, 0, blocks);
    const counts = this.#counts.fill(0, 0, blocks);
    for (let run = 0; run < runs.length; run += 3) {
      const row = ((runs[run] >> shift) - top) * across - left;
      const from = (runs[run] - patch.top) * patch.columns - patch.left;
      for (let x = runs[run + 1]; x < runs[run + 2]; x++) {
        sums[row + (x >> shift)] += film[from + x];
        counts[row + (x >> shift)]++;
      }
    }
  }
}

/** The side of a block in cells, as a power of two: the largest that puts BLOCKS_ACROSS on the shorter side. */
function blockShift({ left, top, right, bottom }: Component): number {
  const shorter = Math.min(right - left, bottom - top);
  return Math.max(0, Math.floor(Math.log2(shorter / BLOCKS_ACROSS)));
}
