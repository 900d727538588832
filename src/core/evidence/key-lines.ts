/** One line of a file of keys. */
export interface KeyLine {
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The lines of a recipients or identity file, as age reads them: empty ones and comments with `#` do not count. */
export function keyLines(text: string): KeyLine[] {
  return text
    .split(/\r?\n/)
    .map((value, index) => ({ value: value.trim(), line: index + 1 }))
    .filter(({ value }) => value !== '' && !value.startsWith('#'));
}

/** Whether a text is, or was meant to be, the secret half of a key: such a one must not be repeated in a message. */
export function isSecretKey(text: string): boolean {
  return /^AGE-(SECRET-KEY|PLUGIN)-/i.test(text.trim());
}
