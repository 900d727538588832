import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centerFaceScoreOfYuNet, yuNetScoreOfCenterFace } from '../../../src/core/detect/yunet-score.ts';

const score = fc.double({ min: 0, max: 1, noNaN: true });

test("YuNet's scores become CenterFace's: in order, without jumps, from 0 to 1", () => {
  fc.assert(
    fc.property(score, score, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const rise = centerFaceScoreOfYuNet(high) - centerFaceScoreOfYuNet(low);
      expect(rise).toBeGreaterThanOrEqual(-1e-12);
      // The steepest part is from .86 to .88, where the score of the other rises by .1.
      expect(rise).toBeLessThanOrEqual(5.01 * (high - low) + 1e-12);
      // YuNet is the bolder of the two: the same share of true faces takes a higher score of its own.
      if (low > 1e-3 && low < 0.999) expect(centerFaceScoreOfYuNet(low)).toBeLessThan(low);
    }),
  );
  expect([0, 1].map(centerFaceScoreOfYuNet)).toEqual([0, 1]);
  fc.assert(
    fc.property(score, (own) => {
      expect(yuNetScoreOfCenterFace(centerFaceScoreOfYuNet(own))).toBeCloseTo(own, 9);
    }),
  );
});

test.each([
  [0.012, 0.01],
  [0.2, 0.11],
  [0.24, 0.13],
  [0.39, 0.2],
  [0.725, 0.45],
  [0.94, 0.9],
])('%f is worth %f', (yunet, centerface) => {
  expect(centerFaceScoreOfYuNet(yunet)).toBeCloseTo(centerface, 2);
});
