import { latin } from '../text.ts';
import { type Cleaned, type Hidden, type OpenPayload, unchanged } from './payload.ts';

/** AudioSpecificConfig needs a few bytes; the longest that the common encoders write is far below this. */
const LONGEST_CONFIG = 64;

/** AAC frames as MP4 and Matroska store them: a raw_data_block each (ISO/IEC 14496-3 section 4.4.2.1). */
export const rawAac: OpenPayload = (setup) =>
  setup.length > LONGEST_CONFIG
    ? `AAC settings of ${setup.length} bytes`
    : { setup: unchanged(setup), frame: (bytes) => blankFill(bytes, [0]), looksInside: true };

/** AAC frames that each follow an ADTS header, several in a row (ISO/IEC 13818-7 section 6.2). */
export const adtsAac: OpenPayload = (setup) => ({
  setup: unchanged(setup),
  frame: (bytes) => blankFill(bytes, adtsFrames(bytes)),
  looksInside: true,
});

/** Where the raw data of each ADTS frame in a row begins. */
function adtsFrames(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 7 <= bytes.length; ) {
    if (bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0) break;
    const length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
    const start = at + (bytes[at + 1] & 1 ? 7 : 9);
    if (length < 7) break;
    starts.push(start);
    at += length;
  }
  return starts;
}

/** syntactic elements (section 4.5.2.1) */
const DATA_STREAM = 4;
const FILL = 6;
/** extension_type of a fill element that fills (section 4.5.2.8): nothing reads what it holds. */
const EXT_FILL = 0;
const EXT_FILL_DATA = 1;

/**
 * Encoders sign their first frames in a fill element before the sound, and data stream elements carry anything.
 * What they hold is overwritten in place, so that no length and no alignment changes. Elements behind the first
 * channel cannot be found without decoding; docs/metadata/matroska.md says so.
 */
function blankFill(bytes: Uint8Array, frames: readonly number[]): Cleaned {
  const hidden: Hidden[] = [];
  let out = bytes;
  for (const start of frames) {
    let bit = start * 8;
    while (bit + 16 <= bytes.length * 8) {
      const element = leadingElement(bytes, bit, start * 8);
      if (!element || element.end > bytes.length * 8) break;
      bit = element.end;
      const { blank } = element;
      if (!blank || isBlank(bytes, blank.from, element.end, blank.pattern)) continue;
      hidden.push({ what: 'data in an AAC fill element', betrays: 'device', text: textAt(bytes, element) });
      if (out === bytes) out = bytes.slice();
      for (let at = blank.from; at < element.end; at += 8) writeByte(out, at, blank.pattern);
    }
  }
  return { bytes: out, hidden };
}

interface LeadingElement {
  readonly end: number;
  /** From which bit on the content is overwritten, in whole bytes, with what; absent where it is sound. */
  readonly blank?: { readonly from: number; readonly pattern: number };
}

function leadingElement(bytes: Uint8Array, at: number, frameStart: number): LeadingElement | undefined {
  const kind = readBits(bytes, at, 3);
  if (kind === FILL) {
    let count = readBits(bytes, at + 3, 4);
    let data = at + 7;
    if (count === 15) {
      count += readBits(bytes, data, 8) - 1;
      data += 8;
    }
    const end = data + count * 8;
    if (count < 2) return { end };
    const type = readBits(bytes, data, 4);
    // Four bits of fill_nibble or none follow the type; the first byte is left alone.
    if (type === EXT_FILL) return { end, blank: { from: data + 8, pattern: 0 } };
    if (type === EXT_FILL_DATA) return { end, blank: { from: data + 8, pattern: 0xa5 } };
    return { end };
  }
  if (kind !== DATA_STREAM) return undefined;
  const aligned = readBits(bytes, at + 7, 1) === 1;
  let count = readBits(bytes, at + 8, 8);
  let data = at + 16;
  if (count === 255) {
    count += readBits(bytes, data, 8);
    data += 8;
  }
  if (aligned) data += (8 - ((data - frameStart) % 8)) % 8;
  return { end: data + count * 8, blank: { from: data, pattern: 0 } };
}

function isBlank(bytes: Uint8Array, from: number, end: number, pattern: number): boolean {
  for (let at = from; at < end; at += 8) if (readBits(bytes, at, 8) !== pattern) return false;
  return true;
}

function textAt(bytes: Uint8Array, { end, blank }: LeadingElement): string {
  const content: number[] = [];
  for (let at = blank?.from ?? end; at < end; at += 8) content.push(readBits(bytes, at, 8));
  return latin(Uint8Array.from(content)).replace(/[^\x20-\x7e]+/g, '');
}

/** Up to 8 bits, most significant first; zeros past the end. */
function readBits(bytes: Uint8Array, at: number, count: number): number {
  const index = at >> 3;
  const both = ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  return (both >> (16 - (at & 7) - count)) & ((1 << count) - 1);
}

function writeByte(bytes: Uint8Array, at: number, value: number): void {
  const index = at >> 3;
  const shift = at & 7;
  bytes[index] = (bytes[index] & ~(0xff >> shift)) | (value >> shift);
  if (shift > 0) bytes[index + 1] = (bytes[index + 1] & (0xff >> shift)) | ((value << (8 - shift)) & 0xff);
}
