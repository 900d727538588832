/** One entry of a directory to be written: its type, its count, and its value in the file's byte order. */
export interface NewEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

/** How numbers are written: byte order, and BigTIFF's 64-bit offsets or classic TIFF's 32-bit ones. */
export interface Encoding {
  readonly littleEndian: boolean;
  readonly big: boolean;
}

const LONG = 4;
const LONG8 = 16;

export const even = (length: number) => length + (length % 2);

/** The bytes before the first directory, which follows at once. */
export function headerBytes({ littleEndian, big }: Encoding): Uint8Array {
  const bytes = new Uint8Array(big ? 16 : 8);
  const view = new DataView(bytes.buffer);
  bytes.fill(littleEndian ? 0x49 : 0x4d, 0, 2);
  view.setUint16(2, big ? 43 : 42, littleEndian);
  if (big) {
    view.setUint16(4, 8, littleEndian);
    view.setBigUint64(8, 16n, littleEndian);
  } else view.setUint32(4, 8, littleEndian);
  return bytes;
}

/** Offsets or lengths as an entry. */
export function numbersEntry(
  tag: number,
  numbers: readonly number[],
  { littleEndian, big }: Encoding,
): NewEntry {
  const size = big ? 8 : 4;
  const value = new Uint8Array(numbers.length * size);
  const view = new DataView(value.buffer);
  for (const [i, number] of numbers.entries()) {
    if (big) view.setBigUint64(i * size, BigInt(number), littleEndian);
    else view.setUint32(i * size, number, littleEndian);
  }
  return { tag, type: big ? LONG8 : LONG, count: numbers.length, value };
}

/** The bytes that a directory takes, values included. */
export function directoryLength(entries: readonly NewEntry[], { big }: Encoding): number {
  const table = big ? 8 + entries.length * 20 + 8 : 2 + entries.length * 12 + 4;
  const outside = entries.filter(({ value }) => value.length > (big ? 8 : 4));
  return outside.reduce((sum, { value }) => sum + even(value.length), table);
}

/** A directory at `offset` with its values right behind it, linked to one at `next` (0 for none). */
export function directoryBytes(
  entries: readonly NewEntry[],
  offset: number,
  next: number,
  encoding: Encoding,
): Uint8Array {
  const { littleEndian, big } = encoding;
  const bytes = new Uint8Array(directoryLength(entries, encoding));
  const view = new DataView(bytes.buffer);
  const setOffset = (at: number, value: number) =>
    big ? view.setBigUint64(at, BigInt(value), littleEndian) : view.setUint32(at, value, littleEndian);
  const entrySize = big ? 20 : 12;
  const first = big ? 8 : 2;
  const slot = big ? 8 : 4;
  if (big) view.setBigUint64(0, BigInt(entries.length), littleEndian);
  else view.setUint16(0, entries.length, littleEndian);
  let outsideAt = first + entries.length * entrySize + slot;
  for (const [i, { tag, type, count, value }] of entries.entries()) {
    const at = first + i * entrySize;
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, type, littleEndian);
    setOffset(at + 4, count);
    const slotAt = at + entrySize - slot;
    if (value.length <= slot) bytes.set(value, slotAt);
    else {
      setOffset(slotAt, offset + outsideAt);
      bytes.set(value, outsideAt);
      outsideAt += even(value.length);
    }
  }
  setOffset(first + entries.length * entrySize, next);
  return bytes;
}
