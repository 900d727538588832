/** Pieces one after the other, as bytes of their own. */
export const joined = (...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.concat(pieces));

/** The same for very many pieces: not as arguments, of which the stack holds only so many. */
export const joinedAll = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.concat(pieces));

/** One piece, that many times. */
export const repeated = (one: Uint8Array, count: number): Uint8Array =>
  Uint8Array.from(Buffer.alloc(one.length * count, one));

/** `bytes` with the stretch from `at` of `length` bytes replaced. */
export const replaced = (bytes: Uint8Array, at: number, length: number, by: Uint8Array) =>
  joined(bytes.subarray(0, at), by, bytes.subarray(at + length));

/** A big-endian (or little-endian) number of `size` bytes, cut to them. Up to 8 bytes. */
export function numberBytes(value: number | bigint, size: number, little = false): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = size - 1; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return little ? bytes.reverse() : bytes;
}

export const u16 = (bytes: Uint8Array, at: number, little = false): number =>
  little ? (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export const u32 = (bytes: Uint8Array, at: number, little = false): number =>
  little
    ? (u16(bytes, at, true) | (u16(bytes, at + 2, true) << 16)) >>> 0
    : ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0;

export const latin = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.subarray(at, at + length)).toString('latin1');

export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
