import { deflateSync } from 'node:zlib';
import { ascii, joined, latin, numberBytes, replaced, u32 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** A chunk (PNG section 5.3): length, type, content, checksum. */
interface Chunk {
  readonly type: string;
  readonly at: number;
  readonly content: number;
  readonly end: number;
}

function chunks(bytes: Uint8Array): Chunk[] {
  const found: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length && found.length < 5000; ) {
    const end = at + 12 + u32(bytes, at);
    if (end > bytes.length) break;
    found.push({ type: latin(bytes, at + 4, 4), at, content: at + 8, end });
    at = end;
  }
  return found;
}

const fields = (bytes: Uint8Array): Field[] =>
  chunks(bytes).flatMap(({ type, at, content, end }) => {
    const length = { at, size: 4, what: `${type} length` };
    const most = Math.min(end - 4, content + 34);
    const wide = /^(IHDR|acTL|fcTL|fdAT|pHYs|cHRM|gAMA)$/.test(type);
    return [length, ...(wide ? fieldsIn(type, content, most, 4) : []), ...fieldsIn(type, content, most, 1)];
  });

/** The checksum is for `repair`. */
const chunk = (type: string, ...content: Uint8Array[]) => {
  const body = joined(...content);
  return joined(numberBytes(body.length, 4), ascii(type), body, new Uint8Array(4));
};
const find = (bytes: Uint8Array, random: Random, wanted: (type: string) => boolean): Chunk | undefined => {
  const fitting = chunks(bytes).filter(({ type }) => wanted(type));
  return fitting[random(fitting.length)];
};
const SIDES = [0, 1, 7, 9, 4096, 20_000, 100_000, 0x7fffffff, 0x80000000, 0xffffffff];
/** So much of nothing, packed a thousand times smaller: made once. */
const bombs = new Map<number, Uint8Array>();
function bomb(length: number): Uint8Array {
  const made = bombs.get(length) ?? Uint8Array.from(deflateSync(new Uint8Array(length), { level: 9 }));
  bombs.set(length, made);
  return made;
}
const BOMB = 64 << 20;

export const pngStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'header',
      apply(bytes, random) {
        const it = find(bytes, random, (type) => type === 'IHDR');
        if (!it) return undefined;
        const side = () => (random(2) ? numberBytes(SIDES[random(SIDES.length)], 4) : undefined);
        const width = side() ?? bytes.subarray(it.content, it.content + 4);
        const height = side() ?? bytes.subarray(it.content + 4, it.content + 8);
        const coding = bytes.slice(it.content + 8, it.content + 13);
        if (random(2)) coding[0] = [1, 2, 4, 8, 16, 0, 3, 255][random(8)];
        if (random(2)) coding[1] = [0, 2, 3, 4, 6, 1, 7][random(7)];
        if (random(3) === 0) coding[4] = random(3);
        return replaced(bytes, it.content, 13, joined(width, height, coding));
      },
    },
    {
      name: 'bomb in a text or profile',
      apply(bytes, random) {
        const it = find(bytes, random, (type) => type === 'IDAT');
        const content = bomb(BOMB >> random(3));
        const kinds = [
          () => chunk('iCCP', ascii('x\0\0'), content),
          () => chunk('zTXt', ascii('Comment\0\0'), content),
          () => chunk('iTXt', ascii('XML:com.adobe.xmp\0\x01\0\0\0'), content),
          () => chunk('zTXt', ascii('Raw profile type exif\0\0'), content),
        ];
        const one = kinds[random(4)]();
        return it && replaced(bytes, it.at, 0, joined(...Array.from({ length: 1 + random(20) }, () => one)));
      },
    },
    {
      name: 'bomb for a picture',
      apply(bytes, random) {
        const header = find(bytes, random, (type) => type === 'IHDR');
        if (!header) return undefined;
        const [width, height] = [
          [20_000, 20_000],
          [30_000, 4000],
          [1, 30_000_000],
          [60_000, 60_000],
        ][random(4)];
        const ihdr = joined(
          numberBytes(width, 4),
          numberBytes(height, 4),
          Uint8Array.of([1, 8, 16][random(3)], [0, 2, 6][random(3)], 0, 0, random(2)),
        );
        return joined(bytes.subarray(0, 8), chunk('IHDR', ihdr), chunk('IDAT', bomb(BOMB)), chunk('IEND'));
      },
    },
    {
      name: 'too much or too little picture',
      apply(bytes, random) {
        const it = find(bytes, random, (type) => type === 'IDAT' || type === 'fdAT');
        if (!it) return undefined;
        const sequence = it.type === 'fdAT' ? bytes.subarray(it.content, it.content + 4) : new Uint8Array();
        const content = bomb([0, 10, 1000, 1 << 20, BOMB][random(5)]);
        return replaced(bytes, it.at, it.end - it.at, chunk(it.type, sequence, content));
      },
    },
    {
      name: 'frames that are not there',
      apply(bytes, random) {
        const it = find(bytes, random, (type) => type === 'IDAT');
        if (!it) return undefined;
        const count = [0, 1, 2, 0x7fffffff, 0xffffffff][random(5)];
        const control = chunk('acTL', numberBytes(count, 4), numberBytes(random(3), 4));
        const side = () => numberBytes([0, 1, 16, 24, 0x7fffffff][random(5)], 4);
        const frame = (n: number) =>
          chunk(
            'fcTL',
            numberBytes(n, 4),
            side(),
            side(),
            side(),
            side(),
            new Uint8Array(4),
            Uint8Array.of(random(4), random(3)),
          );
        const frames = Array.from({ length: [1, 5, 2000][random(3)] }, (_, n) => frame(n));
        return replaced(bytes, it.at, 0, joined(control, ...frames));
      },
    },
    {
      name: 'thousands of chunks',
      apply(bytes, random) {
        const it = find(bytes, random, () => true);
        const one = chunk(
          ['tEXt', 'IDAT', 'IEND', 'eXIf', 'zzzz', 'PLTE', 'fdAT'][random(7)],
          new Uint8Array(random(6)),
        );
        return (
          it && replaced(bytes, it.at, 0, joined(...Array.from({ length: 10 ** (1 + random(4)) }, () => one)))
        );
      },
    },
  ],
};
