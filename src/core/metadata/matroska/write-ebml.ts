import { idOf } from './schema.ts';
import { ascii, concat } from './text.ts';

/** An element id as it is stored, length marker included. */
function idBytes(name: string): Uint8Array {
  const id = idOf(name);
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return Uint8Array.from({ length }, (_, i) => (id / 256 ** (length - 1 - i)) & 0xff);
}

/** A size in the fewest bytes, or in `length` of them (RFC 8794 section 4). */
export function vint(value: number, length?: number): Uint8Array {
  let bytes = length ?? 1;
  // All ones would mean "unknown", so the largest value of a length is one less.
  while (length === undefined && value >= 2 ** (7 * bytes) - 1) bytes++;
  const out = Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) & 0xff);
  out[0] |= 0x80 >> (bytes - 1);
  return out;
}

/** An element's id and size, for data written separately. */
export const header = (name: string, size: number, sizeLength?: number): Uint8Array =>
  concat([idBytes(name), vint(size, sizeLength)]);

export const element = (name: string, data: Uint8Array): Uint8Array =>
  concat([header(name, data.length), data]);

export const master = (name: string, ...children: readonly Uint8Array[]): Uint8Array =>
  element(name, concat(children));

/** Unsigned integer in the fewest bytes, or in `length` where a size must be known before the value. */
export function uintElement(name: string, value: number, length?: number): Uint8Array {
  let bytes = length ?? 1;
  while (length === undefined && value >= 256 ** bytes) bytes++;
  const data = Uint8Array.from(
    { length: bytes },
    (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) & 0xff,
  );
  return element(name, data);
}

export function floatElement(name: string, value: number): Uint8Array {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setFloat64(0, value);
  return element(name, data);
}

export const textElement = (name: string, text: string): Uint8Array => element(name, ascii(text));
