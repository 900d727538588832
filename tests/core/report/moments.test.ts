import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentsOf } from '../../../src/core/report/moments.ts';
import type { ReportRisk } from '../../../src/core/report/report.ts';

const anyRisk = fc
  .record({
    from: fc.nat(3000),
    length: fc.integer({ min: 1, max: 400 }),
    level: fc.double({ min: 0, max: 1, noNaN: true }),
    reasons: fc.subarray(['dark', 'long-gap', 'still-visible', 'fast-motion'] as const),
  })
  .map(({ from, length, level, reasons }): ReportRisk => {
    return { from, to: from + length, at: from + (length >> 1), level, reasons };
  });

test('every risk is in one moment, the worst first, and joining makes none longer than a person watches', () => {
  fc.assert(
    fc.property(fc.array(anyRisk, { maxLength: 60 }), fc.constantFrom(1 / 60, 1 / 25, 1), (risks, step) => {
      const moments = momentsOf(risks, step);
      const within = moments.flatMap((moment) => moment.risks);
      expect(new Set(within)).toEqual(new Set(risks));
      expect(within).toHaveLength(risks.length);
      for (const [i, { from, to, worst, reasons, risks: own }] of moments.entries()) {
        expect(from).toBe(Math.min(...own.map((risk) => risk.from)));
        expect(to).toBe(Math.max(...own.map((risk) => risk.to)));
        expect(worst.level).toBe(Math.max(...own.map((risk) => risk.level)));
        expect(new Set(reasons)).toEqual(new Set(own.flatMap((risk) => risk.reasons)));
        if (own.length > 1) expect((to - from) * step).toBeLessThanOrEqual(8);
        if (i > 0) expect(worst.level).toBeLessThanOrEqual(moments[i - 1].worst.level);
      }
    }),
  );
});

test('risks that are seconds apart are looked at together; in photos each has a line of its own', () => {
  const at = (from: number): ReportRisk => ({ from, to: from + 5, at: from, level: 0.5, reasons: [] });
  expect(momentsOf([at(100), at(0), at(20)], 1 / 25).map(({ from, to }) => [from, to])).toEqual([
    [0, 25],
    [100, 105],
  ]);
  expect(momentsOf([at(0), at(0)], 0)).toHaveLength(2);
});
