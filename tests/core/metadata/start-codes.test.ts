import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startCodes, startCodesByPairs } from '../../../src/core/metadata/start-codes.ts';
import { findStartCode } from '../../../src/node/files/find-start-code.ts';

/** As the standard says it. */
function oneByOne(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++)
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) found.push(at);
  return found;
}

test('every way to find start codes finds the same, wherever they lie and however many zeros come before', () => {
  // Few values, so that codes, rows of zeros and all that looks like one are frequent.
  const dense = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2, 0xff), { maxLength: 60 });
  fc.assert(
    fc.property(dense, fc.nat(3), fc.nat(3), (values, before, behind) => {
      const whole = Uint8Array.from([...Array(before).fill(0), ...values, ...Array(behind).fill(1)]);
      const bytes = whole.subarray(before, before + values.length);
      const expected = oneByOne(bytes);
      expect(startCodesByPairs(bytes)).toEqual(expected);
      expect(startCodes(bytes)).toEqual(expected);
      const found: number[] = [];
      for (let at = findStartCode(bytes, 0); at >= 0; at = findStartCode(bytes, at + 3)) found.push(at);
      expect(found).toEqual(expected);
    }),
    { numRuns: 5000, seed: 1 },
  );
});
