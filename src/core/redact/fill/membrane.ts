import type { Component } from '../components.ts';
import type { Mask } from '../mask.ts';
import type { PictureChannel } from '../picture.ts';
import { gatherCells } from './samples.ts';

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
 * interpolating the unknown ones. Alone that shows the pyramid's grid; two Gauss-Seidel sweeps of Laplace's
 * equation on each level on the way back (a cascadic multigrid: Bornemann and Deuflhard, 1996) smooth it out.
 *
 * The object keeps its arrays from call to call, and writes every value before it reads it.
 */
export class Membrane {
  #values = new Float32Array(0);
  /** 1 where a cell is unknown: covered or, on a coarse level, made of covered cells only. */
  #unknown = new Uint8Array(0);
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
      this.#unknown.set(mask.cells.subarray(from, from + patch.columns), row * patch.columns);
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
    gatherCells(channel, this.#patch, this.#unknown, this.#values);
    for (let i = 1; i < levels.length; i++) this.#push(levels[i - 1], levels[i]);
    for (let i = levels.length - 2; i >= 0; i--) {
      this.#pull(levels[i + 1], levels[i]);
      this.#relax(levels[i]);
    }
    return this.#values;
  }

  #reserve({ columns, rows }: Patch): void {
    let cells = 0;
    for (let c = columns, r = rows; ; c = (c + 1) >> 1, r = (r + 1) >> 1) {
      cells += c * r;
      if (c === 1 && r === 1) break;
    }
    if (this.#values.length >= cells) return;
    this.#values = new Float32Array(cells);
    this.#unknown = new Uint8Array(cells);
    this.#runs = new Int32Array(3 * cells); // a run of one cell takes three numbers
  }

  /** Adds a level whose `#unknown` flags are in place, and lists its unknown cells. */
  #addLevel(columns: number, rows: number, at: number, firstRun: number): Level {
    const unknown = this.#unknown;
    const runs = this.#runs;
    let endRun = firstRun;
    for (let y = 0; y < rows; y++) {
      const row = at + y * columns;
      for (let x = 0; x < columns; x++) {
        if (unknown[row + x] === 0) continue;
        runs[endRun] = y;
        runs[endRun + 1] = x;
        while (x < columns && unknown[row + x] === 1) x++;
        runs[endRun + 2] = x;
        endRun += 3;
      }
    }
    const level = { columns, rows, at, firstRun, endRun };
    this.#levels.push(level);
    return level;
  }

  /** The next level: a cell is unknown if all of the finer ones under it are. */
  #coarsen(fine: Level): Level {
    const unknown = this.#unknown;
    const columns = (fine.columns + 1) >> 1;
    const rows = (fine.rows + 1) >> 1;
    const at = fine.at + fine.columns * fine.rows;
    for (let y = 0; y < rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      for (let x = 0; x < columns; x++) {
        const left = 2 * x;
        const right = left + 1 < fine.columns ? left + 1 : left;
        unknown[at + y * columns + x] =
          unknown[upper + left] & unknown[upper + right] & unknown[lower + left] & unknown[lower + right];
      }
    }
    return this.#addLevel(columns, rows, at, fine.endRun);
  }

  /** A coarser cell's value: the mean of the known finer ones. Unknown ones hold 0, and so weigh nothing. */
  #push(fine: Level, coarse: Level): void {
    const values = this.#values;
    const unknown = this.#unknown;
    for (let y = 0; y < coarse.rows; y++) {
      const upper = fine.at + 2 * y * fine.columns;
      const lower = 2 * y + 1 < fine.rows ? upper + fine.columns : upper;
      const to = coarse.at + y * coarse.columns;
      for (let x = 0; x < coarse.columns; x++) {
        if (unknown[to + x] === 1) {
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
        values[to + x] = sum * SHARE[unknown[a] + unknown[b] + unknown[c] + unknown[d]];
      }
    }
  }

  /** Unknown cells take the coarser level's values, interpolated between the centres of its cells. */
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
      // Two finer cells lie over each coarser one; a run may begin with the second and end with the first.
      let x = runs[run + 1];
      let column = x >> 1;
      let left = blend(values, near, far, Math.max(column - 1, 0));
      let middle = blend(values, near, far, column);
      for (; x < end; column++) {
        const right = blend(values, near, far, column < last ? column + 1 : last);
        if ((x & 1) === 0) values[to + x++] = 0.75 * middle + 0.25 * left;
        if (x < end) values[to + x++] = 0.75 * middle + 0.25 * right;
        left = middle;
        middle = right;
      }
    }
  }

  /** Makes each unknown cell the mean of its four neighbours, once forwards and once backwards, to lean neither way. */
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

    // A cell at the patch's edge stands in for the neighbour that it lacks. The value just found stays in a
    // variable: reading it back would make each cell wait for the memory.
    let before = first === rowStart ? values[first] : values[first - step];
    for (let i = first; i !== last; i += step) {
      before = 0.25 * (values[i + step] + values[i + up] + values[i + down] + before);
      values[i] = before;
    }
    const ahead = last === rowEnd ? values[last] : values[last + step];
    values[last] = 0.25 * (ahead + values[last + up] + values[last + down] + before);
  }
}

/** Three quarters of the near row and one of the far: a point a quarter of a cell from the near row's middle. */
const blend = (values: Float32Array, near: number, far: number, column: number) =>
  0.75 * values[near + column] + 0.25 * values[far + column];

/** What each known cell weighs where this many of four are unknown. Looking it up is faster than dividing. */
const SHARE = Float64Array.of(1 / 4, 1 / 3, 1 / 2, 1);

const clamp = (index: number, length: number) => (index < 0 ? 0 : index >= length ? length - 1 : index);

/** Open cells around a component, on every side, that the film is hung from. Those that touch it fix its edge;
 * the next ones calm the coarse levels, which carry the colours of the middle. */
const MARGIN = 2;

function surroundings(mask: Mask, component: Component): Patch {
  const left = Math.max(0, component.left - MARGIN);
  const top = Math.max(0, component.top - MARGIN);
  const right = Math.min(mask.columns, component.right + MARGIN);
  const bottom = Math.min(mask.rows, component.bottom + MARGIN);
  return { left, top, columns: right - left, rows: bottom - top };
}
