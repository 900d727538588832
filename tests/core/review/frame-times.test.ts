import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeTimes, encodeTimes } from '../../../src/core/review/frame-times.ts';

it('times come back from their runs, whatever the steps', () => {
  const steps = fc.array(fc.constantFrom(1, 512, 513, 90_000), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (some) => {
      const ticks = [0];
      for (const step of some) ticks.push(ticks[ticks.length - 1] + step);
      const back = decodeTimes({ num: 1, den: 12_800, runs: encodeTimes(ticks) });
      expect([...back]).toEqual(ticks.map((tick) => tick / 12_800));
    }),
  );
  expect(encodeTimes([0, 512, 1024, 1536])).toEqual([[3, 512]]);
});
