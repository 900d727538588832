/** Bytes [start, end) as one character each (ISO 8859-1). */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < Math.min(end, bytes.length); at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, end)));
  return text;
}

/** One byte for each character of a text that has no character above 255. */
export const fromLatin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Bytes of one's own. Not `slice`: on Node's Buffer, which a source may hand out, that shares memory. */
export const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes);

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => joinAll(parts);

/** The same for a list of any length: a call takes only so many arguments. */
export function joinAll(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const u16be = (bytes: Uint8Array, at: number) => (bytes[at] << 8) | bytes[at + 1];
export const u32be = (bytes: Uint8Array, at: number) =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
export const u16le = (bytes: Uint8Array, at: number) => bytes[at] | (bytes[at + 1] << 8);
export const u24le = (bytes: Uint8Array, at: number) =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
export const u32le = (bytes: Uint8Array, at: number) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;

export const be16 = (value: number) => Uint8Array.of(value >>> 8, value);
export const be32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
export const le32 = (value: number) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

/** What a block of a kind that nobody knows says in letters: every run of at least five, for a report. */
export function readableRuns(bytes: Uint8Array, longest = 400): string {
  const runs = latin1(bytes, 0, 1 << 18).match(/[\x20-\x7e]{5,}/g) ?? [];
  return printable(runs.filter((run) => /[A-Za-z0-9]{3}/.test(run)).join(' | '), longest);
}

/** Text for a report: control characters out, one line, not too long. */
export function printable(text: string, longest = 200): string {
  const line = [...text.slice(0, longest * 4)]
    .map((character) => (character < ' ' || (character >= '\x7f' && character < '\xa0') ? ' ' : character))
    .join('')
    .replace(/ +/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
