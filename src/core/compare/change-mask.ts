import { SayehError } from '../errors.ts';
import { CellSums } from './cell-sums.ts';
import { localRange } from './local-range.ts';
import type { SmallPicture } from './small-picture.ts';

interface Thresholds {
  /** A window that differs by more than this begins a change. */
  readonly begins: number;
  /** The same where something had changed in the frame before. */
  readonly lasts: number;
  /** Cells that hang together with a change belong to it down to here. */
  readonly goesOn: number;
}

/**
 * Coding the same pictures again leaves less than `begins`: docs/verify.md has the measurements. Colours, which
 * encoders treat more coarsely, count by themselves.
 */
export const THRESHOLDS: Readonly<Record<'photo' | 'video', Readonly<Record<Channel, Thresholds>>>> = {
  photo: { luma: { begins: 3, lasts: 3, goesOn: 2 }, colour: { begins: 12, lasts: 12, goesOn: 8 } },
  video: { luma: { begins: 10, lasts: 6, goesOn: 4 }, colour: { begins: 40, lasts: 40, goesOn: 20 } },
};
type Channel = 'luma' | 'colour';

/** Which cells of 8x8 pixels differ between two pictures. */
export interface ChangeMask {
  readonly columns: number;
  readonly rows: number;
  /** 1 for a changed cell, row by row. The detector's own, good until its next call. */
  readonly changed: Uint8Array;
  /** How many cells are 1. */
  readonly count: number;
  /** The largest difference of any window, whether it is a change or not: see CellSums. */
  readonly largest: Readonly<Record<Channel, number>>;
}

/**
 * Says where two pictures of one size differ beyond what coding explains. A change begins where a window of 16x16
 * pixels differs by more than `begins`, and takes in the cells that hang together with it and differ by more than
 * `goesOn` (hysteresis, as in Canny 1986); where it was in the frame before it is held by `lasts`. The detector keeps its work space: one for a film.
 */
export class ChangeDetector {
  readonly #thresholds: Readonly<Record<Channel, Thresholds>>;
  #space: Space | undefined;

  constructor(kind: keyof typeof THRESHOLDS) {
    this.#thresholds = THRESHOLDS[kind];
  }

  /** Throws SayehError('internal') for pictures of different sizes. */
  compare(before: SmallPicture, after: SmallPicture): ChangeMask {
    if (before.fullWidth !== after.fullWidth || before.fullHeight !== after.fullHeight)
      throw new SayehError('internal', 'pictures of different sizes cannot be compared cell by cell');
    const { width, height } = before;
    if (this.#space?.sums.width !== width || this.#space.sums.height !== height)
      this.#space = spaceFor(width, height);
    const { sums, changed, earlier, ranges, scratch } = this.#space;
    earlier.set(changed);
    changed.fill(0);
    localRange(before.luma, width, height, ranges[0], scratch);
    localRange(after.luma, width, height, ranges[1], scratch);
    sums.compare(before.luma, after.luma, ranges);
    const luma = mark(this.#space, this.#thresholds.luma);
    let colour = 0;
    for (const channel of ['cb', 'cr'] as const) {
      sums.compare(before[channel], after[channel]);
      colour = Math.max(colour, mark(this.#space, this.#thresholds.colour));
    }
    let count = 0;
    for (const cell of changed) count += cell;
    return { columns: sums.columns, rows: sums.rows, changed, count, largest: { luma, colour } };
  }
}

interface Space {
  readonly sums: CellSums;
  readonly changed: Uint8Array;
  /** As it was in the pair before. */
  readonly earlier: Uint8Array;
  readonly ranges: readonly [Uint8Array, Uint8Array];
  readonly scratch: { readonly least: Uint8Array; readonly most: Uint8Array };
  /** Cells whose neighbours are still to be looked at. */
  readonly open: number[];
}

function spaceFor(width: number, height: number): Space {
  const sums = new CellSums(width, height);
  const plane = () => new Uint8Array(width * height);
  return {
    sums,
    changed: new Uint8Array(sums.columns * sums.rows),
    earlier: new Uint8Array(sums.columns * sums.rows),
    ranges: [plane(), plane()],
    scratch: { least: plane(), most: plane() },
    open: [],
  };
}

/** Adds to `changed` what differs in the channel that was summed up last; answers the largest window's difference. */
function mark({ sums, changed, earlier, open }: Space, { begins, lasts, goesOn }: Thresholds): number {
  const { columns, rows } = sums;
  const take = (cell: number) => {
    changed[cell] = 1;
    open.push(cell);
  };
  let largest = 0;
  // A window at the last column or row would hold nothing that the one before it does not, but in one cell's width.
  const lastColumn = Math.max(0, columns - 2);
  const lastRow = Math.max(0, rows - 2);
  for (let row = 0; row <= lastRow; row++)
    for (let column = 0; column <= lastColumn; column++) {
      const difference = sums.ofWindow(column, row);
      if (difference > largest) largest = difference;
      if (!(difference > lasts)) continue;
      if (!(difference > begins) && !anyIn(earlier, column, row, columns, rows)) continue;
      // At least one of its cells differs as much as the window does, give or take the calm of the others.
      let most = row * columns + column;
      for (let y = row; y < Math.min(row + 2, rows); y++)
        for (let x = column; x < Math.min(column + 2, columns); x++) {
          const cell = y * columns + x;
          if (sums.ofCell(cell) > sums.ofCell(most)) most = cell;
          if (!changed[cell] && sums.ofCell(cell) > goesOn) take(cell);
        }
      if (!changed[most]) take(most);
    }
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const row = Math.floor(cell / columns);
    const column = cell % columns;
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const next = y * columns + x;
        if (!changed[next] && sums.ofCell(next) > goesOn) take(next);
      }
  }
  return largest;
}

function anyIn(cells: Uint8Array, column: number, row: number, columns: number, rows: number): boolean {
  for (let y = row; y < Math.min(row + 2, rows); y++)
    for (let x = column; x < Math.min(column + 2, columns); x++) if (cells[y * columns + x]) return true;
  return false;
}
