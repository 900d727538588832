import { joined, numberBytes, repeated, replaced } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** A block of a GIF file (GIF89a sections 18 to 27): an extension, or a picture with its table and samples. */
interface Block {
  readonly what: 'extension' | 'picture';
  readonly at: number;
  /** Where sub-blocks begin. */
  readonly data: number;
  readonly end: number;
}

function subBlocksEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at];
  return Math.min(bytes.length, at + 1);
}

const tableLength = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

function blocks(bytes: Uint8Array): Block[] {
  const found: Block[] = [];
  for (let at = 13 + tableLength(bytes[10]); at < bytes.length && found.length < 5000; ) {
    const what = bytes[at] === 0x21 ? 'extension' : bytes[at] === 0x2c ? 'picture' : undefined;
    if (!what) break;
    const data = what === 'extension' ? at + 2 : at + 11 + tableLength(bytes[at + 9]);
    const end = subBlocksEnd(bytes, data);
    found.push({ what, at, data, end });
    at = end;
  }
  return found;
}

const fields = (bytes: Uint8Array): Field[] => [
  ...fieldsIn('screen', 6, 10, 2, true),
  ...fieldsIn('screen', 10, 13, 1),
  ...blocks(bytes).flatMap(({ what, at, data }) => [
    ...fieldsIn(what, at, Math.min(bytes.length, at + 10), 1),
    ...(what === 'picture' ? fieldsIn('picture', at + 1, at + 9, 2, true) : []),
    ...fieldsIn(`${what} samples`, Math.max(at, data - 1), Math.min(bytes.length, data + 4), 1),
  ]),
];

const pick = (bytes: Uint8Array, random: Random, wanted: (block: Block) => boolean): Block | undefined => {
  const fitting = blocks(bytes).filter(wanted);
  return fitting[random(fitting.length)];
};
const SIDES = [0, 1, 16, 4096, 32_767, 65_535];

export const gifStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'sides of the screen or a picture',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ what }) => what === 'picture');
        const side = () => numberBytes(SIDES[random(SIDES.length)], 2, true);
        if (!it || random(2)) return replaced(bytes, 6, 4, joined(side(), side()));
        return replaced(bytes, it.at + (random(2) ? 1 : 5), 4, joined(side(), side()));
      },
    },
    {
      name: 'thousands of blocks',
      apply(bytes, random) {
        const it = pick(bytes, random, () => true);
        if (!it) return undefined;
        const one = random(2)
          ? bytes.subarray(it.at, it.end)
          : Uint8Array.of(0x21, [0xfe, 0xf9, 0xff, 1, 0x77][random(5)], 0);
        const count = Math.min(10 ** (1 + random(4)), Math.ceil((1 << 20) / one.length));
        return replaced(bytes, it.at, 0, repeated(one, count));
      },
    },
    {
      name: 'codes of samples',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ what }) => what === 'picture');
        if (!it) return undefined;
        const changed = bytes.slice();
        changed[it.data - 1] = [0, 1, 2, 8, 11, 12, 13, 255][random(8)];
        for (let n = random(6); n > 0; n--) changed[it.data + random(it.end - it.data)] = random(256);
        return changed;
      },
    },
    {
      name: 'a sub-block cut or added',
      apply(bytes, random) {
        const it = pick(bytes, random, () => true);
        if (!it) return undefined;
        const length = [1, 50, 255][random(3)];
        const added = Uint8Array.from({ length: 1 + length }, (_, i) => (i === 0 ? length : random(256)));
        return random(2)
          ? replaced(bytes, it.end - 1, 0, added)
          : replaced(bytes, it.data, Math.min(it.end - it.data - 1, 1 + bytes[it.data]), new Uint8Array());
      },
    },
  ],
};
