import { CAPACITY, PACKET } from './packet.ts';

/** What of a packet's adaptation field stays. */
export interface KeptAdaptation {
  readonly discontinuity: boolean;
  readonly randomAccess: boolean;
  /** Six bytes, moved to the clean file's own start. */
  readonly pcr: Uint8Array | undefined;
}

/** Bytes that an adaptation field with these contents takes at least. */
export const adaptationLength = (kept: KeptAdaptation | undefined): number =>
  !kept || !(kept.discontinuity || kept.randomAccess || kept.pcr) ? 0 : kept.pcr ? 8 : 2;

/**
 * One packet of at most 184 bytes of payload, less its adaptation field; what is left over becomes stuffing.
 * `continuity` counts packets with a payload.
 */
export function writePacket(
  pid: number,
  isStart: boolean,
  continuity: number,
  kept: KeptAdaptation | undefined,
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(PACKET);
  putPacket(bytes, 0, pid, isStart, continuity, kept, payload);
  return bytes;
}

/** The same at a place in a larger stretch of zeros, since an array for each of millions of packets costs. */
export function putPacket(
  bytes: Uint8Array,
  at: number,
  pid: number,
  isStart: boolean,
  continuity: number,
  kept: KeptAdaptation | undefined,
  payload: Uint8Array,
): void {
  const room = CAPACITY - payload.length;
  bytes[at] = 0x47;
  bytes[at + 1] = (isStart ? 0x40 : 0) | (pid >> 8);
  bytes[at + 2] = pid & 255;
  bytes[at + 3] = (room > 0 ? 0x20 : 0) | (payload.length > 0 ? 0x10 : 0) | (continuity & 15);
  if (room > 0) {
    bytes.fill(0xff, at + 4, at + 4 + room);
    bytes[at + 4] = room - 1;
  }
  if (room > 1) {
    bytes[at + 5] =
      (kept?.discontinuity ? 0x80 : 0) | (kept?.randomAccess ? 0x40 : 0) | (kept?.pcr ? 0x10 : 0);
    if (kept?.pcr) bytes.set(kept.pcr, at + 6);
  }
  bytes.set(payload, at + PACKET - payload.length);
}

/** The packets of a table: a pointer, the section, and FF to the end (ISO/IEC 13818-1 section 2.4.4). */
export function writeSection(pid: number, section: Uint8Array, firstContinuity: number): Uint8Array[] {
  const packets: Uint8Array[] = [];
  const whole = new Uint8Array(Math.ceil((1 + section.length) / CAPACITY) * CAPACITY).fill(0xff);
  whole[0] = 0;
  whole.set(section, 1);
  for (let at = 0; at < whole.length; at += CAPACITY)
    packets.push(
      writePacket(
        pid,
        at === 0,
        firstContinuity + at / CAPACITY,
        undefined,
        whole.subarray(at, at + CAPACITY),
      ),
    );
  return packets;
}
