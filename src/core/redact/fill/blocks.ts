import type { Mask } from '../mask.ts';

/** What a block is to the film. Any other block is of no concern. */
export const KNOWN = 1;
export const UNKNOWN = 2;

/** A rectangle of blocks, in the picture's columns and rows of blocks. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/** The patch is laid out on a grid of this many blocks, so that coarser ones too lie still as masks move. */
const PATCH_GRID = 32;

/**
 * The blocks of a picture that a film over its masked places is made of: squares of 2^shift x 2^shift cells, four
 * samples wide. The film is smooth, so it need not be computed more finely.
 *
 * A block is *unknown* if more than half of its cells are covered: what is left open is too little to go by, and
 * changes as a mask moves. It is *known* if fewer are, or if it adjoins, be it by a corner, one with any covered.
 * So unknown blocks are enclosed by known ones, except at the picture's edge.
 */
export class Blocks {
  /** Cells to a block's side, as a power of two: 1 or 2. */
  readonly shift: 1 | 2;
  patch: Patch = { left: 0, top: 0, columns: 0, rows: 0 };
  /** For each block of the patch, row by row: KNOWN, UNKNOWN or 0. */
  states = new Uint8Array(0);
  /** For each block one bit a cell, row by row from the lowest: set where covered. */
  covered = new Uint16Array(0);
  /** The known blocks' places in the patch, two numbers each: column, row. */
  known = new Int32Array(0);
  knownEnd = 0;

  constructor(shift: 1 | 2) {
    this.shift = shift;
  }

  /** Finds the blocks of a mask that covers something. */
  lay(mask: Mask): void {
    this.patch = around(mask, this.shift);
    const { columns, rows } = this.patch;
    const count = columns * rows;
    if (this.states.length < count) {
      this.states = new Uint8Array(count);
      this.covered = new Uint16Array(count);
      this.known = new Int32Array(2 * count);
    }
    this.states.fill(0, 0, count);
    this.covered.fill(0, 0, count);
    this.#cover(mask);
    this.#mark();
    const cells = 1 << (2 * this.shift);
    // Where next to nothing is open there may be no such block; then any open cell has to do.
    if (!this.#tellApart(cells / 2)) this.#tellApart(cells - 1);
  }

  #cover({ runs, end, columns, rows }: Mask): void {
    const { shift, patch, covered } = this;
    const side = 1 << shift;
    const fullRow = (1 << side) - 1;
    for (let run = 0; run < end; run += 3) {
      const y = runs[run];
      const row = ((y >> shift) - patch.top) * patch.columns - patch.left;
      // Cells that a block at the picture's edge lacks are as covered as the last that it has.
      const first = runs[run + 1];
      const last = runs[run + 2] === columns ? (columns - 1) | (side - 1) : runs[run + 2] - 1;
      const bottom = y === rows - 1 ? y | (side - 1) : y;
      const left = first >> shift;
      const right = last >> shift;
      for (let line = y & (side - 1); line <= (bottom & (side - 1)); line++) {
        const up = line << shift;
        const begins = (fullRow << (first & (side - 1))) & fullRow;
        const ends = fullRow >> (side - 1 - (last & (side - 1)));
        if (left === right) {
          covered[row + left] |= (begins & ends) << up;
          continue;
        }
        covered[row + left] |= begins << up;
        for (let i = row + left + 1; i < row + right; i++) covered[i] |= fullRow << up;
        covered[row + right] |= ends << up;
      }
    }
  }

  /** Marks the blocks under the mask and those around them. */
  #mark(): void {
    const { covered, states } = this;
    const { columns, rows } = this.patch;
    for (let y = 0; y < rows; y++) {
      const row = y * columns;
      for (let x = 0; x < columns; x++) {
        if (covered[row + x] === 0) continue;
        // A stretch of blocks under the mask, with its surroundings.
        const from = Math.max(0, x - 1);
        while (x < columns && covered[row + x] !== 0) x++;
        const to = Math.min(columns, x + 1);
        for (let near = Math.max(0, y - 1); near <= Math.min(rows - 1, y + 1); near++) {
          const line = near * columns;
          for (let i = line + from; i < line + to; i++) states[i] = KNOWN;
        }
      }
    }
  }

  /** Tells unknown blocks, of which more than `most` cells are covered, from known ones. Answers whether any is known. */
  #tellApart(most: number): boolean {
    const { covered, states, known } = this;
    const { columns, rows } = this.patch;
    let end = 0;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const i = y * columns + x;
        if (states[i] === 0) continue;
        if (bitsIn(covered[i]) > most) {
          states[i] = UNKNOWN;
          continue;
        }
        states[i] = KNOWN;
        known[end] = x;
        known[end + 1] = y;
        end += 2;
      }
    }
    this.knownEnd = end;
    return end > 0;
  }
}

/** How many of the lowest 16 bits are set. */
function bitsIn(bits: number): number {
  const pairs = bits - ((bits >> 1) & 0x5555);
  const fours = (pairs & 0x3333) + ((pairs >> 2) & 0x3333);
  const eights = (fours + (fours >> 4)) & 0x0f0f;
  return (eights + (eights >> 8)) & 0x1f;
}

/** The smallest patch on the grid that holds all blocks under the mask and those around them. */
function around({ runs, end, columns, rows }: Mask, shift: number): Patch {
  let first = columns;
  let last = 0;
  for (let i = 0; i < end; i += 3) {
    if (runs[i + 1] < first) first = runs[i + 1];
    if (runs[i + 2] > last) last = runs[i + 2];
  }
  const down = (block: number) => Math.max(0, block - 1) & -PATCH_GRID;
  const up = (block: number, cells: number) =>
    Math.min(((cells - 1) >> shift) + 1, (block + 1 + PATCH_GRID) & -PATCH_GRID);
  const left = down(first >> shift);
  const top = down(runs[0] >> shift);
  return {
    ...{ left, top },
    columns: up((last - 1) >> shift, columns) - left,
    rows: up(runs[end - 3] >> shift, rows) - top,
  };
}
