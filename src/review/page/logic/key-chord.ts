/** What a keyboard event tells that matters here. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** What keys write on a Latin layout, plain and with Shift. */
const PUNCTUATION: Readonly<Record<string, readonly [string, string]>> = {
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
};

/**
 * A key press in one word: `K`, `Shift+K`, `Ctrl+Z` (Command counts as Ctrl), `?`, `ArrowLeft`, `Space`. On a
 * keyboard that writes Persian or Arabic the key's place decides, so that the same keys work.
 */
export function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  let base = key === ' ' || key === 'Spacebar' ? 'Space' : key;
  let shift = shiftKey;
  if ([...key].length === 1 && key !== ' ') {
    const latin = key >= '!' && key <= '~' ? key : onLatinKeyboard(code, shiftKey, key);
    base = latin.toUpperCase();
    // With Shift, signs are other signs already; only letters need it told.
    if (base === latin.toLowerCase()) shift = false;
  }
  const prefix = `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}`;
  return prefix + base;
}

function onLatinKeyboard(code: string, shift: boolean, otherwise: string): string {
  if (/^Key[A-Z]$/.test(code)) return code[3];
  if (/^(Digit|Numpad)[0-9]$/.test(code)) return code.at(-1) as string;
  return PUNCTUATION[code]?.[shift ? 1 : 0] ?? otherwise;
}

/** Whether a chord is a single character: people who speak to their computer may want those off (WCAG 2.1.4). */
export const isSingleCharacter = (chord: string): boolean => /^(Shift\+)?[!-~]$/.test(chord);
