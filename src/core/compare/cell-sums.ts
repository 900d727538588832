import { SAMPLE } from './small-picture.ts';

/** Samples along each side of a cell. */
const CELL_SAMPLES = 2;
/** Pixels along each side of a cell. */
export const CELL = CELL_SAMPLES * SAMPLE;
/** How much more encoders may err for one level of local range. */
const PER_RANGE = 0.08;

/**
 * How much two pictures differ in cells of 8x8 pixels and in windows of 2x2 such cells: the root mean square of their
 * samples' differences, over 1 + 0.08 times the mean local range. The cells at the right and bottom edge are cut.
 */
export class CellSums {
  /** In samples. */
  readonly width: number;
  readonly height: number;
  /** In cells. */
  readonly columns: number;
  readonly rows: number;
  readonly #squares: Float64Array;
  readonly #ranges: Float64Array;
  readonly #samples: Float64Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / CELL_SAMPLES);
    this.rows = Math.ceil(height / CELL_SAMPLES);
    const cells = this.columns * this.rows;
    this.#squares = new Float64Array(cells);
    this.#ranges = new Float64Array(cells);
    this.#samples = new Float64Array(cells);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) this.#samples[(y >> 1) * this.columns + (x >> 1)]++;
  }

  /**
   * Takes in two planes of samples, `width` x `height`. With their local ranges the lesser of the two counts: a
   * cover is calm where a face was not, but coding leaves both alike.
   */
  compare(before: Uint8Array, after: Uint8Array, ranges?: readonly [Uint8Array, Uint8Array]): void {
    const { width, height, columns } = this;
    const squares = this.#squares.fill(0);
    const sums = this.#ranges.fill(0);
    for (let y = 0, at = 0; y < height; y++) {
      const first = (y >> 1) * columns;
      for (let x = 0; x < width; x++, at++) {
        const cell = first + (x >> 1);
        const difference = after[at] - before[at];
        squares[cell] += difference * difference;
        if (ranges) sums[cell] += Math.min(ranges[0][at], ranges[1][at]);
      }
    }
  }

  ofCell(cell: number): number {
    return differenceOf(this.#squares[cell], this.#ranges[cell], this.#samples[cell]);
  }

  /** Of the window whose first cell is given; it is smaller at the last column and row. */
  ofWindow(column: number, row: number): number {
    let [squares, ranges, samples] = [0, 0, 0];
    for (let y = row; y < Math.min(row + 2, this.rows); y++)
      for (let x = column; x < Math.min(column + 2, this.columns); x++) {
        const cell = y * this.columns + x;
        squares += this.#squares[cell];
        ranges += this.#ranges[cell];
        samples += this.#samples[cell];
      }
    return differenceOf(squares, ranges, samples);
  }
}

const differenceOf = (squares: number, ranges: number, samples: number) =>
  Math.sqrt(squares / samples) / (1 + (PER_RANGE * ranges) / samples);
