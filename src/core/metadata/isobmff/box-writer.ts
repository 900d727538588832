/** Big-endian pieces from which boxes are put together. */

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);
export const u16 = (value: number): Uint8Array => uint(2, value);
export const u32 = (value: number): Uint8Array => uint(4, value);
export const u64 = (value: number): Uint8Array => uint(8, value);
export const zeros = (length: number): Uint8Array => new Uint8Array(length);
export const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A number of 0 to `length` bytes; negative ones as two's complement. */
export function uint(length: number, value: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let left = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = ((left % 256) + 256) % 256;
    left = Math.floor(left / 256);
  }
  return bytes;
}

/** A row of 32-bit numbers, negative ones as two's complement. */
export function u32s(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setUint32(i * 4, values[i] >>> 0);
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return concat(u32(length), letters(type), ...parts);
}

export const fullBox = (
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Uint8Array => box(type, u8(version), uint(3, flags), ...parts);
