import { describe, expect, it } from 'vitest';
import { formatCount, formatPercent, LANGUAGES, nativeDigits } from '../../src/review/page/logic/digits.ts';
import { chordOf, isSingleCharacter } from '../../src/review/page/logic/key-chord.ts';
import { shortTimeCode, timeCode } from '../../src/review/page/logic/time-code.ts';
import { WORDS } from '../../src/review/page/words/index.ts';

/** Every sentence with its place; functions are called with values that show where they end up. */
function sentences(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const place = path ? `${path}.${key}` : key;
    if (typeof value === 'string') return [[place, value]];
    if (typeof value === 'function') return [[place, value('⟦1⟧', '⟦2⟧')]];
    return sentences(value, place);
  });
}

const english = new Map(sentences(WORDS.en));
/** Names of keys stay as they stand on the keyboard. */
const KEY_NAMES = /\b(Enter|Escape|Shift|[A-Z])\b/g;

describe.each(LANGUAGES.filter((language) => language !== 'en'))('words in %s', (language) => {
  const all = sentences(WORDS[language]);

  it('says everything, in its own letters', () => {
    expect(all.map(([place]) => place)).toEqual([...english.keys()]);
    for (const [place, text] of all) {
      expect(text.trim(), place).not.toBe('');
      expect(text.replace(KEY_NAMES, ''), place).not.toMatch(/[A-Za-z]/);
      // Digits come with the values, in the language's own.
      expect(text.replace(/⟦\d⟧/g, ''), place).not.toMatch(/\d/);
    }
  });

  it('puts in every value that English does', () => {
    for (const [place, text] of all) {
      const values = (said: string) => [...new Set(said.match(/⟦\d⟧/g))].sort();
      expect(values(text), place).toEqual(values(english.get(place) as string));
    }
  });

  it('names the same keys as English where it names any', () => {
    for (const [place, text] of all) {
      const keys = (said: string) => (said.match(/\b(Enter|Escape|Shift|[A-Z](?=[\s,.]|$))\b/g) ?? []).sort();
      const wanted = keys(english.get(place) as string).filter((key) => key !== 'A');
      if (place.startsWith('draw.') || place.startsWith('help.')) expect(keys(text), place).toEqual(wanted);
    }
  });
});

it('writes numbers and times as their readers do', () => {
  expect(formatCount(1234567, 'en')).toBe('1,234,567');
  expect(formatCount(1234567, 'fa')).toBe('۱٬۲۳۴٬۵۶۷');
  expect(formatCount(1000, 'ar')).toBe('١٬٠٠٠');
  expect(formatPercent(0.999, 'en')).toBe('99%');
  expect(formatPercent(0.0001, 'fa')).toBe('۱٪');
  expect(formatPercent(1, 'ar')).toBe('١٠٠٪');
  // A time code never names a moment after its frame begins.
  expect(timeCode(59.999, 'en')).toBe('0:59.99');
  expect(timeCode(0.28, 'en')).toBe('0:00.28');
  expect(timeCode(3723.4, 'fa')).toBe('۱:۰۲:۰۳.۴۰');
  expect(shortTimeCode(3600, 'en')).toBe('1:00:00');
  expect(shortTimeCode(29.9999, 'en')).toBe('0:30');
  expect(nativeDigits('Frame 12', 'ar')).toBe('Frame ١٢');
});

it('takes the same keys on keyboards of every script', () => {
  const press = (key: string, code: string, held: Partial<Parameters<typeof chordOf>[0]> = {}) =>
    chordOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
  expect(press('n', 'KeyN')).toBe('N');
  expect(press('N', 'KeyN', { shiftKey: true })).toBe('Shift+N');
  // Caps lock is no Shift.
  expect(press('K', 'KeyK')).toBe('K');
  // Persian and Arabic layouts.
  expect(press('د', 'KeyN')).toBe('N');
  expect(press('ج', 'BracketLeft')).toBe('[');
  expect(press('؟', 'Slash', { shiftKey: true })).toBe('?');
  expect(press('۰', 'Digit0')).toBe('0');
  expect(press('ظ', 'KeyZ', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z');
  // A Latin layout other than the American: what is written counts.
  expect(press('z', 'KeyY')).toBe('Z');
  expect(press('?', 'Minus', { shiftKey: true })).toBe('?');
  expect(press('+', 'BracketRight')).toBe('+');
  expect(press(' ', 'Space')).toBe('Space');
  expect(press('ArrowLeft', 'ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
  expect(press('z', 'KeyZ', { metaKey: true })).toBe('Ctrl+Z');
  expect(['N', 'Shift+G', '?', '['].every(isSingleCharacter)).toBe(true);
  expect(['Space', 'Ctrl+Z', 'Escape', 'ArrowLeft'].some(isSingleCharacter)).toBe(false);
});
