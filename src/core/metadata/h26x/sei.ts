import { unescapePayload } from './escaping.ts';
import type { NalCodec, NalHeader, NalUnit } from './nal-unit.ts';

/** One SEI message: supplemental enhancement information, Rec. ITU-T H.264 annex D, H.265 annex D, H.274. */
export interface SeiMessage {
  /** payloadType. */
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The messages in an SEI NAL unit; undefined where its sizes do not add up. */
export function seiMessages(bytes: Uint8Array, unit: NalUnit, header: NalHeader): SeiMessage[] | undefined {
  const body = unescapePayload(bytes.subarray(unit.start + header.headerLength, unit.end));
  const messages: SeiMessage[] = [];
  let at = 0;
  // rbsp_trailing_bits: a one, then zeros to the end of the byte.
  while (at < body.length && !(body[at] === 0x80 && at === body.length - 1)) {
    const type = extendedNumber(body, at);
    const size = type && extendedNumber(body, type.next);
    if (!type || !size || size.next + size.value > body.length) return undefined;
    messages.push({ type: type.value, payload: body.subarray(size.next, size.next + size.value) });
    at = size.next + size.value;
  }
  return at < body.length ? messages : undefined;
}

/** A number as a row of 255s and a last byte (section 7.3.2.3.1). */
function extendedNumber(body: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0;
  let at = start;
  while (body[at] === 255) {
    value += 255;
    at++;
  }
  return at < body.length ? { value: value + body[at], next: at + 1 } : undefined;
}

/** The body of an SEI NAL unit that holds these messages, not yet escaped. */
export function seiBody(messages: readonly SeiMessage[]): Uint8Array {
  const body: number[] = [];
  for (const { type, payload } of messages) {
    for (const number of [type, payload.length]) {
      for (let left = number; ; left -= 255) {
        body.push(Math.min(left, 255));
        if (left < 255) break;
      }
    }
    for (const byte of payload) body.push(byte);
  }
  body.push(0x80);
  return Uint8Array.from(body);
}

/**
 * The only SEI messages a clean stream may hold: those that change how a player times or shows the picture, each
 * with the most bytes it can need. Picture timing is absent for H.264, where it may carry the time of day
 * (clock_timestamp, section D.1.3), and present for H.265, where it may not (the time code is a message of its
 * own).
 */
export const NEEDED_SEI: readonly {
  readonly type: number;
  readonly name: string;
  readonly codecs: readonly NalCodec[];
  readonly atMost: number;
}[] = [
  { type: 0, name: 'buffering period', codecs: ['h264', 'h265'], atMost: 64 },
  { type: 1, name: 'picture timing', codecs: ['h265'], atMost: 32 },
  { type: 6, name: 'recovery point', codecs: ['h264', 'h265'], atMost: 8 },
  { type: 129, name: 'active parameter sets', codecs: ['h265'], atMost: 8 },
  { type: 137, name: 'mastering display colour volume', codecs: ['h264', 'h265'], atMost: 24 },
  { type: 144, name: 'content light level', codecs: ['h264', 'h265'], atMost: 4 },
  { type: 147, name: 'alternative transfer characteristics', codecs: ['h264', 'h265'], atMost: 1 },
];

/** Whether a message is on the allowlist. */
export function isNeeded(codec: NalCodec, message: SeiMessage): boolean {
  return NEEDED_SEI.some(
    (row) => row.type === message.type && row.codecs.includes(codec) && message.payload.length <= row.atMost,
  );
}

const NAMES: ReadonlyMap<number, string> = new Map([
  ...NEEDED_SEI.map(({ type, name }) => [type, name] as const),
  [1, 'picture timing'],
  [3, 'filler'],
  [4, 'registered user data'],
  [5, 'unregistered user data'],
  [45, 'frame packing'],
  [47, 'display orientation'],
  [128, 'structure of pictures'],
  [132, 'decoded picture hash'],
  [136, 'time code'],
  [165, 'alpha channel'],
  [177, 'depth representation'],
]);

/** A message's name, for a report. */
export const seiName = (type: number): string => NAMES.get(type) ?? `SEI message ${type}`;

/**
 * What user data says in letters, if it says anything: x264 and x265 write their version and every setting. The
 * 16 bytes of UUID or the country code before the text are passed over.
 */
export function userDataText(message: SeiMessage): string | undefined {
  if (message.type !== 4 && message.type !== 5) return undefined;
  const payload = message.type === 5 ? message.payload.subarray(16) : message.payload;
  const text = String.fromCharCode(...payload.subarray(0, 4096)).match(/[\x20-\x7e]{6,}/g);
  return text ? text.join(' ') : undefined;
}
