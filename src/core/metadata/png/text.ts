import { latin1 } from '../still/bytes.ts';
import type { InflateBudget } from '../still/inflate.ts';

/** A keyword and its text, from a tEXt, zTXt or iTXt chunk (PNG section 11.3.3). */
export interface TextEntry {
  readonly keyword: string;
  /** Undefined where it is compressed, and enough has been decompressed of this file. */
  readonly text: Uint8Array | undefined;
}

/** The most of a compressed text that is looked at. */
const LARGEST_TEXT = 4 << 20;

export async function textEntry(type: string, data: Uint8Array, budget: InflateBudget): Promise<TextEntry> {
  const end = data.subarray(0, 80).indexOf(0);
  if (end < 0) return { keyword: '', text: data };
  const keyword = latin1(data, 0, end);
  if (type === 'tEXt') return { keyword, text: data.subarray(end + 1) };
  if (type === 'zTXt') return { keyword, text: await budget.inflate(data.subarray(end + 2), LARGEST_TEXT) };
  const compressed = data[end + 1] === 1;
  // Language tag and translated keyword, each ended by a zero, come before the text.
  const languageEnd = data.indexOf(0, end + 3);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  const text = translatedEnd < 0 ? new Uint8Array() : data.subarray(translatedEnd + 1);
  return { keyword, text: compressed ? await budget.inflate(text, LARGEST_TEXT) : text };
}

/**
 * The block that ImageMagick writes in hexadecimal under "Raw profile type ...": a name, a length, and the bytes.
 */
export function rawProfile(text: Uint8Array): Uint8Array {
  const head = /^\s*\w+\s+\d+\s/.exec(latin1(text, 0, LONGEST_HEAD))?.[0].length ?? 0;
  const bytes = new Uint8Array((text.length - head) >> 1);
  let digits = 0;
  for (let at = head; at < text.length; at++) {
    const digit = hexDigit(text[at]);
    if (digit === undefined) continue;
    bytes[digits >> 1] |= digits & 1 ? digit : digit << 4;
    digits++;
  }
  return bytes.subarray(0, digits >> 1);
}

const LONGEST_HEAD = 100;

function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
