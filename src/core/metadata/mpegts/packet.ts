import type { Window } from '../window.ts';

/** Bytes of a transport packet (ISO/IEC 13818-1 section 2.4.3.2). */
export const PACKET = 188;
/** Bytes of payload in a packet that holds nothing else. */
export const CAPACITY = PACKET - 4;
const SYNC = 0x47;

/** How packets lie in a file: bare, or behind the four bytes of copy permission and arrival time of M2TS. */
export interface Framing {
  readonly stride: number;
  /** Bytes before each sync byte. */
  readonly lead: number;
}

/** M2TS by its second and third sync byte; anything else is read as bare packets. */
export async function readFraming(window: Window): Promise<Framing> {
  const head = await window.upTo(0, 600);
  const isM2ts = head[4] === SYNC && head[196] === SYNC && (head.length < 389 || head[388] === SYNC);
  return isM2ts && !(head[0] === SYNC && head[188] === SYNC)
    ? { stride: 192, lead: 4 }
    : { stride: 188, lead: 0 };
}

/** A stretch of whole packets in sync, or of bytes that are none. */
export interface Stretch {
  readonly offset: number;
  /** A view that holds until the next stretch is asked for. */
  readonly bytes: Uint8Array;
  readonly inSync: boolean;
}

const PACKETS_A_STRETCH = 5000;
/** So many packets in a row must begin with a sync byte before a lost reader believes it is back in step. */
const PROOF = 4;

/** The whole file as stretches. Where packets fall out of step, the bytes up to where they resume are one. */
export async function* stretches(window: Window, { stride, lead }: Framing): AsyncGenerator<Stretch> {
  let offset = 0;
  while (offset < window.size) {
    const bytes = await window.upTo(offset, stride * PACKETS_A_STRETCH);
    let synced = 0;
    while (synced + stride <= bytes.length && bytes[synced + lead] === SYNC) synced += stride;
    if (synced > 0) {
      yield { offset, bytes: bytes.subarray(0, synced), inSync: true };
      offset += synced;
      continue;
    }
    const lost = resume(bytes, stride, lead);
    yield { offset, bytes: bytes.subarray(0, lost), inSync: false };
    offset += lost;
  }
}

function resume(bytes: Uint8Array, stride: number, lead: number): number {
  for (let at = bytes.indexOf(SYNC, lead + 1); at >= 0; at = bytes.indexOf(SYNC, at + 1)) {
    let proof = 1;
    while (proof < PROOF && bytes[at + proof * stride] === SYNC) proof++;
    if (proof === PROOF) return at - lead;
  }
  return bytes.length;
}

/** The head of a packet. Offsets are into the bytes it was read from. */
export interface Packet {
  readonly pid: number;
  /** payload_unit_start_indicator: a table or a stretch of a stream begins here. */
  readonly isStart: boolean;
  readonly isScrambled: boolean;
  readonly continuity: number;
  readonly adaptation: Adaptation | undefined;
  /** From the sync byte on. */
  readonly start: number;
  /** Equal to `end` where there is none. */
  readonly payload: number;
  readonly end: number;
}

/** The adaptation field (section 2.4.3.5). */
export interface Adaptation {
  readonly discontinuity: boolean;
  readonly randomAccess: boolean;
  /** Where the six bytes of the clock reference lie. */
  readonly pcr: number | undefined;
  /** Anything beyond those: private data, splice points, extensions, stuffing with content. */
  readonly hasMore: boolean;
}

/** Reads the packet whose sync byte is at `start`. A field that runs past the packet leaves no payload. */
export function parsePacket(bytes: Uint8Array, start: number): Packet {
  const second = bytes[start + 1];
  const fourth = bytes[start + 3];
  const end = start + PACKET;
  let payload = start + 4;
  let adaptation: Adaptation | undefined;
  if (fourth & 0x20) {
    adaptation = parseAdaptation(bytes, payload, end);
    payload = Math.min(payload + 1 + bytes[payload], end);
  }
  return {
    pid: ((second & 0x1f) << 8) | bytes[start + 2],
    isStart: (second & 0x40) !== 0,
    isScrambled: (fourth & 0xc0) !== 0,
    continuity: fourth & 15,
    adaptation,
    start,
    payload: fourth & 0x10 ? payload : end,
    end,
  };
}

/**
 * True for a packet whose sync byte is at `start` and which holds 184 bytes in the middle of a stretch and nothing
 * else: nearly every packet of a film, and all that must be known of it is its PID.
 */
export const isPlain = (bytes: Uint8Array, start: number): boolean =>
  (bytes[start + 1] & 0xe0) === 0 && (bytes[start + 3] & 0xf0) === 0x10;

export const pidOf = (bytes: Uint8Array, start: number): number =>
  ((bytes[start + 1] & 0x1f) << 8) | bytes[start + 2];

/** There are so many PIDs. */
export const PIDS = 1 << 13;

function parseAdaptation(bytes: Uint8Array, at: number, limit: number): Adaptation {
  const end = Math.min(at + 1 + bytes[at], limit);
  const flags = bytes[at] > 0 ? bytes[at + 1] : 0;
  const hasPcr = (flags & 0x10) !== 0 && at + 8 <= end;
  let hasMore = (flags & 0x2f) !== 0;
  for (let i = at + (hasPcr ? 8 : 2); i < end && !hasMore; i++) hasMore = bytes[i] !== 0xff;
  return {
    discontinuity: (flags & 0x80) !== 0,
    randomAccess: (flags & 0x40) !== 0,
    pcr: hasPcr ? at + 2 : undefined,
    hasMore,
  };
}
