import { ascii, joined, latin, numberBytes, repeated, replaced, u32 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** A chunk: four letters, a length (little-endian), content padded to an even length. */
interface Chunk {
  readonly id: string;
  readonly at: number;
  readonly content: number;
  readonly end: number;
  readonly around: readonly number[];
}

function chunks(bytes: Uint8Array, from = 0, to = bytes.length, around: readonly number[] = []): Chunk[] {
  const found: Chunk[] = [];
  for (let at = from; at + 8 <= to && found.length < 5000; ) {
    const id = latin(bytes, at, 4);
    const end = Math.min(to, at + 8 + u32(bytes, at + 4, true));
    found.push({ id, at, content: at + 8, end, around });
    if ((id === 'RIFF' || id === 'LIST') && around.length < 12)
      found.push(...chunks(bytes, at + 12, end, [...around, at]));
    // A frame of an animation holds chunks after 16 bytes.
    if (id === 'ANMF') found.push(...chunks(bytes, at + 24, end, [...around, at]));
    at = end + (end & 1);
  }
  return found;
}

/** Heads in which sizes and counts stand; others are coded pictures and sound. */
const TELLING = /^(avih|strh|strf|idx1|indx|ix..|dmlh|vprp|VP8X|ANIM|ANMF|ALPH|VP8 |VP8L|ICCP|EXIF)$/;

const fields = (bytes: Uint8Array): Field[] =>
  chunks(bytes).flatMap(({ id, at, content, end }) => {
    const own: Field[] = [{ at: at + 4, size: 4, little: true, what: `${id} length` }];
    if (!TELLING.test(id)) return own;
    const most = Math.min(end, content + 64);
    return [
      ...own,
      ...fieldsIn(id, content, most, 4, true),
      ...fieldsIn(id, content, Math.min(end, content + 20), 1),
    ];
  });

/** Puts `by` in the place of a stretch; the lengths of what holds it follow. */
function refit(bytes: Uint8Array, at: number, length: number, by: Uint8Array, around: readonly number[]) {
  const changed = replaced(bytes, at, length, by);
  const view = new DataView(changed.buffer);
  for (const holder of around)
    view.setUint32(holder + 4, u32(bytes, holder + 4, true) + by.length - length, true);
  return changed;
}

const pick = (bytes: Uint8Array, random: Random, wanted: (chunk: Chunk) => boolean): Chunk | undefined => {
  const fitting = chunks(bytes).filter(wanted);
  return fitting[random(fitting.length)];
};
const chunk = (id: string, ...content: Uint8Array[]) => {
  const body = joined(...content);
  return joined(ascii(id), numberBytes(body.length, 4, true), body, new Uint8Array(body.length & 1));
};
const SIDES = [0, 1, 2, 63, 65, 4096, 16_383, 16_384, 32_767, 0xffffff];

export const riffStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'lists in lists',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ around }) => around.length > 0);
        if (!it) return undefined;
        const depth = [2, 20, 3000][random(3)];
        const heads: Uint8Array[] = [];
        let length = it.end - it.at;
        for (let n = 0; n < depth; n++) {
          length += 4;
          heads.push(
            joined(
              ascii('LIST'),
              numberBytes(length, 4, true),
              ascii(['movi', 'hdrl', 'rec ', 'INFO'][n % 4]),
            ),
          );
          length += 8;
        }
        const inside = bytes.subarray(it.at, it.end);
        return refit(bytes, it.at, it.end - it.at, joined(...heads.reverse(), inside), it.around);
      },
    },
    {
      name: 'thousands of chunks',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ around }) => around.length > 0);
        if (!it) return undefined;
        const one = chunk(
          ['JUNK', '00dc', '01wb', 'strl', 'ANMF', 'EXIF', it.id][random(7)],
          new Uint8Array(random(2) * 16),
        );
        const many = repeated(one, 10 ** (1 + random(5)));
        return refit(bytes, it.at, 0, many, it.around);
      },
    },
    {
      name: 'sides of the picture',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => /^(VP8X|ANMF|VP8 |VP8L|avih|strf)$/.test(id));
        if (!it) return undefined;
        const side = () => SIDES[random(SIDES.length)];
        const write = (at: number, size: number) =>
          replaced(
            bytes,
            it.content + at,
            size * 2,
            joined(numberBytes(side(), size, true), numberBytes(side(), size, true)),
          );
        if (it.end - it.content < 24 && it.id !== 'VP8X') return undefined;
        if (it.id === 'VP8X') return write(4, 3);
        if (it.id === 'ANMF') return write(random(2) * 6, 3);
        if (it.id === 'VP8 ') return write(6, 2);
        if (it.id === 'VP8L') return write(1, 2);
        return it.id === 'avih' ? write(32, 4) : write(4, 4);
      },
    },
    {
      name: 'index anywhere',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ id }) => id === 'idx1');
        if (!it) return undefined;
        const count = Math.min(2000, (it.end - it.content) >> 4);
        const entry = () =>
          joined(
            ascii(['00dc', '01wb', 'rec ', '7Fxx'][random(4)]),
            numberBytes(random(2) * 16, 4, true),
            numberBytes([0, 4, random(bytes.length), 0xffffffff][random(4)], 4, true),
            numberBytes([0, 1, random(bytes.length), 0xffffffff][random(4)], 4, true),
          );
        return replaced(bytes, it.content, count * 16, joined(...Array.from({ length: count }, entry)));
      },
    },
    {
      name: 'index of indexes in a circle',
      apply(bytes, random) {
        // OpenDML: an index of indexes whose entries are itself (section 3.0 of its specification).
        const it = pick(bytes, random, ({ id }) => id === 'strf');
        if (!it) return undefined;
        const own = it.end + (it.end & 1);
        const entry = joined(
          numberBytes(own, 8, true),
          numberBytes(24 + 16, 4, true),
          numberBytes(1, 4, true),
        );
        const head = joined(
          numberBytes(4, 2, true),
          Uint8Array.of(0, random(2)),
          numberBytes([1, 0xffffffff][random(2)], 4, true),
          ascii('00dc'),
        );
        return refit(bytes, own, 0, chunk('indx', head, new Uint8Array(12), entry), it.around);
      },
    },
  ],
};
