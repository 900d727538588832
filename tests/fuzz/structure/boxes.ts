import { ascii, joined, joinedAll, latin, numberBytes, repeated, replaced, u16, u32 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** A box (ISO/IEC 14496-12 section 4.2), with the starts of those around it, outermost first. */
interface Box {
  readonly type: string;
  readonly at: number;
  readonly content: number;
  readonly end: number;
  readonly around: readonly number[];
}

/** Bytes of content that come before the boxes inside. */
const HOLDERS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'moov trak mdia minf dinf stbl edts udta mvex moof traf iprp ipco gmhd'
      .split(' ')
      .map((type) => [type, 0]),
  ),
  ...{ meta: 4, iref: 4, dref: 8, stsd: 8, iinf: 6, avc1: 78, hvc1: 78, av01: 78, mp4a: 28, Opus: 28 },
};

function boxes(bytes: Uint8Array, from = 0, to = bytes.length, around: readonly number[] = []): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < 5000; ) {
    const size = u32(bytes, at);
    const wide = size === 1;
    const length = wide ? u32(bytes, at + 12) : size === 0 ? to - at : size;
    if (length < 8 || at + length > to) break;
    const type = latin(bytes, at + 4, 4);
    const box = { type, at, content: at + (wide ? 16 : 8), end: at + length, around };
    found.push(box);
    const inside = HOLDERS[type];
    if (inside !== undefined && around.length < 12)
      found.push(...boxes(bytes, box.content + inside, box.end, [...around, at]));
    at += length;
  }
  return found;
}

/** Numbers of two bytes in what describes items; of four in what describes samples. */
const NARROW = new Set([
  'iloc',
  'ipma',
  'pitm',
  'infe',
  'dimg',
  'thmb',
  'cdsc',
  'auxl',
  'hvcC',
  'avcC',
  'idat',
]);

function fields(bytes: Uint8Array): Field[] {
  return boxes(bytes).flatMap(({ type, at, content, end }) => {
    const own: Field[] = [{ at, size: 4, what: `${type} size` }];
    if (content - at === 16) own.push({ at: at + 8, size: 8, what: `${type} long size` });
    if (type === 'mdat' || type in HOLDERS) return own;
    const size = NARROW.has(type) ? 2 : 4;
    const most = Math.min(end, content + 160);
    own.push(...fieldsIn(type, content, most, size));
    if (type === 'idat' || type === 'ipma') own.push(...fieldsIn(type, content, most, 1));
    return own;
  });
}

/** Puts `by` in the place of a stretch; sizes around and offsets of samples and items behind it follow. */
export function refit(bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  const growth = by.length - length;
  const changed = replaced(bytes, at, length, by);
  const view = new DataView(changed.buffer);
  const put = (place: number, value: number) => {
    if (place + 4 <= changed.length) view.setUint32(place, value);
  };
  const moved = (place: number) => (place >= at + length ? place + growth : place);
  for (const box of boxes(bytes)) {
    const holds = box.at < at && box.end >= at + length && !(box.content > at);
    if (holds && u32(bytes, box.at) > 1) put(box.at, u32(bytes, box.at) + growth);
    if (box.at >= at && box.end <= at + length) continue;
    if (box.type === 'stco')
      for (const { at: entry } of fieldsIn('', box.content + 8, box.end, 4))
        put(moved(entry), moved(u32(bytes, entry)));
    if (box.type === 'iloc' && u16(bytes, box.content + 4) === 0x4400)
      // As Sayeh's own corpus and most phones write it: 4-byte offsets and lengths, one extent an item.
      for (let entry = box.content + 8; entry + 14 <= box.end; entry += bytes[box.content] ? 16 : 14) {
        const offset = entry + (bytes[box.content] ? 8 : 6);
        put(moved(offset), moved(u32(bytes, offset)));
      }
  }
  return changed;
}

const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const body = joined(...content);
  return joined(numberBytes(body.length + 8, 4), ascii(type), body);
};

const pick = (bytes: Uint8Array, random: Random, wanted: (box: Box) => boolean): Box | undefined => {
  const fitting = boxes(bytes).filter(wanted);
  return fitting[random(fitting.length)];
};

/** Every number of a table's entries, written anew. */
function table(
  bytes: Uint8Array,
  random: Random,
  type: string,
  content: (old: Box) => Uint8Array | undefined,
) {
  const old = pick(bytes, random, (candidate) => candidate.type === type);
  const fresh = old && content(old);
  return old && fresh && refit(bytes, old.content, old.end - old.content, fresh);
}

const n32 = (...values: (number | bigint)[]) => joinedAll(values.map((value) => numberBytes(value, 4)));
const n16 = (...values: number[]) => joinedAll(values.map((value) => numberBytes(value, 2)));
const MOST = 0xffffffff;

export const boxStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'size of 64 bits',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ at, content }) => content - at === 8);
        if (!it) return undefined;
        const true64 = BigInt(it.end - it.at + 8);
        const claims = [
          true64,
          true64,
          2n ** 63n,
          2n ** 64n - 1n,
          2n ** 53n + 1n,
          15n,
          0n,
          2n ** 32n + true64,
        ];
        const size = numberBytes(claims[random(claims.length)], 8);
        return refit(bytes, it.at, 8, joined(n32(1), bytes.subarray(it.at + 4, it.at + 8), size));
      },
    },
    {
      name: 'boxes in boxes',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type in HOLDERS);
        if (!it) return undefined;
        const type = ['udta', 'moov', 'trak', 'meta', 'iprp', 'ipco', it.type][random(7)];
        const prefix = new Uint8Array(HOLDERS[type] ?? 0);
        const depth = [2, 20, 300, 4000][random(4)];
        const inside = bytes.subarray(it.at, it.end);
        // From the inside out, written at once: nesting one by one would copy the content every time.
        const heads: Uint8Array[] = [];
        let length = inside.length;
        for (let n = 0; n < depth; n++) {
          length += 8 + prefix.length;
          heads.push(joined(n32(length), ascii(type), prefix));
        }
        return refit(bytes, it.at, it.end - it.at, joinedAll([...heads.reverse(), inside]));
      },
    },
    {
      name: 'thousands of boxes',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type in HOLDERS);
        if (!it) return undefined;
        const types = ['free', 'trak', 'uuid', 'infe', 'ispe', 'moof', it.type];
        const one = box(types[random(types.length)], new Uint8Array(random(2) * 16));
        return refit(bytes, it.end, 0, repeated(one, 10 ** (1 + random(5))));
      },
    },
    {
      name: 'the same size for very many samples',
      apply: (bytes, random) =>
        table(bytes, random, 'stsz', () => {
          const sizes = [0, 1, 2, 100, 0x7fffffff, MOST];
          return n32(0, sizes[random(sizes.length)], [10_000, 10_000_000, MOST][random(3)]);
        }),
    },
    {
      name: 'very many times',
      apply: (bytes, random) =>
        table(bytes, random, random(2) ? 'stts' : 'ctts', () =>
          n32(0, 2, MOST, [0, 1, 0x7fffffff, MOST][random(4)], [3, MOST][random(2)], 1),
        ),
    },
    {
      name: 'chunks of very many samples',
      apply: (bytes, random) =>
        table(bytes, random, 'stsc', () => n32(0, 1, random(3), [0, 1, MOST][random(3)], random(3))),
    },
    {
      name: 'chunks on top of one another',
      apply: (bytes, random) =>
        table(bytes, random, 'stco', ({ content }) => {
          const count = Math.min(5000, u32(bytes, content + 4));
          const places = [0, bytes.length - 1, bytes.length, MOST, u32(bytes, content + 8), content];
          const place = places[random(places.length)];
          return n32(0, count, ...Array.from({ length: count }, () => place));
        }),
    },
    {
      name: 'edit list',
      apply(bytes, random) {
        const track = pick(bytes, random, ({ type }) => type === 'trak');
        if (!track) return undefined;
        const edits = Array.from({ length: [1, 2, 5, 2000][random(4)] }, () =>
          n32(
            [0, 1, 100, MOST][random(4)],
            [MOST, 0, 1, 50, 0x7fffffff, 0x80000000][random(6)],
            [0, 0x10000, 1, MOST][random(4)],
          ),
        );
        const list = box('edts', box('elst', n32(0, random(9) ? edits.length : MOST), ...edits));
        const header = pick(
          bytes,
          random,
          ({ type, around }) => type === 'tkhd' && around.includes(track.at),
        );
        return header && refit(bytes, header.end, 0, list);
      },
    },
    {
      name: 'display matrix',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type === 'tkhd' || type === 'mvhd');
        if (!it) return undefined;
        const one = () =>
          [0, 0x10000, -0x10000, 0x40000000, -0x40000000, 1, 0x7fffffff, -0x80000000, 0xb504][random(9)];
        const matrix = n32(...Array.from({ length: 9 }, one));
        const at = it.content + (it.type === 'tkhd' ? 40 : 36) + (bytes[it.content] ? 12 : 0);
        return at + 36 <= it.end ? replaced(bytes, at, 36, matrix) : undefined;
      },
    },
    {
      name: 'references in a circle',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type === 'iref');
        const ids = [1, 2, 3, 4, 5];
        const kind = ['dimg', 'thmb', 'auxl', 'cdsc', 'base', 'prem'][random(6)];
        const circle = ids.map((id, i) => box(kind, n16(id, 1, random(3) ? ids[(i + 1) % ids.length] : id)));
        if (it) return refit(bytes, it.content + 4, it.end - it.content - 4, joined(...circle));
        const meta = pick(bytes, random, ({ type, around }) => type === 'meta' && around.length === 0);
        return meta && refit(bytes, meta.end, 0, box('iref', n32(0), ...circle));
      },
    },
    {
      name: 'one item from very many',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type === 'iref');
        const from = 1 + random(5);
        const count = [10, 1000, 65_535][random(3)];
        const many = box(
          'dimg',
          n16(from, count),
          joinedAll(Array.from({ length: count }, () => n16(1 + random(5)))),
        );
        return it && refit(bytes, it.content + 4, it.end - it.content - 4, many);
      },
    },
    {
      name: 'grid',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type === 'idat');
        if (!it) return undefined;
        const wide = random(2);
        const side = () => [0, 1, 64, 128, 16_384, 65_535, MOST][random(7)];
        const count = () => [0, 1, 15, 255][random(4)];
        const sides = wide ? n32(side(), side()) : n16(side(), side());
        return replaced(
          bytes,
          it.content,
          it.end - it.content,
          joined(Uint8Array.of(0, wide, count(), count()), sides),
        ).slice(0, bytes.length);
      },
    },
    {
      name: 'picture size',
      apply(bytes, random) {
        const it = pick(bytes, random, ({ type }) => type === 'ispe');
        const side = () => [0, 1, 63, 65, 16_384, 100_000, 0x7fffffff, MOST][random(8)];
        return it && replaced(bytes, it.content + 4, 8, n32(side(), side()));
      },
    },
    {
      name: 'items anywhere',
      apply: (bytes, random) =>
        table(bytes, random, 'iloc', () => {
          const item = (id: number) =>
            joined(
              n16(id, random(3), 0, 1 + random(3)),
              ...Array.from({ length: 3 }, () =>
                n32(random(bytes.length), [0, 1, 100, bytes.length, 0x7fffffff, MOST][random(6)]),
              ),
            );
          const count = [5, 500, 65_535][random(3)];
          const items = Array.from({ length: Math.min(count, 500) }, (_, i) => item(1 + (i % 6)));
          return joined(Uint8Array.of(1, 0, 0, 0, 0x44, 0), n16(count), ...items);
        }),
    },
  ],
};
