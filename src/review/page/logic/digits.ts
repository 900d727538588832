/** The page's languages; the report speaks the same. */
export const LANGUAGES = ['en', 'fa', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The first code point of each language's ten digits. */
const ZERO: Readonly<Record<Language, number>> = { en: 0x30, fa: 0x6f0, ar: 0x660 };

/** Writes the ASCII digits in `text` with the digits that readers of `language` use. */
export function nativeDigits(text: string, language: Language): string {
  const zero = ZERO[language];
  return zero === 0x30
    ? text
    : text.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + digit.charCodeAt(0) - 0x30));
}

/** A count, with the language's digits and its separator of thousands. */
export function formatCount(value: number, language: Language): string {
  const separator = language === 'en' ? ',' : '٬';
  const plain = String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, separator);
  return nativeDigits(plain, language);
}

/** Whole per cent. */
export function formatWholePercent(whole: number, language: Language): string {
  return nativeDigits(`${Math.round(whole)}${language === 'en' ? '%' : '٪'}`, language);
}

/** A share of 1 as whole per cent; never 100 before it is done, and never 0 once it has begun. */
export function formatPercent(share: number, language: Language): string {
  const whole = share >= 1 ? 100 : share <= 0 ? 0 : Math.min(99, Math.max(1, Math.round(share * 100)));
  return formatWholePercent(whole, language);
}
