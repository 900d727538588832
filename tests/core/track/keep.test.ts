import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../../src/core/track/evidence.ts';
import type { LookKind } from '../../../src/core/track/frame-looks.ts';
import { judge } from '../../../src/core/track/keep.ts';

/** A track seen `sightings` times by one kind of look, at best with `best`. */
function seen(kind: LookKind, best: number, height = 20, sightings = 5): Evidence {
  const nothing = { best: 0, total: 0, sightings: 0, looks: 0 };
  const these = { best, total: best * sightings, sightings, looks: sightings };
  const byKind = { cheap: nothing, careful: nothing, fine: nothing, [kind]: these };
  return { best, mean: best, sightings, looked: sightings, height, byKind };
}

test.each<[string, Evidence, ReturnType<typeof judge>]>([
  ['a clear face', seen('careful', 0.8), 'sure'],
  ['a small face that is hardly one', seen('careful', 0.2), 'doubtful'],
  ['the same, seen once', seen('careful', 0.2, 20, 1), 'doubtful'],
  ['something faint', seen('careful', 0.09), 'noise'],
  ['something faint that keeps coming back', seen('careful', 0.09, 20, 90), 'noise'],
  ['a cheap look says less', seen('cheap', 0.13), 'noise'],
  ['a careful one more', seen('careful', 0.13), 'doubtful'],
  ['a large face must be clearer', seen('careful', 0.14, 200), 'noise'],
  ['and when it is, it stays', seen('careful', 0.4, 200), 'doubtful'],
])('%s', (_, evidence, standing) => {
  expect(judge(evidence, 'normal')).toBe(standing);
});

test('the better it was seen, and the more sensitive, the more is kept', () => {
  const rank = { noise: 0, doubtful: 1, sure: 2 };
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const kinds = fc.constantFrom<LookKind>('cheap', 'careful', 'fine');
  fc.assert(
    fc.property(score, score, fc.integer({ min: 8, max: 700 }), kinds, (a, b, height, kind) => {
      const [worse, better] = [Math.min(a, b), Math.max(a, b)].map((best) => seen(kind, best, height));
      expect(rank[judge(better, 'normal')]).toBeGreaterThanOrEqual(rank[judge(worse, 'normal')]);
      expect(rank[judge(worse, 'high')]).toBeGreaterThanOrEqual(rank[judge(worse, 'normal')]);
      expect(rank[judge(worse, 'max')]).toBeGreaterThanOrEqual(rank[judge(worse, 'high')]);
    }),
  );
});
