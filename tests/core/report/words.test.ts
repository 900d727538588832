import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../src/core/report/html.ts';
import { noteCodes } from '../../../src/core/report/notes.ts';
import { Speaker } from '../../../src/core/report/speaker.ts';
import { WORDS } from '../../../src/core/report/words/index.ts';
import { LANGUAGES } from '../../../src/core/report/words/words.ts';
import { calmPhoto, film, reportOn } from '../../support/reports.ts';
import { filesBelow } from '../../support/shared.ts';

/** Every phrase with its path; a plural form's path ends in the form. Functions are called with a mark. */
function phrases(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value === 'function') return [[`${at}()`, value('⟦1⟧', '⟦2⟧', '⟦3⟧')]];
  return Object.entries(value as object).flatMap(([key, inner]) => phrases(inner, at ? `${at}/${key}` : key));
}

/** A plural form; `other` among the reasons is a reason. */
const FORM = /(?<!^look\/reasons)\/(zero|one|two|few|many|other)$/;
const META = /^(language|locale|direction|comma|separator)$/;
/** What is written in Latin letters in every language. */
const LATIN = /HDR|SDR|SHA-256|UTC|4:4:4|\{n\}/g;
const everything = reportOn(film(42), { ...film(3), sound: 'kept' }, calmPhoto(), null);

describe.each(LANGUAGES)('%s', (language) => {
  const words = WORDS[language];
  const own = phrases(words).filter(([at]) => !META.test(at));

  test('has what English has, and no phrase is empty, left in English or said twice in one list', () => {
    const places = (all: [string, string][]) => new Set(all.map(([at]) => at.replace(FORM, '')));
    expect(places(own)).toEqual(places(phrases(WORDS.en).filter(([at]) => !META.test(at))));
    for (const [at, phrase] of own) {
      expect(phrase.trim(), at).toBe(phrase);
      expect(phrase.length, at).toBeGreaterThan(1);
      if (language !== 'en') expect(phrase.replace(LATIN, ''), at).not.toMatch(/[A-Za-z0-9]{2}/);
    }
    for (const list of [
      'look/reasons',
      'look/places',
      'details/topics',
      'details/betrays',
      'details/notes',
      'file/failed',
    ]) {
      const said = own.filter(([at]) => at.startsWith(`${list}/`)).map(([, phrase]) => phrase);
      expect(new Set(said).size, list).toBe(said.length);
    }
  });

  test('has the plural forms of the language and no others, and each says its number', () => {
    const rules = new Intl.PluralRules(words.locale).resolvedOptions().pluralCategories;
    const byPhrase = new Map<string, [string, string][]>();
    for (const [at, phrase] of own.filter(([place]) => FORM.test(place))) {
      const name = at.replace(FORM, '');
      byPhrase.set(name, [...(byPhrase.get(name) ?? []), [at, phrase]]);
    }
    for (const [at, forms] of byPhrase) {
      expect(forms.map(([form]) => form.split('/').at(-1)).sort(), at).toEqual([...rules].sort());
      for (const [form, phrase] of forms) {
        // Arabic says none, one and two without a figure; English's and Persian's "one" needs it, since it is for 0 too.
        const spelled = language === 'ar' && /\/(zero|one|two)$/.test(form);
        if (!spelled && !form.startsWith('details/rounds/one')) expect(phrase, form).toContain('{n}');
      }
    }
  });

  test('what a sentence is given is in it', () => {
    for (const [at, phrase] of own.filter(([place]) => place.endsWith('()')))
      expect(phrase, at).toContain('⟦1⟧');
  });

  test('a page has the language’s own digits, and what reads from left to right says so', () => {
    const page = htmlReport(everything, language);
    const text = page
      .replace(/<style>[\s\S]*<\/style>/, '')
      .replace(/<code[^>]* dir="ltr">[\s\S]*?<\/code>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(LATIN, '')
      .replace(/\u2066[a-z0-9.-]+\u2069/g, '');
    const digits = { en: /[۰-۹٠-٩]/, fa: /[0-9٠-٩]/, ar: /[0-9۰-۹]/ };
    expect(text).toMatch({ en: /[0-9]/, fa: /[۰-۹]/, ar: /[٠-٩]/ }[language]);
    expect(text).not.toMatch(digits[language]);
    expect(page).toContain(`<html lang="${language}" dir="${language === 'en' ? 'ltr' : 'rtl'}">`);
    expect(text).not.toMatch(/undefined|null|NaN|\{n\}|\[object/);
  });
});

test('numbers are said in the form that goes with them', () => {
  const arabic = new Speaker('ar');
  const say = (n: number) => arabic.count(arabic.words.file.frames, n);
  expect([0, 1, 2, 3, 11, 100, 1103].map(say)).toEqual([
    'بلا إطارات',
    'إطار واحد',
    'إطاران',
    '٣ إطارات',
    '١١ إطارًا',
    '١٠٠ إطار',
    '١٬١٠٣ إطارات',
  ]);
  const persian = new Speaker('fa');
  expect(persian.count(persian.words.file.frames, 1234)).toBe('۱٬۲۳۴ فریم');
  const english = new Speaker('en');
  expect([0, 1, 2].map((n) => english.count(english.words.file.frames, n))).toEqual([
    '0 frames',
    '1 frame',
    '2 frames',
  ]);
});

// Warnings are worded where files are written; a report knows them by their words.
test.each([
  ['The film was HDR and is now SDR', ['hdr-film']],
  ['The film has an odd size', ['odd-size']],
  ['Left out beside picture and sound', ['streams-left-out']],
  ['The sound was kept', []],
  ['The written file still shows', []],
  ['Faces were looked for in one frame of ', []],
  ['only the main picture is read', ['pages-left-out']],
  ['only the one that viewers show first is read', ['pages-left-out']],
  ['pages have another size than the first', ['pages-left-out']],
  ['the picture is of high dynamic range', ['hdr-photo']],
  ['the colours are of a wider range than sRGB', ['wide-colours']],
  ['transparent places are shown on white', ['transparency']],
  ['the picture is animated', ['animation']],
])('the warning "%s" is still worded so, and is known', (words, codes) => {
  const src = path.resolve(import.meta.dirname, '../../../src');
  const writers = filesBelow(src).filter((name) => /^(pipeline|node\/media)\/.*\.ts$/.test(name));
  const sources = writers.map((name) => readFileSync(path.join(src, name), 'utf8'));
  expect(sources.some((source) => source.includes(words))).toBe(true);
  expect(noteCodes([words])).toEqual(codes);
});

test('a warning that is not known is pointed to, and its words are not passed on', () => {
  expect(noteCodes(['something about Maryam'])).toEqual(['more-in-terminal']);
});
