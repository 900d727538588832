import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../../src/core/geometry/box.ts';
import { coverage, covers, type Mask, rasterise } from '../../../src/core/redact/mask.ts';
import { faceOutline } from '../../../src/core/redact/paint/face.ts';
import type { Region } from '../../../src/core/redact/region.ts';
import { side } from './arbitraries.ts';

describe('face masks', () => {
  const at = fc.double({ min: -60, max: 140, noNaN: true });
  const size = fc.double({ min: 0, max: 120, noNaN: true });
  const box: fc.Arbitrary<Box> = fc.record({ x: at, y: at, width: size, height: size });

  test("every pixel that the face's ellipse touches is covered", () => {
    fc.assert(
      fc.property(
        box,
        fc.constantFrom('head' as const, 'face' as const),
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 99 }),
        (box, cover, width, height) => {
          const mask = rasterise([{ box, cover }], width, height);
          eachPixel(mask, (x, y, covered) => {
            if (!covered && touchesEllipse(box, x, y)) throw new Error(`pixel ${x}, ${y} is open`);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('every cell that the outline itself touches is covered', () => {
    fc.assert(
      fc.property(box, fc.constantFrom(0.5, 1), (box, radius) => {
        const mask = rasterise([{ box, cover: 'head' }], 99, 99);
        const { cx, cy, rx, ry, n } = faceOutline({ box, cover: 'head' });
        for (let step = 0; step < 200; step++) {
          const [c, s] = [Math.cos(step / 30), Math.sin(step / 30)];
          const reach = radius * (Math.abs(c) ** n + Math.abs(s) ** n) ** (-1 / n) * 0.999;
          const [x, y] = [cx + rx * reach * c, cy + ry * reach * s];
          if (x < 0 || y < 0 || x >= 99 || y >= 99) continue;
          if (!covers(mask, Math.floor(x), Math.floor(y))) throw new Error(`the pixel at ${x}, ${y} is open`);
        }
      }),
    );
  });

  test('a head mask takes in hair, ears and chin, and stays near the measured size', () => {
    const mask = rasterise([{ box: { x: 100, y: 100, width: 80, height: 100 }, cover: 'head' }], 300, 300);
    expect(covers(mask, 140, 68)).toBe(true); // a third of a face above the brow
    expect(covers(mask, 84, 140)).toBe(true); // an ear's width beside
    expect(covers(mask, 196, 140)).toBe(true);
    expect(covers(mask, 140, 212)).toBe(true); // under the chin
    const bounding = (1.5 * 80 + 4) * (1.56 * 100 + 4);
    expect((coverage(mask) * 300 * 300) / bounding).toBeGreaterThan(0.85);
    expect((coverage(mask) * 300 * 300) / bounding).toBeLessThan(0.98);
  });

  test('a face mask is smaller, a grown one larger, a tiny one not smaller than 20 pixels', () => {
    const box = { x: 145, y: 145, width: 60, height: 70 };
    const share = (region: Region) => coverage(rasterise([region], 300, 300));
    expect(share({ box, cover: 'face' })).toBeLessThan(0.7 * share({ box, cover: 'head' }));
    expect(share({ box, cover: 'face', grow: 6 })).toBeGreaterThan(1.2 * share({ box, cover: 'face' }));

    const tiny = rasterise([{ box: { x: 50, y: 50, width: 4, height: 5 }, cover: 'head' }], 100, 100);
    const [xs, ys]: number[][] = [[], []];
    eachPixel(tiny, (x, y, covered) => {
      if (covered) {
        xs.push(x);
        ys.push(y);
      }
    });
    expect(Math.max(...xs) + 1 - Math.min(...xs)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...ys) + 1 - Math.min(...ys)).toBeGreaterThanOrEqual(20);
  });
});

describe('drawn shapes', () => {
  test('a rectangle covers the cells that it touches and no others', () => {
    const mask = rasterise([{ rectangle: { x: 3.5, y: 4, width: 3, height: 2 } }], 11, 9);
    const expected = new Set([
      '2,4',
      '3,4',
      '2,5',
      '3,5',
      '4,4',
      '5,4',
      '4,5',
      '5,5',
      '6,4',
      '7,4',
      '6,5',
      '7,5',
    ]);
    eachPixel(mask, (x, y, covered) => expect(covered, `${x},${y}`).toBe(expected.has(`${x},${y}`)));
  });

  test('the cut cells at the edges of an odd picture are covered like any other', () => {
    const mask = rasterise([{ rectangle: { x: 10, y: 8, width: 1, height: 1 } }], 11, 9);
    eachPixel(mask, (x, y, covered) => expect(covered).toBe(x === 10 && y === 8));
  });

  test('an ellipse covers every pixel that it touches, in whole cells of 2x2, and no cell else', () => {
    const at = fc.double({ min: -60, max: 140, noNaN: true });
    const size = fc.double({ min: 0, max: 120, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ x: at, y: at, width: size, height: size }),
        side,
        side,
        (box, width, height) => {
          eachPixel(rasterise([{ ellipse: box }], width, height), (x, y, covered) => {
            if (!covered && touchesEllipse(box, x, y)) throw new Error(`pixel ${x}, ${y} is open`);
            if (covered && !reachesCell(box, x, y)) throw new Error(`pixel ${x}, ${y} is covered`);
          });
        },
      ),
      // A line of no height: at its tips it is as far from its ends' rounding as anywhere.
      { numRuns: 300, examples: [[{ x: 0.4, y: 0, width: 120, height: 0 }, 1, 2]] },
    );
  });

  test('a polygon covers every pixel whose centre it winds around, and nothing away from it', () => {
    const corner = fc.record({
      x: fc.double({ min: -20, max: 70, noNaN: true }),
      y: fc.double({ min: -20, max: 70, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 8 }), side, side, (polygon, width, height) => {
        const mask = rasterise([{ polygon }], width, height);
        eachPixel(mask, (x, y, covered) => {
          const inside = windingNumber(polygon, x + 0.5, y + 0.5) !== 0;
          const distance = distanceToEdge(polygon, x + 0.5, y + 0.5);
          // A cell's farthest corner is less than 2.2 pixels from the centre of any of its pixels.
          if (!covered && (inside || distance < 0.49)) throw new Error(`pixel ${x}, ${y} is open`);
          if (covered && !inside && distance > 2.2) throw new Error(`pixel ${x}, ${y} is covered`);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a region that cannot be drawn stops the work', () => {
    const bad: Region[] = [
      { box: { x: Number.NaN, y: 0, width: 10, height: 10 }, cover: 'head' },
      { box: { x: 0, y: 0, width: -1, height: 10 }, cover: 'head' },
      { box: { x: 0, y: 0, width: 1, height: 10 }, cover: 'face', grow: -1 },
      { rectangle: { x: 0, y: Number.POSITIVE_INFINITY, width: 1, height: 10 } },
      {
        polygon: [
          { x: 0, y: 0 },
          { x: 5, y: 5 },
        ],
      },
      {
        polygon: [
          { x: 0, y: 0 },
          { x: 5, y: 5 },
          { x: 1e300, y: 0 },
        ],
      },
    ];
    for (const region of bad) {
      expect(() => rasterise([region], 100, 100)).toThrow(expect.objectContaining({ code: 'usage' }));
    }
    expect(() => rasterise([bad[0]], 100, 100)).toThrow(/"x":"NaN"/);
    expect(() => rasterise([], 0, 100)).toThrow(/0x100/);
  });
});

function eachPixel(mask: Mask, visit: (x: number, y: number, covered: boolean) => void): void {
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) visit(x, y, covers(mask, x, y));
  }
}

/** Whether the ellipse inscribed in the box reaches into the pixel. */
function touchesEllipse(box: Box, x: number, y: number): boolean {
  if (box.width === 0 || box.height === 0) return false;
  const cx = box.x + box.width / 2;
  const cy = box.y + box.height / 2;
  const dx = (Math.min(Math.max(cx, x), x + 1) - cx) / (box.width / 2);
  const dy = (Math.min(Math.max(cy, y), y + 1) - cy) / (box.height / 2);
  return dx * dx + dy * dy < 1;
}

/** Whether the ellipse, half a pixel thick at the least, reaches the cell that holds the pixel, or nearly so. */
function reachesCell(box: Box, x: number, y: number): boolean {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const [rx, ry] = [Math.max(box.width / 2, 0.5), Math.max(box.height / 2, 0.5)];
  const [left, top] = [x - (x % 2), y - (y % 2)];
  const dx = (Math.min(Math.max(cx, left), left + 2) - cx) / rx;
  const dy = (Math.min(Math.max(cy, top), top + 2) - cy) / ry;
  return dx * dx + dy * dy < 1 + 1e-9;
}

type Point = { x: number; y: number };

/** By the angle that the outline turns through, a way unlike the painter's. */
function windingNumber(polygon: readonly Point[], x: number, y: number): number {
  let angle = 0;
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length];
    const [ax, ay, bx, by] = [a.x - x, a.y - y, b.x - x, b.y - y];
    angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  });
  return Math.round(angle / (2 * Math.PI));
}

function distanceToEdge(polygon: readonly Point[], x: number, y: number): number {
  return Math.min(
    ...polygon.map((a, i) => {
      const b = polygon[(i + 1) % polygon.length];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const length = dx * dx + dy * dy;
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
      return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
    }),
  );
}
