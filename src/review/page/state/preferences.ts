import { computed, effect, signal } from '@preact/signals';
import {
  formatCount,
  formatPercent,
  formatWholePercent,
  LANGUAGES,
  type Language,
  nativeDigits,
} from '../logic/digits.ts';
import { shortTimeCode, timeCode } from '../logic/time-code.ts';
import { isRightToLeft, WORDS } from '../words/index.ts';

export type Theme = 'system' | 'light' | 'dark';

/** The first of the reader's languages that the page speaks. Nothing is remembered: nothing is left on the disk. */
const preferred = (): Language =>
  navigator.languages
    .map((tag) => LANGUAGES.find((language) => tag.toLowerCase().startsWith(language)))
    .find((language) => language !== undefined) ?? 'en';

export const language = signal<Language>(preferred());
export const theme = signal<Theme>('system');
/** Whether single characters act at once (WCAG 2.1.4). */
export const singleKeys = signal(true);

/** Everything the page says, in the language that is on. */
export const words = computed(() => WORDS[language.value]);

export const count = (value: number): string => formatCount(value, language.value);
export const percent = (share: number): string => formatPercent(share, language.value);
/** A size as a multiple of the usual, in per cent. */
export const sizePercent = (size: number): string => formatWholePercent(size * 100, language.value);
export const digits = (text: string): string => nativeDigits(text, language.value);
export const clock = (seconds: number): string => apart(timeCode(seconds, language.value));
export const shortClock = (seconds: number): string => apart(shortTimeCode(seconds, language.value));

/** Times keep their own direction within text of either: Unicode's isolates (UAX #9). */
const apart = (text: string) => (isRightToLeft(language.value) ? `\u2066${text}\u2069` : text);

/** Keeps the document's language, direction, colours and title as chosen. */
export function keepDocumentInStep(): void {
  const { documentElement: root } = document;
  effect(() => {
    root.lang = language.value;
    root.dir = isRightToLeft(language.value) ? 'rtl' : 'ltr';
    document.title = words.value.app.title;
  });
  effect(() => {
    if (theme.value === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
  });
}
