import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filmLooks } from '../../../src/core/detect/film-looks.ts';
import { planLooks, toSource } from '../../../src/core/detect/looks.ts';
import { photoLooks } from '../../../src/core/detect/photo-looks.ts';

const size = fc.integer({ min: 1, max: 20_000 });
const scale = fc.double({ min: 0.05, max: 2, noNaN: true });

describe('looks at one picture', () => {
  it('cover it wholly, stay inside it, and never grow beyond what memory allows', () => {
    fc.assert(
      fc.property(size, size, scale, (width, height, factor) => {
        const looks = planLooks(width, height, factor, 32);
        for (const { crop, shown, width: w, height: h } of looks) {
          expect(
            crop.x >= 0 && crop.y >= 0 && crop.x + crop.width <= width && crop.y + crop.height <= height,
          ).toBe(true);
          expect([crop.x % 2, crop.y % 2]).toEqual([0, 0]);
          expect([w % 32, h % 32]).toEqual([0, 0]);
          expect(shown.width <= w && shown.height <= h).toBe(true);
          expect(w * h).toBeLessThan(2_600_000);
        }
        // Tiles form a grid: rows and columns without gaps cover everything between.
        for (const [axis, length, side] of [
          ['x', width, 'width'],
          ['y', height, 'height'],
        ] as const) {
          const spans = [...new Map(looks.map(({ crop }) => [crop[axis], crop[side]]))].sort(
            (a, b) => a[0] - b[0],
          );
          let reached = 0;
          for (const [from, span] of spans) {
            expect(from).toBeLessThanOrEqual(reached);
            reached = Math.max(reached, from + span);
          }
          expect(reached).toBe(length);
        }
      }),
    );
  });

  it('overlap so that a face as high as the overlap is whole in one of them', () => {
    const looks = planLooks(6000, 4000, 1, 32);
    expect(looks.length).toBeGreaterThan(4);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5850 }), fc.integer({ min: 0, max: 3850 }), (x, y) => {
        const whole = looks.some(
          ({ crop }) =>
            x >= crop.x && y >= crop.y && x + 150 <= crop.x + crop.width && y + 150 <= crop.y + crop.height,
        );
        expect(whole).toBe(true);
      }),
    );
  });

  it('are padded and not resampled at full scale', () => {
    const [look] = planLooks(1270, 720, 1, 32);
    expect(look).toEqual({
      crop: { x: 0, y: 0, width: 1270, height: 720 },
      shown: { width: 1270, height: 720 },
      width: 1280,
      height: 736,
    });
  });

  it('bring boxes back to source pixels', () => {
    const look = {
      crop: { x: 100, y: 50, width: 400, height: 300 },
      shown: { width: 800, height: 600 },
      width: 832,
      height: 608,
    };
    const [found] = toSource(look, [{ box: { x: 80, y: 60, width: 40, height: 20 }, score: 0.5 }]);
    expect(found).toEqual({ box: { x: 140, y: 80, width: 20, height: 10 }, score: 0.5 });
  });
});

describe('scales', () => {
  it('of films: small ones enlarged, huge ones shrunk, the usual ones as they are', () => {
    expect(filmLooks('centerface', 1280, 720).careful.scale).toBe(1);
    expect(filmLooks('centerface', 1920, 1080).careful.scale).toBe(1);
    expect(filmLooks('centerface', 640, 360).careful.scale).toBe(2);
    expect(filmLooks('centerface', 3840, 2160).careful.scale).toBe(0.5);
    expect(filmLooks('centerface', 2160, 3840)).toEqual(filmLooks('centerface', 3840, 2160));
  });

  it('of photos: always full size, so that a face of 10 pixels is looked for', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom('normal', 'high', 'max'), (width, height, sensitivity) => {
        const looks = photoLooks(width, height, sensitivity);
        expect(looks.some((look) => look.scale >= 1)).toBe(true);
        // A face that fills the picture is within reach of some look.
        expect(Math.min(...looks.map((look) => look.scale)) * Math.max(width, height)).toBeLessThanOrEqual(
          1707,
        );
      }),
    );
  });

  it('of photos: more sensitive never means a higher threshold', () => {
    const [normal, high, max] = (['normal', 'high', 'max'] as const).map((s) => photoLooks(4000, 3000, s));
    for (const { scale, threshold } of normal) {
      expect(high.find((look) => look.scale === scale)?.threshold).toBeLessThan(threshold);
      expect(max.find((look) => look.scale === scale)?.threshold).toBeLessThan(threshold);
    }
  });
});
