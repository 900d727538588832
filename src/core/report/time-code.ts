/** Numbers as a language writes them. `locale` may name the digits: `fa-u-nu-arabext`. */
export class Numerals {
  readonly #whole: Intl.NumberFormat;
  readonly #ungrouped: Intl.NumberFormat;
  readonly #twoDigits: Intl.NumberFormat;
  readonly #secondsAlone: Intl.NumberFormat;
  readonly #rules: Intl.PluralRules;

  constructor(locale: string) {
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#ungrouped = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: false });
    this.#twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
    this.#secondsAlone = new Intl.NumberFormat(locale, {
      minimumIntegerDigits: 2,
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    this.#rules = new Intl.PluralRules(locale);
  }

  /** `1,234`. */
  whole(n: number): string {
    return this.#whole.format(n);
  }

  /** `1920`, for what nobody counts. */
  ungrouped(n: number): string {
    return this.#ungrouped.format(n);
  }

  /** Which plural form a language uses for n. */
  plural(n: number): Intl.LDMLPluralRule {
    return this.#rules.select(n);
  }

  /**
   * `0:04.2`, `1:02:03.0`: as a player shows it, cut off to tenths, never rounded up past the frame it names.
   * `seconds` from the first frame.
   */
  timeCode(seconds: number): string {
    // A time in binary may lie a hair below the tenth it means.
    const tenths = Math.floor(Math.max(0, seconds) * 10 + 1e-6);
    const hours = Math.floor(tenths / 36_000);
    const minutes = Math.floor(tenths / 600) % 60;
    const rest = this.#secondsAlone.format((tenths % 600) / 10);
    return hours > 0
      ? `${this.whole(hours)}:${this.#twoDigits.format(minutes)}:${rest}`
      : `${this.whole(minutes)}:${rest}`;
  }
}
