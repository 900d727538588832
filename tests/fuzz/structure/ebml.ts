import { deflateSync } from 'node:zlib';
import { ascii, joined, numberBytes, repeated, replaced } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** An element (RFC 8794 section 6): identifier, size, content. */
interface Element {
  readonly id: number;
  readonly at: number;
  readonly sizeAt: number;
  readonly content: number;
  readonly end: number;
  readonly around: readonly Element[];
}

const MASTERS = new Set([
  ...[0x1a45dfa3, 0x18538067, 0x114d9b74, 0x4dbb, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0xe1, 0x1f43b675, 0xa0],
  ...[0x1c53bb6b, 0xbb, 0xb7, 0x1254c367, 0x7373, 0x63c0, 0x67c8, 0x1043a770, 0x45b9, 0xb6, 0x6d80, 0x6240],
]);
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;

function elements(
  bytes: Uint8Array,
  from = 0,
  to = bytes.length,
  around: readonly Element[] = [],
): Element[] {
  const found: Element[] = [];
  for (let at = from; at < to && found.length < 5000; ) {
    const idLength = Math.clz32(bytes[at] | 1) - 23;
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32((bytes[sizeAt] ?? 0) | 1) - 23;
    const content = sizeAt + sizeLength;
    if (idLength > 4 || sizeLength > 8 || content > to) break;
    let id = 0;
    for (let i = at; i < sizeAt; i++) id = id * 256 + bytes[i];
    let size = bytes[sizeAt] & (0xff >> sizeLength);
    let unknown = size === 0xff >> sizeLength;
    for (let i = sizeAt + 1; i < content; i++) {
      size = size * 256 + bytes[i];
      unknown &&= bytes[i] === 0xff;
    }
    const end = unknown ? to : Math.min(to, content + size);
    const element = { id, at, sizeAt, content, end, around };
    found.push(element);
    if (MASTERS.has(id) && around.length < 12)
      found.push(...elements(bytes, content, end, [...around, element]));
    at = end;
  }
  return found;
}

const named = ({ id }: Element) => `0x${id.toString(16)}`;

function fields(bytes: Uint8Array): Field[] {
  return elements(bytes).flatMap((element) => {
    const what = named(element);
    const size = { at: element.sizeAt, size: element.content - element.sizeAt, what: `${what} size` };
    const length = element.end - element.content;
    if (element.id === SIMPLE_BLOCK || element.id === BLOCK)
      return [size, ...fieldsIn(what, element.content, Math.min(element.end, element.content + 12), 1)];
    if (MASTERS.has(element.id) || length === 0) return [size];
    return [
      size,
      length <= 8 ? { at: element.content, size: length, what } : { at: element.content, size: 2, what },
    ];
  });
}

/** A size in eight bytes; all ones for unknown. */
const size8 = (length: number | bigint) => {
  const bytes = numberBytes(length, 8);
  bytes[0] = 1;
  return bytes;
};
const element = (id: number, ...content: Uint8Array[]) => {
  const body = joined(...content);
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return joined(numberBytes(id, length), size8(body.length), body);
};

/** Puts `by` in the place of a stretch; sizes around follow, in as many bytes as they had where they fit. */
function refit(bytes: Uint8Array, at: number, length: number, by: Uint8Array, inside: readonly Element[]) {
  const changed = replaced(bytes, at, length, by);
  for (const { sizeAt, content, end } of inside) {
    const own = content - sizeAt;
    const size = BigInt(end - content + by.length - length) | (1n << BigInt(7 * own));
    if (size < 2n << BigInt(7 * own)) changed.set(numberBytes(size, own), sizeAt);
  }
  return changed;
}

const pick = (
  bytes: Uint8Array,
  random: Random,
  wanted: (element: Element) => boolean,
): Element | undefined => {
  const fitting = elements(bytes).filter(wanted);
  return fitting[random(fitting.length)];
};

export const ebmlStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'unknown size',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => random(3) === 0 || MASTERS.has(id));
        if (!it) return undefined;
        const length = it.content - it.sizeAt;
        const ones = new Uint8Array(length).fill(0xff);
        ones[0] = 0xff >> (length - 1);
        return replaced(bytes, it.sizeAt, length, ones);
      },
    },
    {
      name: 'size of eight bytes',
      apply(bytes, random) {
        const it = pick(bytes, random, () => true);
        if (!it) return undefined;
        const claims = [BigInt(it.end - it.content), 2n ** 56n - 2n, 2n ** 53n, 2n ** 32n, 0n];
        const size = size8(claims[random(claims.length)]);
        return refit(bytes, it.sizeAt, it.content - it.sizeAt, size, it.around);
      },
    },
    {
      name: 'lacing',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => id === SIMPLE_BLOCK || id === BLOCK);
        if (!it) return undefined;
        const flags = it.content + 3;
        const head = Uint8Array.of(bytes[flags] | [2, 4, 6][random(3)], [0, 1, 7, 255][random(4)]);
        const sizes = Uint8Array.from(
          { length: random(12) },
          () => [0x80, 0xff, 0x40, 0x81, 0xfe, 1][random(6)],
        );
        return refit(bytes, flags, 1, joined(head, sizes), [...it.around, it]);
      },
    },
    {
      name: 'elements in elements',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => MASTERS.has(id) && id !== 0x1a45dfa3);
        if (!it) return undefined;
        const id = [0x67c8, 0xb6, 0x1f43b675, 0x18538067, it.id][random(5)];
        const own = numberBytes(id, id > 0xffffff ? 4 : id > 0xff ? 2 : 1);
        const depth = [2, 30, 3000][random(3)];
        const heads: Uint8Array[] = [];
        let length = it.end - it.content;
        for (let n = 0; n < depth; n++) {
          heads.push(joined(own, size8(length)));
          length += own.length + 8;
        }
        return refit(bytes, it.content, 0, joined(...heads.reverse()), [...it.around, it]);
      },
    },
    {
      name: 'thousands of elements',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => MASTERS.has(id));
        if (!it) return undefined;
        const id = [0xec, 0x67c8, 0xae, 0xa3, 0xbb, 0xa0, 0xbf][random(7)];
        const one = joined(numberBytes(id, id > 0xff ? 2 : 1), Uint8Array.of(0x80));
        const many = repeated(one, 10 ** (1 + random(5)));
        return refit(bytes, it.end, 0, many, [...it.around, it]);
      },
    },
    {
      name: 'packed frames',
      apply(bytes, random) {
        // ContentEncodings: frames are said to be zlib (RFC 9559 section 5.1.4.1.31), and one is a bomb.
        const track = pick(bytes, random, ({ id }) => id === 0xae);
        if (!track) return undefined;
        const encoding = element(
          0x6d80,
          element(
            0x6240,
            element(0x5031, Uint8Array.of(random(2))),
            element(0x5032, Uint8Array.of(1 + random(2))),
            element(0x5033, Uint8Array.of(random(2))),
            element(0x5034, element(0x4254, Uint8Array.of(random(4)))),
          ),
        );
        const changed = refit(bytes, track.end, 0, encoding, [...track.around, track]);
        const block = pick(changed, random, ({ id }) => id === SIMPLE_BLOCK || id === BLOCK);
        const bomb = deflateSync(new Uint8Array(4 << 20), { level: 9 });
        return (
          block &&
          refit(changed, block.content + 4, block.end - block.content - 4, bomb, [...block.around, block])
        );
      },
    },
    {
      name: 'tags in tags',
      apply(bytes, random) {
        const segment = pick(bytes, random, ({ id }) => id === 0x18538067);
        if (!segment) return undefined;
        let tag = element(0x67c8, element(0x45a3, ascii('A')), element(0x4487, ascii('B')));
        for (let depth = [1, 10, 100][random(3)]; depth > 0; depth--)
          tag = element(0x67c8, element(0x45a3, ascii('A')), tag);
        return refit(bytes, segment.end, 0, element(0x1254c367, element(0x7373, tag)), [segment]);
      },
    },
  ],
};
