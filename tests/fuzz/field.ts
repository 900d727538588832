import { numberBytes, replaced } from './bytes.ts';
import type { Random } from './random.ts';

/** A number in a file that says how the rest is to be read. */
export interface Field {
  readonly at: number;
  /** In bytes. */
  readonly size: number;
  readonly little?: boolean;
  /** The part it is in and what it says there: `stsz+8`, `IHDR width`. */
  readonly what: string;
}

/** What is done to a file that only its own format can suffer: a cycle, a bomb, a claim. */
export interface Trick {
  readonly name: string;
  /** Undefined where the file has nothing to do it to. */
  readonly apply: (bytes: Uint8Array, random: Random) => Uint8Array | undefined;
}

/** What is known of a format's structure to damage it where it hurts. */
export interface Structure {
  readonly fields: (bytes: Uint8Array) => readonly Field[];
  readonly tricks: readonly Trick[];
}

/** Numbers at the edges of what fits into one, two, four and eight bytes. */
export const EDGES = [
  ...[0, 1, 2, 7, 8, 15, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000],
  ...[0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x100000000],
];
const WIDE = [2n ** 53n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

/** The file with one field at an edge, off by a little, or pointing to where it must not. */
export function withField(bytes: Uint8Array, field: Field, random: Random): Uint8Array {
  const own = bytes.slice(field.at, field.at + field.size);
  if (field.little) own.reverse();
  const now = own.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const value = [
    () => BigInt(EDGES[random(EDGES.length)]),
    () => (field.size > 4 ? WIDE[random(WIDE.length)] : BigInt(EDGES[random(EDGES.length)])),
    () => now + BigInt(random(33) - 16),
    () => now * BigInt(1 + random(1000)),
    () => BigInt(random(bytes.length + 16)),
    // Here, and before: a reader that follows comes by again.
    () => BigInt(Math.max(0, field.at - random(24))),
    () => BigInt(bytes.length + random(16) - 8),
  ][random(7)]();
  return replaced(bytes, field.at, field.size, numberBytes(value, field.size, field.little));
}

/** Fields of `size` bytes, one after the other. */
export function fieldsIn(what: string, from: number, to: number, size: number, little = false): Field[] {
  const fields: Field[] = [];
  for (let at = from; at + size <= to; at += size)
    fields.push({ at, size, little, what: `${what}+${at - from}` });
  return fields;
}
