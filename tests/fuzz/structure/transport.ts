import { joined, numberBytes, repeated, replaced, u16 } from '../bytes.ts';
import { type Field, fieldsIn, type Structure } from '../field.ts';
import type { Random } from '../random.ts';

/** Where packets begin: every 188 bytes, or 4 bytes into every 192 of M2TS. */
function packets(bytes: Uint8Array): { first: number; stride: number; starts: number[] } {
  const m2ts = bytes[0] !== 0x47 && bytes[4] === 0x47;
  const [first, stride] = m2ts ? [4, 192] : [0, 188];
  const starts: number[] = [];
  for (let at = first; at + 188 <= bytes.length; at += stride) starts.push(at);
  return { first, stride, starts };
}

const pidOf = (bytes: Uint8Array, at: number) => u16(bytes, at + 1) & 0x1fff;
const begins = (bytes: Uint8Array, at: number) => (bytes[at + 1] & 0x40) !== 0;
const payloadAt = (bytes: Uint8Array, at: number) => at + 4 + (bytes[at + 3] & 0x20 ? bytes[at + 4] + 1 : 0);
const isStream = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;

/** A table's section (ISO/IEC 13818-1 section 2.4.4) in the packet, if one begins there. */
function sectionAt(bytes: Uint8Array, at: number): number | undefined {
  const payload = payloadAt(bytes, at);
  if (!begins(bytes, at) || payload >= at + 184 || isStream(bytes, payload)) return undefined;
  const section = payload + 1 + bytes[payload];
  return section + 8 <= at + 188 ? section : undefined;
}

function fields(bytes: Uint8Array): Field[] {
  const { starts } = packets(bytes);
  return starts.slice(0, 200).flatMap((at) => {
    const head = fieldsIn(`PID ${pidOf(bytes, at)}`, at, at + 6, 1);
    const section = sectionAt(bytes, at);
    if (section !== undefined)
      return [...head, ...fieldsIn('section', section, Math.min(at + 188, section + 40), 1)];
    const payload = payloadAt(bytes, at);
    return begins(bytes, at) && payload < at + 170
      ? [...head, ...fieldsIn('PES', payload, payload + 20, 1)]
      : head;
  });
}

/** MPEG-2's checksum (ISO/IEC 13818-1 annex A). */
function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--)
      sum = (sum << 1) ^ (((sum >>> 31) ^ ((byte >> bit) & 1)) & 1 ? 0x04c11db7 : 0);
  return sum >>> 0;
}

/** Makes the checksums of tables that lie in one packet fit again. */
export function repairTransport(bytes: Uint8Array): void {
  for (const at of packets(bytes).starts) {
    const section = sectionAt(bytes, at);
    if (section === undefined || pidOf(bytes, at) === 0x1fff) continue;
    const end = section + 3 + (u16(bytes, section + 1) & 0xfff);
    if (end <= at + 188 && end - 4 > section)
      bytes.set(numberBytes(crc(bytes.subarray(section, end - 4)), 4), end - 4);
  }
}

const pick = (bytes: Uint8Array, random: Random, wanted: (at: number) => boolean): number | undefined => {
  const fitting = packets(bytes).starts.filter(wanted);
  return fitting[random(fitting.length)];
};

export const transportStructure: Structure = {
  fields,
  tricks: [
    {
      name: 'packets shuffled, lost or doubled',
      apply(bytes, random) {
        const { first, stride, starts } = packets(bytes);
        const pieces = starts.map((at) => bytes.subarray(at - first, at - first + stride));
        for (let n = 1 + random(6); n > 0 && pieces.length > 1; n--) {
          const [from, to] = [random(pieces.length), random(pieces.length)];
          const [piece] = pieces.splice(from, random(3) ? 1 : 0);
          if (random(3)) pieces.splice(to, 0, piece ?? pieces[from]);
        }
        return joined(...pieces);
      },
    },
    {
      name: 'null packets',
      apply(bytes, random) {
        const { first, stride, starts } = packets(bytes);
        const empty = new Uint8Array(stride).fill(0xff);
        empty.set([0x47, 0x1f, 0xff, 0x10], first);
        const at = starts[random(starts.length)] - first;
        return replaced(bytes, at, 0, repeated(empty, 10 ** (1 + random(4))));
      },
    },
    {
      name: 'adaptation field',
      apply(bytes, random) {
        const at = pick(bytes, random, () => true);
        if (at === undefined) return undefined;
        const changed = bytes.slice();
        changed[at + 3] |= 0x20;
        changed[at + 4] = [0, 1, 7, 182, 183, 184, 255][random(7)];
        changed[at + 5] = random(256);
        changed[at + 6 + random(16)] = [0, 1, 127, 255][random(4)];
        return changed;
      },
    },
    {
      name: 'stream types',
      apply(bytes, random) {
        const at = pick(bytes, random, (start) => bytes[sectionAt(bytes, start) ?? start] === 2);
        const section = at === undefined ? undefined : sectionAt(bytes, at);
        if (section === undefined) return undefined;
        const changed = bytes.slice();
        const entry = section + 12 + (u16(bytes, section + 10) & 0xfff) + 5 * random(2);
        if (entry + 5 > bytes.length) return undefined;
        changed[entry] = [0, 1, 2, 3, 4, 6, 0x0f, 0x10, 0x11, 0x15, 0x1b, 0x24, 0x33, 0x42, 0x81, 0xea, 0xff][
          random(17)
        ];
        if (random(3) === 0) changed.set([0xe0 | random(32), random(256)], entry + 1);
        if (random(3) === 0) changed.set([0xf0 | random(16), random(256)], entry + 3);
        return changed;
      },
    },
    {
      name: 'times',
      apply(bytes, random) {
        const at = pick(
          bytes,
          random,
          (start) => begins(bytes, start) && isStream(bytes, payloadAt(bytes, start)),
        );
        if (at === undefined) return undefined;
        const changed = bytes.slice();
        const times = payloadAt(bytes, at) + 7;
        if (times + 12 > changed.length) return undefined;
        changed[times] = [0, 0x40, 0x80, 0xc0, 0xff][random(5)];
        changed[times + 1] = [0, 5, 10, 255][random(4)];
        for (let i = 2; i < 12; i++) if (random(3) === 0) changed[times + i] = random(256);
        return changed;
      },
    },
    {
      name: 'very many programs',
      apply(bytes, random) {
        const at = pick(
          bytes,
          random,
          (start) => pidOf(bytes, start) === 0 && sectionAt(bytes, start) !== undefined,
        );
        if (at === undefined) return undefined;
        const section = sectionAt(bytes, at) as number;
        const changed = bytes.slice();
        const count = Math.floor((at + 188 - section - 12) / 4);
        changed.set(numberBytes(0xb000 | (9 + 4 * count), 2), section + 1);
        // Programs in the table of programs, in each other, and everywhere else.
        for (let i = 0; i < count; i++)
          changed.set([0, i + 1, 0xe0 | random(32), random(2) ? random(256) : 0], section + 8 + 4 * i);
        return changed;
      },
    },
  ],
};
