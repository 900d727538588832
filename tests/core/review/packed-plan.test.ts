import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BoxTuple } from '../../../src/core/plan/box-tuple.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { packPlan, unpackPlan } from '../../../src/core/review/packed-plan.ts';
import { foundPlan } from './arbitraries.ts';

/** Numbers as somebody may write them into a plan by hand, beside the tenths of a pixel that Sayeh writes. */
const fine: fc.Arbitrary<BoxTuple> = fc.tuple(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);

it('a plan comes out of its bytes as it went in, to the last bit, beside whatever was sent with it', () => {
  const boxes = fc.array(fine, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(foundPlan, boxes, fc.string({ unit: 'binary' }), (found, more, note) => {
      const plan: Plan = {
        ...found,
        tracks: found.tracks.map((track, i) => (i === 0 ? { ...track, boxes: more } : track)),
      };
      const message = { note, plan, revision: 7 };
      const { buffer } = packPlan(message);
      expect(unpackPlan(buffer)).toEqual(message);
    }),
  );
});
