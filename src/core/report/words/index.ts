import { ar } from './ar.ts';
import { en } from './en.ts';
import { fa } from './fa.ts';
import type { Language, Words } from './words.ts';

/** Words in every language. `say` picks the plural form, so a language holds just the forms that it has. */
export const WORDS: Readonly<Record<Language, Words<never>>> = { en, fa, ar };
