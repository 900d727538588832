import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CELL, CellRuns } from '../../../src/core/redact/cell-runs.ts';

test('runs are the cells that were painted, in order, each once, with an open cell between any two', () => {
  // Half of the least number there is is nothing: stretches that thin are of no picture.
  const coarse = (value: number) => Math.round(value * 1e9) / 1e9;
  const stretch = fc.record({
    row: fc.nat(19),
    from: fc.double({ min: -30, max: 70, noNaN: true }).map(coarse),
    length: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 60, noNaN: true }).map(coarse)),
  });
  const cells = new CellRuns(); // the same one throughout: nothing of a picture may stay for the next
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 45 }),
      fc.integer({ min: 39, max: 40 }),
      fc.oneof({ maxDepth: 0 }, fc.array(stretch), fc.array(stretch, { minLength: 400, maxLength: 900 })),
      (width, height, stretches) => {
        cells.begin(width, height);
        const columns = Math.ceil(width / CELL);
        expect([cells.columns, cells.rows]).toEqual([columns, 20]);
        const painted = new Uint8Array(columns * 20);
        for (const { row, from, length } of stretches) {
          cells.cover(row, from, from + length);
          for (let x = 0; x < columns; x++) {
            const touches = length === 0 ? Math.floor(from / CELL) === x : meets(x, from, from + length);
            if (touches) painted[row * columns + x] = 1;
          }
        }
        const end = cells.settle();
        expect(Array.from(cells.runs.subarray(0, end))).toEqual(runsOf(painted, columns));
      },
    ),
    { numRuns: 500 },
  );
});

/** Whether the pixels from `from` to `to` and the cell share more than a point. */
function meets(cell: number, from: number, to: number): boolean {
  const inside = Math.floor(from / CELL) === cell; // a stretch may be too short to tell from a point
  return inside || (from < (cell + 1) * CELL && to > cell * CELL);
}

/** Row, first column and column after the last of each stretch of ones. */
function runsOf(painted: Uint8Array, columns: number): number[] {
  const runs: number[] = [];
  painted.forEach((value, i) => {
    const [row, x] = [Math.floor(i / columns), i % columns];
    if (value === 0) return;
    if (x > 0 && painted[i - 1] === 1) runs[runs.length - 1] = x + 1;
    else runs.push(row, x, x + 1);
  });
  return runs;
}
