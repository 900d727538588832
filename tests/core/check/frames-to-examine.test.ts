import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FramesToExamine } from '../../../src/core/check/frames-to-examine.ts';

const film = fc.record({
  frames: fc.integer({ min: 1, max: 600 }),
  frameRate: fc.constantFrom(10, 24, 29.97, 60),
  cuts: fc.array(fc.nat(600), { maxLength: 5 }),
});

describe('which frames of a written film are examined', () => {
  test('the first and last of every shot, and no gap longer than a quarter of a second', () => {
    fc.assert(
      fc.property(film, ({ frames, frameRate, cuts }) => {
        const examine = new FramesToExamine(frames, frameRate, cuts, []);
        const starts = [0, ...cuts.filter((cut) => cut < frames)];
        for (const start of starts) {
          expect(examine.at(start).second).toBe(true);
          if (start > 0) expect(examine.at(start - 1).second).toBe(true);
        }
        expect(examine.at(frames - 1).second).toBe(true);
        let last = 0;
        for (let f = 0; f < frames; f++) {
          if (!examine.at(f).second) continue;
          expect(f - last).toBeLessThanOrEqual(Math.max(1, Math.round(frameRate / 4)));
          last = f;
        }
        expect(examine.at(frames)).toEqual({ second: false, fine: false });
      }),
    );
  });

  test('the riskiest frames too, but no more than a twentieth of the film, and only where it is asked to look', () => {
    const span = fc.record({ from: fc.nat(600), to: fc.nat(700) });
    fc.assert(
      fc.property(
        film,
        fc.array(span, { maxLength: 6 }),
        fc.option(fc.array(span, { maxLength: 3 }), { nil: undefined }),
        ({ frames, frameRate, cuts }, risks, within) => {
          const plain = new FramesToExamine(frames, frameRate, cuts, []);
          const risky = new FramesToExamine(frames, frameRate, cuts, risks, within);
          let more = 0;
          for (let f = 0; f < frames; f++) {
            const { second, fine } = risky.at(f);
            if (second && !plain.at(f).second) {
              more++;
              expect(risks.some(({ from, to }) => f >= from && f < to)).toBe(true);
            }
            if (within && !within.some(({ from, to }) => f >= from && f < to)) {
              expect([second, fine]).toEqual([false, false]);
            }
          }
          expect(more).toBeLessThanOrEqual(Math.floor(0.05 * frames));
        },
      ),
    );
  });

  test('the worst risk comes first', () => {
    const risks = [
      { from: 201, to: 206 },
      { from: 101, to: 110 },
    ];
    const examine = new FramesToExamine(100 * 3, 30, [], risks);
    expect(Array.from({ length: 5 }, (_, i) => examine.at(201 + i).second)).toEqual(Array(5).fill(true));
    // Fifteen frames are a twentieth: five went to the worst, two of the second were examined anyway.
    expect(Array.from({ length: 9 }, (_, i) => examine.at(101 + i).second)).toEqual(Array(9).fill(true));
  });
});
