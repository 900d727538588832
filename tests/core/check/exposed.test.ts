import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposedFaces, exposedShare } from '../../../src/core/check/exposed.ts';
import { rasterise } from '../../../src/core/redact/mask.ts';
import { region } from '../redact/arbitraries.ts';

const SIDE = 64;
const coordinate = fc.double({ min: -20, max: 60, noNaN: true });
const size = fc.double({ min: 4, max: 40, noNaN: true });
const box = fc.record({ x: coordinate, y: coordinate, width: size, height: size });

describe('how much of a face is open', () => {
  test('more cover never opens more, and a cover over the whole picture leaves nothing', () => {
    fc.assert(
      fc.property(box, fc.array(region, { maxLength: 4 }), region, (face, some, more) => {
        const before = exposedShare(face, rasterise(some, SIDE, SIDE));
        const after = exposedShare(face, rasterise([...some, more], SIDE, SIDE));
        expect(after).toBeLessThanOrEqual(before);
        const all = [...some, { rectangle: { x: 0, y: 0, width: SIDE, height: SIDE } }];
        expect(exposedShare(face, rasterise(all, SIDE, SIDE))).toBe(0);
      }),
    );
  });

  test("a face's own cover hides it, wherever it is", () => {
    fc.assert(
      fc.property(box, fc.constantFrom('head' as const, 'face' as const), (face, cover) => {
        const mask = rasterise([{ box: face, cover }], SIDE, SIDE);
        expect(exposedFaces([{ box: face, score: 1 }], mask)).toEqual([]);
      }),
    );
  });

  test('with no cover all of it is open; half a cover is half of it; a quarter open is let pass', () => {
    const face = { x: 20, y: 20, width: 20, height: 20 };
    const seen = { box: face, score: 0.9 };
    const open = rasterise([], SIDE, SIDE);
    const halved = rasterise([{ rectangle: { x: 0, y: 0, width: 30, height: SIDE } }], SIDE, SIDE);
    const nearly = rasterise([{ rectangle: { x: 0, y: 0, width: 36, height: SIDE } }], SIDE, SIDE);
    expect(exposedShare(face, open)).toBe(1);
    expect(exposedShare(face, halved)).toBeCloseTo(0.5, 1);
    expect(exposedFaces([seen], open)).toEqual([seen]);
    expect(exposedFaces([seen], halved)).toEqual([seen]);
    expect(exposedFaces([seen], nearly)).toEqual([]);
  });
});
