import type { Component } from '../components.ts';
import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import { gatherCells } from './samples.ts';

/** Gauss-Seidel sweeps a level, half of them backwards so that none leans to a side. */
const SWEEP_PAIRS = 1;

/** One resolution of the pyramid; level 0 is the mask's own cells, each further one half as fine. */
interface Level {
  readonly columns: number;
  readonly rows: number;
  /** Where its cells begin in the scratch arrays. */
  readonly at: number;
  /** Its unknown cells: the runs [firstRun, endRun) of the scratch array. */
  readonly firstRun: number;
  readonly endRun: number;
}

/** A rectangle of cells, in the mask's columns and rows. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * A soap film over a hole: values for the covered cells around one component, smooth inside and meeting the
 * open picture at the edge. It is computed from open cells only.
 *
 * Push-pull (Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph, SIGGRAPH 1996, section 4.4) halves the
 * resolution until no cell is unknown, each coarser cell the mean of the known finer ones, then comes back
 * interpolating the unknown ones. Alone that shows the pyramid's grid; a few Gauss-Seidel sweeps of Laplace's
 * equation on each level as it comes back (a cascadic multigrid: Bornemann and Deuflhard, 1996) smooth it out.
 *
 * The object keeps its arrays from call to call, and writes every value before it reads it.
 */
export class Membrane {
  #values = new Float32Array(0);
  #known = new Uint8Array(0);
  #runs = new Int32Array(0);
  #levels: Level[] = [];
  #patch: Patch = { left: 0, top: 0, columns: 0, rows: 0 };

  /** The rectangle of cells that `solve` answers for: the last component's, with a margin. */
  get patch(): Patch {
    return this.#patch;
  }

  /**
   * Prepares for one component; every channel is then solved with the same geometry. Answers false if there is
   * no open cell to start from, which is so only where the mask covers the whole picture.
   */
  stretch(mask: Mask, component: Component): boolean {
    const patch = surroundings(mask, component);
    this.#patch = patch;
    this.#reserve(patch);
    this.#levels = [];

    for (let row = 0; row < patch.rows; row++) {
      const from = (patch.top + row) * mask.columns + patch.left;
      const to = row * patch.columns;
      for (let x = 0; x < patch.columns; x++) this.#known[to + x] = 1 - mask.cells[from + x];
    }
    let level = this.#addLevel(patch.columns, patch.rows, 0, 0);
    while (level.endRun > level.firstRun) {
      if (level.columns === 1 && level.rows === 1) return false;
      level = this.#coarsen(level);
    }
    return true;
  }

  /**
   * The film for one channel of the mask's picture: a value for each cell of `patch`, row by row. Open cells
   * hold the mean of their samples. Good until the next call.
   */
  solve(channel: PictureChannel): Float32Array {
    const levels = this.#levels;
    gatherCells(channel, this.#patch, this.#known, this.#values);
    for (let i = 1; i < levels.length; i++) this.#push(levels[i - 1], levels[i]);
    for (let i = levels.length - 2; i >= 0; i--) {
      this.#pull(levels[i + 1], levels[i]);
      for (let pair = 0; pair < SWEEP_PAIRS; pair++) this.#relax(levels[i]);
    }
    return this.#values;
  }

  #reserve({ columns, rows }: Patch): void {
    // A level has at most a quarter of the cells of the finer one, rounded up on both axes.
    const cells = Math.ceil((columns * rows * 4) / 3) + 2 * (columns + rows) + 64;
    if (this.#known.length >= cells) return;
    this.#values = new Float32Array(cells);
    this.#known = new Uint8Array(cells);
    this.#runs = new Int32Array(3 * cells); // more than enough: runs are at least a cell apart
  }

  /** Lists the unknown cells of a level whose `known` values are in place. */
  #addLevel(columns: number, rows: number, at: number, firstRun: number): Level {
    const known = this.#known;
    const runs = this.#runs;
    let endRun = firstRun;
    for (let y = 0; y < rows; y++) {
      const row = at + y * columns;
      for (let x = 0; x < columns; x++) {
        if (known[row + x] === 1) continue;
        runs[endRun] = y;
        runs[endRun + 1] = x;
        while (x < columns && known[row + x] === 0) x++;
        runs[endRun + 2] = x;
        endRun += 3;
      }
    }
    const level = { columns, rows, at, firstRun, endRun };
    this.#levels.push(level);
    return level;
  }

  /** The next level: a cell is known if any of the finer ones under it is. */
  #coarsen(fine: Level): Level {
    const known = this.#known;
    const columns = (fine.columns + 1) >> 1;
    const rows = (fine.rows + 1) >> 1;
    const at = fine.at + fine.columns * fine.rows;
    for (let y = 0; y < rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      for (let x = 0; x < columns; x++) {
        const left = 2 * x;
        const right = left + 1 < fine.columns ? left + 1 : left;
        known[at + y * columns + x] =
          known[upper + left] | known[upper + right] | known[lower + left] | known[lower + right];
      }
    }
    return this.#addLevel(columns, rows, at, fine.endRun);
  }

  /** A coarser cell's value: the mean of the known finer ones. Unknown ones hold 0, and so weigh nothing. */
  #push(fine: Level, coarse: Level): void {
    const values = this.#values;
    const known = this.#known;
    for (let y = 0; y < coarse.rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      const to = coarse.at + y * coarse.columns;
      for (let x = 0; x < coarse.columns; x++) {
        const left = 2 * x;
        const right = left + 1 < fine.columns ? left + 1 : left;
        const a = upper + left;
        const b = upper + right;
        const c = lower + left;
        const d = lower + right;
        const sum = values[a] + values[b] + values[c] + values[d];
        values[to + x] = sum * SHARE[known[a] + known[b] + known[c] + known[d]];
      }
    }
  }

  /** Unknown cells take the coarser level's values, interpolated between the centres of its cells. */
  #pull(coarse: Level, fine: Level): void {
    const values = this.#values;
    const runs = this.#runs;
    for (let run = fine.firstRun; run < fine.endRun; run += 3) {
      const y = runs[run];
      const near = coarse.at + (y >> 1) * coarse.columns;
      const far = coarse.at + clamp((y >> 1) + (y & 1 ? 1 : -1), coarse.rows) * coarse.columns;
      const to = fine.at + y * fine.columns;
      for (let x = runs[run + 1]; x < runs[run + 2]; x++) {
        const same = x >> 1;
        const side = clamp(same + (x & 1 ? 1 : -1), coarse.columns);
        values[to + x] =
          0.5625 * values[near + same] +
          0.1875 * (values[near + side] + values[far + same]) +
          0.0625 * values[far + side];
      }
    }
  }

  /** Each unknown cell becomes the mean of its four neighbours; at the patch's edge it stands in for one. */
  #relax(level: Level): void {
    const values = this.#values;
    const runs = this.#runs;
    const { columns, rows, at } = level;
    const last = columns - 1;
    for (let run = level.firstRun; run < level.endRun; run += 3) {
      const y = runs[run];
      const row = at + y * columns;
      const up = y > 0 ? -columns : 0;
      const down = y < rows - 1 ? columns : 0;
      for (let x = runs[run + 1]; x < runs[run + 2]; x++) {
        const i = row + x;
        const beside = values[x < last ? i + 1 : i] + values[i + up] + values[i + down];
        values[i] = 0.25 * (beside + values[x > 0 ? i - 1 : i]);
      }
    }
    for (let run = level.endRun - 3; run >= level.firstRun; run -= 3) {
      const y = runs[run];
      const row = at + y * columns;
      const up = y > 0 ? -columns : 0;
      const down = y < rows - 1 ? columns : 0;
      for (let x = runs[run + 2] - 1; x >= runs[run + 1]; x--) {
        const i = row + x;
        const beside = values[x > 0 ? i - 1 : i] + values[i + up] + values[i + down];
        values[i] = 0.25 * (beside + values[x < last ? i + 1 : i]);
      }
    }
  }
}

/** 1 / n, and 0 for none: looking it up is faster than dividing. */
const SHARE = Float32Array.of(0, 1, 1 / 2, 1 / 3, 1 / 4);

const clamp = (index: number, length: number) => (index < 0 ? 0 : index >= length ? length - 1 : index);

/**
 * The component's rectangle with a margin of an eighth of its size, so that the coarse levels, which carry the
 * colours of the middle, average over more than a thin line of pixels. One cell would do for correctness: a
 * component's neighbours are open.
 */
function surroundings(mask: Mask, component: Component): Patch {
  const size = Math.max(component.right - component.left, component.bottom - component.top);
  const margin = Math.max(2, size >> 3);
  const left = Math.max(0, component.left - margin);
  const top = Math.max(0, component.top - margin);
  const right = Math.min(mask.columns, component.right + margin);
  const bottom = Math.min(mask.rows, component.bottom + margin);
  return { left, top, columns: right - left, rows: bottom - top };
}
