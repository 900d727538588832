import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FramesToExamine } from '../../../src/core/check/frames-to-examine.ts';

const film = fc.record({
  frames: fc.integer({ min: 1, max: 600 }),
  frameRate: fc.constantFrom(10, 24, 29.97, 60),
  cuts: fc.array(fc.nat(600), { maxLength: 5 }),
});

describe('which frames are examined once more', () => {
  test('first and last of every shot; the source five times a second, what was written half as often', () => {
    fc.assert(
      fc.property(film, ({ frames, frameRate, cuts }) => {
        const examine = new FramesToExamine(frames, frameRate, cuts, []);
        for (const start of [0, ...cuts.filter((cut) => cut < frames)]) {
          expect(examine.at(start)).toMatchObject({ second: true, written: true });
          if (start > 0) expect(examine.at(start - 1)).toMatchObject({ second: true, written: true });
        }
        expect(examine.at(frames - 1)).toMatchObject({ second: true, written: true });
        const last = { second: 0, written: 0 };
        for (let f = 0; f < frames; f++) {
          const { second, written } = examine.at(f);
          if (written) expect(second).toBe(true);
          if (second) expect(f - last.second).toBeLessThanOrEqual(Math.max(1, Math.round(frameRate / 5)));
          if (written) expect(f - last.written).toBeLessThanOrEqual(Math.round(frameRate / 2.5) + 1);
          if (second) last.second = f;
          if (written) last.written = f;
        }
        expect(examine.at(frames)).toMatchObject({ second: false, written: false });
      }),
    );
  });

  test('the riskiest frames too, the worst first, but no more than a twentieth of the film', () => {
    const span = fc.record({ from: fc.nat(600), to: fc.nat(700) });
    fc.assert(
      fc.property(film, fc.array(span, { maxLength: 6 }), ({ frames, frameRate, cuts }, risks) => {
        const plain = new FramesToExamine(frames, frameRate, cuts, []);
        const risky = new FramesToExamine(frames, frameRate, cuts, risks);
        let more = 0;
        let closer = 0;
        for (let f = 0; f < frames; f++) {
          expect(plain.at(f).closer).toBe(false);
          if (risky.at(f).closer) {
            closer++;
            expect(risky.at(f).second).toBe(true);
          }
          if (!risky.at(f).second || plain.at(f).second) continue;
          more++;
          expect(risks.some(({ from, to }) => f >= from && f < to)).toBe(true);
        }
        expect(more).toBeLessThanOrEqual(Math.floor(0.05 * frames));
        expect(closer).toBeLessThanOrEqual(Math.floor(0.02 * frames));
      }),
    );
    const risks = [
      { from: 201, to: 204 },
      { from: 100, to: 120 },
    ];
    const examine = new FramesToExamine(300, 30, [], risks);
    expect([201, 202, 203].map((f) => examine.at(f).second)).toEqual([true, true, true]);
    expect([201, 202, 203].map((f) => examine.at(f).closer)).toEqual([true, true, true]);
    // Fifteen frames are a twentieth: three went to the worst, so not all of the other span is looked at.
    const other = Array.from({ length: 20 }, (_, i) => examine.at(100 + i).second);
    expect(other.filter(Boolean).length).toBeGreaterThanOrEqual(12);
    expect(other).toContain(false);
  });
});
