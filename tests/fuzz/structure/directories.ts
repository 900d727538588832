import { joined, latin, numberBytes, replaced, u16, u32 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

// TIFF's directories of tags (TIFF 6.0 section 2, and BigTIFF), in TIFF files and in EXIF blocks.

interface Directory {
  readonly at: number;
  readonly entries: readonly number[];
  /** Where the next directory's place stands. */
  readonly nextAt: number;
}
interface Tags {
  readonly little: boolean;
  readonly big: boolean;
  readonly directories: readonly Directory[];
}

/** Tags whose value is the place of another directory. */
const POINTERS = new Set([0x8769, 0x8825, 0xa005, 0x014a, 0x02bc]);

/** Directories of the block from `start` to `end`; each is read once. */
function readTags(bytes: Uint8Array, start: number, end: number): Tags {
  const little = latin(bytes, start, 2) === 'II';
  const big = u16(bytes, start + 2, little) === 43;
  const place = (at: number) =>
    big && little ? u32(bytes, at, true) : big ? u32(bytes, at + 4) : u32(bytes, at, little);
  const waiting = [place(start + (big ? 8 : 4))];
  const directories = new Map<number, Directory>();
  while (waiting.length > 0 && directories.size < 40) {
    const at = start + (waiting.shift() as number);
    if (at <= start || at + 2 > end || directories.has(at)) continue;
    const count = Math.min(200, big ? place(at) : u16(bytes, at, little));
    const [head, length] = big ? [8, 20] : [2, 12];
    const entries: number[] = [];
    for (let i = 0; i < count && at + head + (i + 1) * length <= end; i++)
      entries.push(at + head + i * length);
    const nextAt = at + head + entries.length * length;
    directories.set(at, { at, entries, nextAt });
    if (nextAt + 4 <= end) waiting.push(place(nextAt));
    for (const entry of entries)
      if (POINTERS.has(u16(bytes, entry, little))) waiting.push(place(entry + (big ? 12 : 8)));
  }
  return { little, big, directories: [...directories.values()] };
}

/** The numbers of every directory in the block from `start` to `end`. */
export function directoryFields(bytes: Uint8Array, start: number, end: number): Field[] {
  const { little, big, directories } = readTags(bytes, start, end);
  const wide = big ? 8 : 4;
  const field = (at: number, size: number, what: string): Field => ({ at, size, little, what });
  return [
    field(start + (big ? 8 : 4), wide, 'first directory'),
    ...directories.flatMap(({ at, entries, nextAt }) => [
      field(at, big ? 8 : 2, 'entries'),
      field(nextAt, wide, 'next directory'),
      ...entries.flatMap((entry) => {
        const tag = `tag ${u16(bytes, entry, little)}`;
        return [
          field(entry, 2, tag),
          field(entry + 2, 2, `${tag} type`),
          field(entry + 4, wide, `${tag} count`),
          field(entry + 4 + wide, wide, `${tag} value`),
          field(entry + 4 + wide, 2, `${tag} short value`),
        ];
      }),
    ]),
  ].filter(({ at, size }) => at + size <= end);
}

/** A block whose directories lead to each other and to themselves. */
export function loopedDirectory(random: Random): Uint8Array {
  const n16 = (value: number) => numberBytes(value, 2);
  const n32 = (value: number) => numberBytes(value, 4);
  const places = [8, 50, 92];
  const one = (i: number) => {
    const pointer = () => n32(places[random(3)]);
    const entry = (tag: number) => joined(n16(tag), n16(4), n32([1, 1, 3, 0xffffffff][random(4)]), pointer());
    return joined(
      n16(3),
      entry(0x8769),
      entry([0x014a, 0xa005, 0x8825, 0x927c][random(4)]),
      entry(0x010f),
      random(2) ? pointer() : n32(places[i]),
    );
  };
  return joined(Buffer.from('MM\0*'), n32(8), one(0), one(1), one(2));
}

const SIDES = [0, 1, 8, 4096, 20_000, 65_535, 0x7fffffff, 0xffffffff];

/** The value of one tag in one of the directories. */
function withTag(bytes: Uint8Array, random: Random, wanted: readonly number[], value: () => number) {
  const { little, big, directories } = readTags(bytes, 0, bytes.length);
  const entries = directories
    .flatMap(({ entries: own }) => own)
    .filter((at) => wanted.includes(u16(bytes, at, little)));
  const entry = entries[random(entries.length)];
  if (entry === undefined) return undefined;
  const short = u16(bytes, entry + 2, little) === 3;
  return replaced(bytes, entry + (big ? 12 : 8), short ? 2 : 4, numberBytes(value(), short ? 2 : 4, little));
}

export const directoryStructure: Structure = {
  fields: (bytes) => [...fieldsIn('header', 0, 16, 2), ...directoryFields(bytes, 0, bytes.length)],
  tricks: [
    {
      name: 'directories in a circle',
      apply(bytes, random) {
        const { little, big, directories } = readTags(bytes, 0, bytes.length);
        const from = directories[random(directories.length)];
        const to = directories[random(directories.length)];
        if (!from || !to || from.nextAt + 8 > bytes.length) return undefined;
        return replaced(bytes, from.nextAt, big ? 8 : 4, numberBytes(to.at, big ? 8 : 4, little));
      },
    },
    {
      name: 'sides of the picture',
      apply: (bytes, random) =>
        withTag(bytes, random, [256, 257, 322, 323, 278], () => SIDES[random(SIDES.length)]),
    },
    {
      name: 'coding',
      apply: (bytes, random) =>
        withTag(
          bytes,
          random,
          [259, 262, 277, 284, 317, 258, 339],
          () =>
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 34_712, 34_887, 34_925, 50_000, 65_535][random(16)],
        ),
    },
    {
      name: 'very many strips',
      apply(bytes, random) {
        const { little, big, directories } = readTags(bytes, 0, bytes.length);
        const strips = directories
          .flatMap(({ entries }) => entries)
          .filter((at) => [273, 279, 324, 325].includes(u16(bytes, at, little)));
        const count = [1000, 1_000_000, 0x7fffffff, 0xffffffff][random(4)];
        let changed = bytes;
        for (const entry of strips)
          changed = replaced(changed, entry + 4, big ? 8 : 4, numberBytes(count, big ? 8 : 4, little));
        return strips.length > 0 ? changed : undefined;
      },
    },
    {
      name: 'very many pages',
      apply(bytes, random) {
        const { little, big, directories } = readTags(bytes, 0, bytes.length);
        const [first] = directories;
        if (!first || big) return undefined;
        // Copies of the first page's directory, each leading to the next: all show the same samples.
        const count = [2, 100, 3000][random(3)];
        const directory = bytes.subarray(first.at, first.nextAt);
        const from = bytes.length + (bytes.length & 1);
        const pieces: Uint8Array[] = [bytes, new Uint8Array(bytes.length & 1)];
        for (let i = 0; i < count; i++) {
          const next = i + 1 < count ? from + (i + 1) * (directory.length + 4) : random(2) ? 0 : from;
          pieces.push(directory, numberBytes(next, 4, little));
        }
        return replaced(joined(...pieces), first.nextAt, 4, numberBytes(from, 4, little));
      },
    },
  ],
};
