import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentsOf } from '../../../src/core/report/moments.ts';
import type { ReportRisk } from '../../../src/core/report/report.ts';

const riskAt = (at: number, level: number): ReportRisk => ({ from: at, to: at + 1, at, level, reasons: [] });
const anyRisk = fc
  .tuple(fc.nat(3000), fc.constantFrom(0, 0.2, 0.5, 0.9))
  .map(([at, level]) => riskAt(at, level));

test('every risk is looked at once, at the worst one within a second and a half, and the worst comes first', () => {
  fc.assert(
    fc.property(fc.array(anyRisk, { maxLength: 80 }), fc.constantFrom(1 / 60, 1 / 25, 1), (risks, step) => {
      const moments = momentsOf(risks, step);
      const all = moments.flatMap(({ worst, others }) => [worst, ...others]);
      expect(new Set(all)).toEqual(new Set(risks));
      expect(all).toHaveLength(risks.length);
      const apart = (a: ReportRisk, b: ReportRisk) => Math.abs(a.at - b.at) * step;
      for (const [i, { worst, others }] of moments.entries()) {
        for (const other of others) {
          expect(apart(worst, other)).toBeLessThanOrEqual(1.5);
          expect(other.level).toBeLessThanOrEqual(worst.level);
        }
        for (const { worst: later } of moments.slice(i + 1)) {
          expect(apart(worst, later)).toBeGreaterThan(1.5);
          expect(later.level).toBeLessThanOrEqual(worst.level);
        }
      }
    }),
  );
});

test('in photos each risk has a line of its own', () => {
  const risks = [riskAt(0, 0.2), riskAt(0, 0.9)];
  expect(momentsOf(risks, 0).map(({ worst }) => worst.level)).toEqual([0.9, 0.2]);
});
