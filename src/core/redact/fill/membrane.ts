import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import { Blocks, KNOWN, UNKNOWN } from './blocks.ts';
import { gatherBlocks } from './samples.ts';

/** One resolution of the pyramid; level 0 is the blocks themselves, each further one half as fine. */
interface Level {
  columns: number;
  rows: number;
  /** Where its blocks begin in the arrays. */
  at: number;
  /** Its unknown blocks: the runs [firstRun, endRun) of the array of runs. */
  firstRun: number;
  endRun: number;
}

/**
 * A soap film over the holes of a picture: values for the blocks around all masked places, smooth inside and
 * meeting the open picture at the edge. It is computed from open samples only.
 *
 * Push-pull (Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph, SIGGRAPH 1996, section 4.4) halves the
 * resolution until no block is unknown, each coarser block the mean of the known finer ones, then comes back
 * interpolating the unknown ones. Alone that shows the pyramid's grid; Gauss-Seidel sweeps of Laplace's equation
 * on each level on the way back (a cascadic multigrid: Bornemann and Deuflhard, 1996) smooth it out.
 *
 * The object keeps its arrays from call to call, and writes every value before it reads it.
 */
export class Membrane {
  readonly blocks: Blocks;
  #values = new Int32Array(0);
  #states = new Uint8Array(0);
  /** Horizontal runs of unknown blocks, three numbers each: row, first column, column after the last. */
  #runs = new Int32Array(0);
  readonly #pyramid: Level[] = [];
  #levels = 0;

  /** Each block of the film is 2^shift x 2^shift cells. */
  constructor(shift: 1 | 2) {
    this.blocks = new Blocks(shift);
  }

  /** Prepares for one mask, which leaves something open; every channel is then solved with the same geometry. */
  stretch(mask: Mask): void {
    this.blocks.lay(mask);
    const { patch, states } = this.blocks;
    const { columns, rows } = patch;
    this.#reserve(columns, rows);
    this.#states.set(states.subarray(0, columns * rows));
    this.#levels = 0;
    let level = this.#addLevel(columns, rows, 0, 0);
    while (level.endRun > level.firstRun) level = this.#coarsen(level);
  }

  /**
   * The film for one channel of the mask's picture: a value for each block of the patch, row by row, in
   * FILM_UNITs. Good until the next call.
   */
  solve(channel: PictureChannel): Int32Array {
    const levels = this.#pyramid;
    gatherBlocks(channel, this.blocks, this.#values);
    for (let i = 1; i < this.#levels; i++) this.#push(levels[i - 1], levels[i]);
    for (let i = this.#levels - 2; i >= 0; i--) {
      this.#pull(levels[i + 1], levels[i]);
      for (let sweep = 0; sweep < SWEEPS; sweep++) this.#relax(levels[i]);
    }
    return this.#values;
  }

  #reserve(columns: number, rows: number): void {
    let blocks = 0;
    for (let c = columns, r = rows; ; c = (c + 1) >> 1, r = (r + 1) >> 1) {
      blocks += c * r;
      if (c === 1 && r === 1) break;
    }
    if (this.#values.length >= blocks) return;
    this.#values = new Int32Array(blocks);
    this.#states = new Uint8Array(blocks);
    this.#runs = new Int32Array(3 * blocks); // a run of one block takes three numbers
  }

  /** Adds a level whose states are in place, and lists its unknown blocks. */
  #addLevel(columns: number, rows: number, at: number, firstRun: number): Level {
    const states = this.#states;
    const runs = this.#runs;
    let endRun = firstRun;
    for (let y = 0; y < rows; y++) {
      const row = at + y * columns;
      for (let x = 0; x < columns; x++) {
        if (states[row + x] !== UNKNOWN) continue;
        runs[endRun] = y;
        runs[endRun + 1] = x;
        while (x < columns && states[row + x] === UNKNOWN) x++;
        runs[endRun + 2] = x;
        endRun += 3;
      }
    }
    let level = this.#pyramid[this.#levels];
    if (!level) {
      level = { columns: 0, rows: 0, at: 0, firstRun: 0, endRun: 0 };
      this.#pyramid.push(level);
    }
    level.columns = columns;
    level.rows = rows;
    level.at = at;
    level.firstRun = firstRun;
    level.endRun = endRun;
    this.#levels++;
    return level;
  }

  /** The next level: a block is known if any of the finer ones under it is, or else unknown if any of them is. */
  #coarsen(fine: Level): Level {
    const states = this.#states;
    const columns = (fine.columns + 1) >> 1;
    const rows = (fine.rows + 1) >> 1;
    const at = fine.at + fine.columns * fine.rows;
    for (let y = 0; y < rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      for (let x = 0; x < columns; x++) {
        const left = 2 * x;
        const right = left + 1 < fine.columns ? left + 1 : left;
        const any =
          states[upper + left] | states[upper + right] | states[lower + left] | states[lower + right];
        states[at + y * columns + x] = any & KNOWN ? KNOWN : any;
      }
    }
    return this.#addLevel(columns, rows, at, fine.endRun);
  }

  /** A coarser block's value: the mean of the known finer ones. All others hold 0, and so weigh nothing. */
  #push(fine: Level, coarse: Level): void {
    const values = this.#values;
    const states = this.#states;
    for (let y = 0; y < coarse.rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      const to = coarse.at + y * coarse.columns;
      for (let x = 0; x < coarse.columns; x++) {
        if (states[to + x] !== KNOWN) {
          values[to + x] = 0;
          continue;
        }
        const left = 2 * x;
        const right = left + 1 < fine.columns ? left + 1 : left;
        const a = upper + left;
        const b = upper + right;
        const c = lower + left;
        const d = lower + right;
        const sum = values[a] + values[b] + values[c] + values[d];
        const known = (states[a] & KNOWN) + (states[b] & KNOWN) + (states[c] & KNOWN) + (states[d] & KNOWN);
        values[to + x] = sum * SHARE[known];
      }
    }
  }

  /** Unknown blocks take the coarser level's values, interpolated between the centres of its blocks. */
  #pull(coarse: Level, fine: Level): void {
    const values = this.#values;
    const runs = this.#runs;
    const last = coarse.columns - 1;
    for (let run = fine.firstRun; run < fine.endRun; run += 3) {
      const y = runs[run];
      const near = coarse.at + (y >> 1) * coarse.columns;
      const far = coarse.at + clamp((y >> 1) + (y & 1 ? 1 : -1), coarse.rows) * coarse.columns;
      const to = fine.at + y * fine.columns;
      const end = runs[run + 2];
      // Two finer blocks lie over each coarser one; a run may begin with the second and end with the first.
      let x = runs[run + 1];
      let column = x >> 1;
      let left = blend(values, near, far, column > 0 ? column - 1 : 0);
      let middle = blend(values, near, far, column);
      for (; x < end; column++) {
        const right = blend(values, near, far, column < last ? column + 1 : last);
        if ((x & 1) === 0) values[to + x++] = (3 * middle + left) >> 4;
        if (x < end) values[to + x++] = (3 * middle + right) >> 4;
        left = middle;
        middle = right;
      }
    }
  }

  /** Makes each unknown block the mean of its four neighbours, once forwards and once backwards, to lean neither way. */
  #relax(level: Level): void {
    for (let run = level.firstRun; run < level.endRun; run += 3) this.#relaxRun(level, run, 1);
    for (let run = level.endRun - 3; run >= level.firstRun; run -= 3) this.#relaxRun(level, run, -1);
  }

  #relaxRun({ columns, rows, at }: Level, run: number, step: 1 | -1): void {
    const values = this.#values;
    const y = this.#runs[run];
    const left = this.#runs[run + 1];
    const right = this.#runs[run + 2] - 1;
    const row = at + y * columns;
    const up = y > 0 ? -columns : 0;
    const down = y < rows - 1 ? columns : 0;
    const first = row + (step === 1 ? left : right);
    const last = row + (step === 1 ? right : left);
    const rowStart = row + (step === 1 ? 0 : columns - 1);
    const rowEnd = row + (step === 1 ? columns - 1 : 0);

    // A block at the picture's edge stands in for the neighbour that it lacks. The value just found stays in a
    // variable: reading it back would make each block wait for the memory.
    let before = first === rowStart ? values[first] : values[first - step];
    for (let i = first; i !== last; i += step) {
      before = (values[i + step] + values[i + up] + values[i + down] + before) >> 2;
      values[i] = before;
    }
    const ahead = last === rowEnd ? values[last] : values[last + step];
    values[last] = (ahead + values[last + up] + values[last + down] + before) >> 2;
  }
}

/**
 * Pairs of sweeps on each level. With fewer, the film moves more from frame to frame as masks move over the grid.
 */
const SWEEPS = 3;

/** Four times three quarters of the near row and one of the far: a quarter of a block from the near row's middle. */
const blend = (values: Int32Array, near: number, far: number, column: number) =>
  3 * values[near + column] + values[far + column];

/** What each known block weighs where this many of four are known. Looking it up is faster than dividing. */
const SHARE = Float64Array.of(0, 1, 1 / 2, 1 / 3, 1 / 4);

const clamp = (index: number, length: number) => (index < 0 ? 0 : index >= length ? length - 1 : index);
