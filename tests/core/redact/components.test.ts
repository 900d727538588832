import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellGrid } from '../../../src/core/redact/cell-grid.ts';
import { components } from '../../../src/core/redact/components.ts';

test('components are the pieces of a grid, by corners too, each in its tightest rectangle', () => {
  const grid: fc.Arbitrary<CellGrid> = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(2, 3, 5))
    .chain(([columns, rows, sparseness]) =>
      fc
        .array(fc.nat(sparseness - 1), { minLength: columns * rows, maxLength: columns * rows })
        .map((cells) => ({ columns, rows, cells: Uint8Array.from(cells, (n) => Number(n === 0)) })),
    );
  fc.assert(
    fc.property(grid, (grid) => {
      const found = components(grid);
      const cellsOf = found.map(({ runs }) => {
        const cells: number[] = [];
        for (let i = 0; i < runs.length; i += 3) {
          for (let x = runs[i + 1]; x < runs[i + 2]; x++) cells.push(runs[i] * grid.columns + x);
        }
        return cells;
      });
      expect(cellsOf).toEqual(pieces(grid));
      found.forEach(({ left, top, right, bottom }, c) => {
        const xs = cellsOf[c].map((i) => i % grid.columns);
        const ys = cellsOf[c].map((i) => Math.floor(i / grid.columns));
        expect([left, top]).toEqual([Math.min(...xs), Math.min(...ys)]);
        expect([right, bottom]).toEqual([Math.max(...xs) + 1, Math.max(...ys) + 1]);
      });
    }),
    { numRuns: 500 },
  );
});

/** The connected pieces by flood fill, as indices of cells, each piece in order. */
function pieces({ cells, columns, rows }: CellGrid): number[][] {
  const left = cells.slice();
  const found: number[][] = [];
  for (let start = left.indexOf(1); start !== -1; start = left.indexOf(1)) {
    const piece = [start];
    left[start] = 0;
    for (const i of piece) {
      const x = i % columns;
      const y = Math.floor(i / columns);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
          if (left[ny * columns + nx] === 0) continue;
          left[ny * columns + nx] = 0;
          piece.push(ny * columns + nx);
        }
      }
    }
    found.push(piece.sort((a, b) => a - b));
  }
  return found;
}
