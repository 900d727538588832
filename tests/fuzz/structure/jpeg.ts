import { ascii, joined, latin, numberBytes, repeated, replaced, u16 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';
import { directoryFields, loopedDirectory } from './directories.ts';

/** A marker segment (ITU-T T.81 annex B), length included; a scan's coded samples are not of it. */
interface Segment {
  readonly marker: number;
  readonly at: number;
  readonly content: number;
  readonly end: number;
}

function segments(bytes: Uint8Array): Segment[] {
  const found: Segment[] = [];
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff || bytes[at + 1] < 0xc0) {
      at++; // coded samples
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff || (marker >= 0xd0 && marker <= 0xd9)) {
      at += 2;
      continue;
    }
    const end = Math.min(bytes.length, at + 2 + u16(bytes, at + 2));
    found.push({ marker, at, content: at + 4, end });
    at = Math.max(at + 4, end);
  }
  return found;
}

const isFrame = ({ marker }: Segment) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isExif = (bytes: Uint8Array, { marker, content }: Segment) =>
  marker === 0xe1 && latin(bytes, content, 4) === 'Exif';

const fields = (bytes: Uint8Array): Field[] =>
  segments(bytes).flatMap((segment) => {
    const { marker, at, content, end } = segment;
    const what = `FF${marker.toString(16).toUpperCase()}`;
    const length = { at: at + 2, size: 2, what: `${what} length` };
    if (isExif(bytes, segment)) return [length, ...directoryFields(bytes, content + 6, end)];
    if (isFrame(segment))
      return [length, ...fieldsIn(what, content, end, 1), ...fieldsIn(what, content + 1, content + 5, 2)];
    return [length, ...fieldsIn(what, content, Math.min(end, content + 20), 1)];
  });

const pick = (
  bytes: Uint8Array,
  random: Random,
  wanted: (segment: Segment) => boolean,
): Segment | undefined => {
  const fitting = segments(bytes).filter(wanted);
  return fitting[random(fitting.length)];
};
const segment = (marker: number, ...content: Uint8Array[]) => {
  const body = joined(...content);
  return joined(Uint8Array.of(0xff, marker), numberBytes(body.length + 2, 2), body);
};
const SIDES = [0, 1, 7, 8, 9, 4096, 20_000, 65_500, 65_535];

export const jpegStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'sides of the picture',
      apply(bytes, random) {
        const it = pick(bytes, random, isFrame);
        const side = () => numberBytes(SIDES[random(SIDES.length)], 2);
        return it && replaced(bytes, it.content + 1, 4, joined(side(), side()));
      },
    },
    {
      name: 'sampling and tables of a component',
      apply(bytes, random) {
        const it = pick(bytes, random, isFrame);
        if (!it) return undefined;
        const changed = bytes.slice();
        const at = it.content + 6 + 3 * random(Math.max(1, bytes[it.content + 5]));
        if (at + 3 > changed.length) return undefined;
        changed[at + random(3)] = [0, 0x11, 0x22, 0x44, 0x14, 0x41, 0xff, 3][random(8)];
        if (random(4) === 0) changed[it.at + 1] = [0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcf][random(7)];
        return changed;
      },
    },
    {
      name: 'very many scans',
      apply(bytes, random) {
        const all = segments(bytes).filter(({ marker }) => marker === 0xda);
        const it = all[random(all.length)];
        if (!it) return undefined;
        const next = segments(bytes).find(({ at }) => at > it.at)?.at ?? bytes.length - 2;
        const scan = bytes.subarray(it.at, next);
        const count = [2, 20, 500][random(3)];
        return replaced(bytes, next, 0, repeated(scan, count));
      },
    },
    {
      name: 'very many segments',
      apply(bytes, random) {
        const marker = [0xe0, 0xe1, 0xe2, 0xed, 0xfe, 0xdb, 0xdd][random(7)];
        const names = [
          '',
          'Exif\0\0',
          'ICC_PROFILE\0\x01\xff',
          'Photoshop 3.0\0',
          'http://ns.adobe.com/xap/1.0/\0',
        ];
        const one = segment(marker, ascii(names[random(names.length)]), new Uint8Array(random(8)));
        return replaced(bytes, 2, 0, repeated(one, 10 ** (1 + random(5))));
      },
    },
    {
      name: 'EXIF in a circle',
      apply: (bytes, random) =>
        replaced(bytes, 2, 0, segment(0xe1, ascii('Exif\0\0'), loopedDirectory(random))),
    },
    {
      name: 'further pictures (MPF)',
      apply(bytes, random) {
        // CIPA DC-007: a directory whose 0xB002 lists pictures by size and place.
        const count = [1, 2, 3, 200][random(4)];
        const sizes = [0, 100, bytes.length, 0x7fffffff, 0xffffffff];
        const picture = () =>
          joined(
            numberBytes([0, 0x20030000, 0x10001, 0xffffffff][random(4)], 4),
            numberBytes(sizes[random(5)], 4),
            numberBytes([0, random(bytes.length), 0xfffffff0, bytes.length][random(4)], 4),
            numberBytes(random(3), 4),
          );
        const entry = (tag: number, type: number, n: number, value: Uint8Array) =>
          joined(numberBytes(tag, 2), numberBytes(type, 2), numberBytes(n, 4), value);
        const list = joined(...Array.from({ length: Math.min(count, 200) }, picture));
        const directory = joined(
          numberBytes(3, 2),
          entry(0xb000, 7, 4, ascii('0100')),
          entry(0xb001, 4, 1, numberBytes(random(4) ? count : 0xffffffff, 4)),
          entry(0xb002, 7, list.length, numberBytes(50, 4)),
          numberBytes([0, 8, 0xffffffff][random(3)], 4),
        );
        const mpf = segment(0xe2, ascii('MPF\0MM\0*'), numberBytes(8, 4), directory, list);
        const whole = replaced(bytes, 2, 0, mpf);
        return random(2) ? joined(whole, bytes) : whole;
      },
    },
    {
      name: 'parts of an XMP packet',
      apply(bytes, random) {
        const guid = ascii('0123456789ABCDEF0123456789ABCDEF');
        const full = [100, 0, 0x7fffffff, 0xffffffff][random(4)];
        const one = (n: number) =>
          segment(
            0xe1,
            ascii('http://ns.adobe.com/xmp/extension/\0'),
            guid,
            numberBytes(full, 4),
            numberBytes([n * 50, 0, 0xffffffff][random(3)], 4),
            ascii('<x:xmpmeta>'.repeat(5)),
          );
        return replaced(bytes, 2, 0, joined(...Array.from({ length: 1 + random(40) }, (_, n) => one(n))));
      },
    },
    {
      name: 'restart interval',
      apply: (bytes, random) =>
        replaced(bytes, 2, 0, segment(0xdd, numberBytes([0, 1, 2, 65_535][random(4)], 2))),
    },
  ],
};
