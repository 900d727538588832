import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Numerals } from '../../../src/core/report/time-code.ts';

const english = new Numerals('en');

test('times are written as players show them, in each language’s digits', () => {
  expect(english.timeCode(0)).toBe('0:00.0');
  expect(english.timeCode(4.25)).toBe('0:04.2');
  expect(english.timeCode(0.3)).toBe('0:00.3'); // 0.3 * 10 is less than 3 in binary
  expect(english.timeCode(59.999)).toBe('0:59.9'); // never a frame later than meant
  expect(english.timeCode(3723)).toBe('1:02:03.0');
  expect(new Numerals('fa-u-nu-arabext').timeCode(83.5)).toBe('۱:۲۳٫۵');
  expect(new Numerals('ar-u-nu-arab').timeCode(83.5)).toBe('١:٢٣٫٥');
});

test('a time code names a time at most a tenth of a second before the one it is for', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 50_000, noNaN: true }), (seconds) => {
      const said = english
        .timeCode(seconds)
        .split(':')
        .reduce((sum, part) => sum * 60 + Number(part), 0);
      expect(seconds - said).toBeGreaterThan(-1e-6);
      expect(seconds - said).toBeLessThan(0.1 + 1e-6);
    }),
  );
});
