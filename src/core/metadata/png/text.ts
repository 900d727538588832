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
  const hex = latin1(text)
    .replace(/^\s*\w+\s+\d+\s/, '')
    .replace(/[^0-9a-f]/gi, '');
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
