import type { Hidden } from '../matroska/payload/payload.ts';
import { concat, sameBytes } from '../matroska/text.ts';
import type { Stream } from './codecs.ts';

/** Times count 90,000 a second and wrap at 33 bits. */
const WRAP = 2 ** 33;
export const wrap = (time: number): number => ((time % WRAP) + WRAP) % WRAP;

/** A packetised elementary stream packet (ISO/IEC 13818-1 section 2.4.3.6) with only what a decoder needs. */
export interface CleanPes {
  /** The very array that went in, cut at its end, where nothing in it changes. */
  readonly bytes: Uint8Array;
  /** Empty if the bytes are those that went in. */
  readonly hidden: readonly Hidden[];
}

const PTS = 0x80;
const BOTH = 0xc0;

/**
 * Cleans one packet of a kept stream: start times stay (moved back by `shift`), clocks, rates, private data and
 * everything else in its header goes, and the codec's rules are applied to what it carries. Answers a string
 * where the packet makes no sense or cannot be kept.
 */
export function cleanPes(bytes: Uint8Array, stream: Stream, shift: number): CleanPes | string {
  if (bytes.length < 9 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 1)
    return 'a stretch without a head';
  if ((bytes[6] & 0xc0) !== 0x80) return 'a head of another kind';
  if (bytes[6] & 0x30) return 'scrambled content';
  const stated = bytes[4] * 256 + bytes[5];
  const end = stated === 0 ? bytes.length : Math.min(6 + stated, bytes.length);
  const start = 9 + bytes[8];
  if (start > end) return 'a head larger than its packet';

  const hasBoth = (bytes[7] & BOTH) === BOTH && bytes[8] >= 10;
  const times: Uint8Array[] = [];
  // The mark before the first time says whether a second follows, so it goes by what is written, not by what was said.
  if (bytes[7] & PTS && bytes[8] >= 5)
    times.push(writeTime(wrap(readTime(bytes, 9) - shift), hasBoth ? 3 : 2));
  if (hasBoth) times.push(writeTime(wrap(readTime(bytes, 14) - shift), 1));
  const coded = bytes.subarray(start, end);
  const content = stream.payload.frame(coded);

  const timesLength = times.length * 5;
  const length = 3 + timesLength + content.bytes.length;
  // Only video may leave its length open, and must where 16 bits are too few.
  const written = stated === 0 && stream.isVideo ? 0 : length <= 0xffff ? length : 0;
  const head = concat([
    Uint8Array.of(
      ...[0, 0, 1, stream.streamId, written >> 8, written & 255],
      0x80 | (bytes[6] & 4),
      [0, PTS, BOTH][times.length],
      timesLength,
    ),
    ...times,
  ]);
  const isAsItWas = content.bytes === coded && sameBytes(head, bytes.subarray(0, start));
  return {
    bytes: isAsItWas ? bytes.subarray(0, end) : concat([head, content.bytes]),
    hidden: [...headHidden(bytes, head, start, end), ...content.hidden],
  };
}

/** What the head held beyond times. */
function headHidden(bytes: Uint8Array, clean: Uint8Array, start: number, end: number): Hidden[] {
  const hidden: Hidden[] = [];
  const extension = bytes[7] & 1 ? bytes[9 + timesLength(bytes) + optionalLength(bytes[7])] : 0;
  if (extension & 0x80) hidden.push({ what: 'private data in the head of a packet', betrays: 'unknown' });
  else if (start !== 9 + clean[8] || (bytes[7] & 0x3f) !== 0 || (bytes[6] & ~0xc4) !== 0)
    hidden.push({ what: 'fields that no decoder needs in the head of a packet', betrays: 'unknown' });
  if (end < bytes.length) hidden.push({ what: 'bytes behind the end of a packet', betrays: 'unknown' });
  return hidden;
}

const timesLength = (bytes: Uint8Array): number => ((bytes[7] & BOTH) === BOTH ? 10 : bytes[7] & PTS ? 5 : 0);

/** ESCR, ES rate, trick mode, copy information and CRC, in bytes. */
const optionalLength = (flags: number): number =>
  (flags & 0x20 ? 6 : 0) +
  (flags & 0x10 ? 3 : 0) +
  (flags & 8 ? 1 : 0) +
  (flags & 4 ? 1 : 0) +
  (flags & 2 ? 2 : 0);

/** A 33-bit time in five bytes with marker bits. */
export function readTime(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] >> 1) & 7;
  const middle = (bytes[at + 1] << 7) | (bytes[at + 2] >> 1);
  const low = (bytes[at + 3] << 7) | (bytes[at + 4] >> 1);
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}

function writeTime(time: number, mark: number): Uint8Array {
  const high = Math.floor(time / 2 ** 30);
  const middle = Math.floor(time / 2 ** 15) & 0x7fff;
  const low = time & 0x7fff;
  return Uint8Array.of(
    (mark << 4) | (high << 1) | 1,
    middle >> 7,
    ((middle & 127) << 1) | 1,
    low >> 7,
    ((low & 127) << 1) | 1,
  );
}

/** Program clock reference: 33 bits of the same count, then 9 bits of 27 MHz (section 2.4.3.5). */
export function readClock(bytes: Uint8Array, at: number): number {
  return (
    bytes[at] * 2 ** 25 +
    bytes[at + 1] * 2 ** 17 +
    bytes[at + 2] * 2 ** 9 +
    bytes[at + 3] * 2 +
    (bytes[at + 4] >> 7)
  );
}

/** The six bytes of a clock reference with its 33 bits moved back by `shift`. */
export function shiftClock(bytes: Uint8Array, at: number, shift: number): Uint8Array {
  const clock = wrap(readClock(bytes, at) - shift);
  const upper = Math.floor(clock / 2);
  const reservedAndFine = 0x7e | (bytes[at + 4] & 1);
  return Uint8Array.of(
    Math.floor(upper / 2 ** 24) & 255,
    (upper >> 16) & 255,
    (upper >> 8) & 255,
    upper & 255,
    ((clock & 1) << 7) | reservedAndFine,
    bytes[at + 5],
  );
}
