/** The side of a cell in pixels. */
export const CELL = 2;

/**
 * Collects which cells of a picture are covered. A cell is 2x2 pixels at even coordinates; those at the right
 * and bottom edge of an odd picture are cut. A cell is covered whole or not at all. That is what subsampled
 * chroma needs: the one chroma sample of a cell is shared by its four pixels, so a half-covered cell would
 * publish a mixture of the inside and the outside.
 *
 * What is covered is kept as horizontal runs, three numbers each: row, first column, column after the last. A
 * crowd is a few thousand runs, whatever the size of the picture. The object keeps its arrays from picture to
 * picture.
 */
export class CellRuns {
  columns = 0;
  rows = 0;
  /** Runs as they were painted: in any order, and over one another. */
  #painted: Int32Array = new Int32Array(3 * 1024);
  #sorted: Int32Array = new Int32Array(0);
  #starts: Int32Array = new Int32Array(0);
  #end = 0;

  /** Forgets everything and begins a picture of `width` x `height` pixels. */
  begin(width: number, height: number): void {
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    this.#end = 0;
  }

  /** Covers every cell of one row of cells that the pixels from `from` to `to` touch. */
  cover(row: number, from: number, to: number): void {
    const first = firstTouched(from);
    const end = Math.min(this.columns, endTouched(from, to));
    if (first >= end) return;
    const at = this.#end;
    if (at === this.#painted.length) this.#painted = longer(this.#painted, 2 * at);
    this.#painted[at] = row;
    this.#painted[at + 1] = first;
    this.#painted[at + 2] = end;
    this.#end = at + 3;
  }

  /**
   * Brings the runs in order, row by row from left to right, and joins those that meet, so that there is an
   * open cell between any two. Answers where they end in `runs`.
   */
  settle(): number {
    // A radix sort: by the first column, then by the row, each pass keeping the order of the one before.
    if (this.#sorted.length < this.#painted.length) this.#sorted = new Int32Array(this.#painted.length);
    const most = Math.max(this.columns, this.rows) + 1;
    if (this.#starts.length < most) this.#starts = new Int32Array(most);
    this.#sort(this.#painted, this.#sorted, 1);
    this.#sort(this.#sorted, this.#painted, 0);

    const runs = this.#painted;
    let last = -3;
    for (let i = 0; i < this.#end; i += 3) {
      if (last >= 0 && runs[last] === runs[i] && runs[i + 1] <= runs[last + 2]) {
        if (runs[i + 2] > runs[last + 2]) runs[last + 2] = runs[i + 2];
        continue;
      }
      last += 3;
      runs[last] = runs[i];
      runs[last + 1] = runs[i + 1];
      runs[last + 2] = runs[i + 2];
    }
    this.#end = last + 3;
    return this.#end;
  }

  /** The runs, in order after `settle`; the array may be longer than they are. */
  get runs(): Int32Array {
    return this.#painted;
  }

  #sort(from: Int32Array, to: Int32Array, key: 0 | 1): void {
    const end = this.#end;
    const starts = this.#starts.fill(0);
    for (let i = key; i < end; i += 3) starts[from[i] + 1] += 3;
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
    for (let i = 0; i < end; i += 3) {
      const at = starts[from[i + key]];
      starts[from[i + key]] = at + 3;
      to[at] = from[i];
      to[at + 1] = from[i + 1];
      to[at + 2] = from[i + 2];
    }
  }
}

/** The first cell that a stretch of pixels beginning at `from` touches on one axis, not before the picture. */
export function firstTouched(from: number): number {
  return Math.max(0, Math.floor(from / CELL));
}

/** The cell after the last that it touches. A stretch of no length still takes the cell it lies in. */
export function endTouched(from: number, to: number): number {
  return Math.max(Math.ceil(to / CELL), Math.floor(from / CELL) + 1);
}

function longer(array: Int32Array, length: number): Int32Array {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}
