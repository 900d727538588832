import { parseVint } from './ebml.ts';
import { xiphSize } from './payload/xiph.ts';
import { concat } from './text.ts';

/** The head of a Block or SimpleBlock (RFC 9559 section 10). */
export interface BlockHead {
  readonly track: number;
  /** Signed, in ticks from the cluster's timestamp. */
  readonly time: number;
  /** SimpleBlock: key 0x80, invisible 0x08, lacing 0x06, discardable 0x01. */
  readonly flags: number;
  /** Bytes before the lace sizes or the frame. */
  readonly length: number;
}

/** No block head is longer. */
export const LONGEST_HEAD = 8 + 3;

/** Undefined where the bytes are too few or the track number makes no sense. */
export function parseBlockHead(bytes: Uint8Array): BlockHead | undefined {
  if (bytes.length < 4) return undefined;
  const vint = Math.clz32(bytes[0]) - 23;
  if (vint > 8 || bytes.length < vint + 3) return undefined;
  const track = parseVint(bytes, 0, vint);
  if (track === undefined) return undefined;
  const time = ((bytes[vint] << 24) | (bytes[vint + 1] << 16)) >> 16;
  return { track, time, flags: bytes[vint + 2], length: vint + 3 };
}

const XIPH = 1;
const FIXED = 2;

export const lacing = (head: BlockHead): number => (head.flags >> 1) & 3;

/** The frames in a block's body, which begins behind its head (RFC 9559 section 10.3). Undefined where broken. */
export function unlace(body: Uint8Array, kind: number): Uint8Array[] | undefined {
  if (kind === 0) return [body];
  if (body.length === 0) return undefined;
  const count = body[0] + 1;
  const sizes = kind === FIXED ? fixedSizes(body, count) : laceSizes(body, count, kind);
  if (!sizes) return undefined;
  let at = sizes.next;
  const frames: Uint8Array[] = [];
  for (const size of sizes.values) {
    if (size < 0 || at + size > body.length) return undefined;
    frames.push(body.subarray(at, at + size));
    at += size;
  }
  if (kind !== FIXED) frames.push(body.subarray(at));
  return frames;
}

interface Sizes {
  readonly values: readonly number[];
  readonly next: number;
}

function fixedSizes(body: Uint8Array, count: number): Sizes | undefined {
  const size = (body.length - 1) / count;
  return Number.isInteger(size) ? { values: Array(count).fill(size), next: 1 } : undefined;
}

/** Sizes of all frames but the last. */
function laceSizes(body: Uint8Array, count: number, kind: number): Sizes | undefined {
  const values: number[] = [];
  let at = 1;
  while (values.length < count - 1) {
    const size = kind === XIPH ? xiphLaceSize(body, at) : ebmlLaceSize(body, at, values.at(-1));
    if (!size) return undefined;
    values.push(size.value);
    at = size.next;
  }
  return { values, next: at };
}

function xiphLaceSize(body: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0;
  let at = start;
  while (body[at] === 255) {
    value += 255;
    at++;
  }
  return at < body.length ? { value: value + body[at], next: at + 1 } : undefined;
}

/** The first size as it is, each later one as a signed difference from the one before. */
function ebmlLaceSize(body: Uint8Array, at: number, before: number | undefined) {
  const length = at < body.length ? Math.clz32(body[at]) - 23 : 9;
  if (length > 8 || at + length > body.length) return undefined;
  const raw = parseVint(body, at, length);
  if (raw === undefined) return undefined;
  const value = before === undefined ? raw : before + raw - (2 ** (7 * length - 1) - 1);
  return { value, next: at + length };
}

/** A body that holds these frames: as it is for one, with Xiph lace sizes for several. */
export function lace(frames: readonly Uint8Array[]): { body: Uint8Array; kind: number } {
  if (frames.length === 1) return { body: frames[0], kind: 0 };
  const sizes = frames.slice(0, -1).map((frame) => xiphSize(frame.length));
  return { body: concat([Uint8Array.of(frames.length - 1), ...sizes, ...frames]), kind: XIPH };
}
