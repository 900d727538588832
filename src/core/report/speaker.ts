import { Numerals } from './time-code.ts';
import { WORDS } from './words/index.ts';
import type { Counted, Language, Words } from './words/words.ts';

/** Says things in one language, with its digits, plural forms and direction. */
export class Speaker {
  readonly words: Words<never>;
  readonly #numerals: Numerals;

  constructor(language: Language) {
    this.words = WORDS[language];
    this.#numerals = new Numerals(this.words.locale);
  }

  /** `1,234` in the language's digits. */
  number(n: number): string {
    return this.#numerals.whole(n);
  }

  /** `1920 × 1080`, in this order wherever it stands. */
  dimensions(width: number, height: number): string {
    return isolate(`${this.#numerals.ungrouped(width)} × ${this.#numerals.ungrouped(height)}`);
  }

  /** A phrase in the form that goes with n. */
  count(phrase: Counted<never>, n: number): string {
    const forms: Partial<Record<Intl.LDMLPluralRule, string>> = phrase;
    const form = forms[this.#numerals.plural(n)] ?? forms.other ?? '';
    return form.replace('{n}', this.number(n));
  }

  /** A time from the beginning of the film. */
  time(seconds: number): string {
    return isolate(this.#numerals.timeCode(seconds));
  }

  list(items: readonly string[]): string {
    return items.join(this.words.comma);
  }
}

/** Keeps what reads from left to right in its order inside text of either direction (Unicode UAX 9, LRI and PDI). */
export const isolate = (text: string): string => `\u2066${text}\u2069`;
