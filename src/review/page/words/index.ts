import type { Language } from '../logic/digits.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { fa } from './fa.ts';
import type { Words } from './words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { en, fa, ar };

/** Each language by its own name, for who cannot read the one that is on. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  fa: 'فارسی',
  ar: 'العربية',
};

export const isRightToLeft = (language: Language): boolean => language !== 'en';
