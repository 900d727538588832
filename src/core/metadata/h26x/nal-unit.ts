import { startCodes } from '../start-codes.ts';

/** The two codecs whose streams are made of NAL units. */
export type NalCodec = 'h264' | 'h265';

/** What a NAL unit is there for. */
export type NalKind =
  | 'slice' // coded picture
  | 'parameters' // VPS, SPS, PPS: how to decode
  | 'message' // SEI: what this folder is about
  | 'delimiter' // access unit delimiter, end of sequence, end of stream
  | 'filler' // bytes without meaning
  | 'foreign'; // another layer, an auxiliary picture, or a type that no decoder of ours knows

/** One NAL unit in a buffer, header included, start code or length prefix excluded. */
export interface NalUnit {
  readonly start: number;
  readonly end: number;
}

export interface NalHeader {
  /** nal_unit_type. */
  readonly type: number;
  /** nuh_layer_id; always 0 in H.264. */
  readonly layer: number;
  /** In bytes. */
  readonly headerLength: number;
  readonly kind: NalKind;
}

/**
 * NAL units that each follow their length (ISO/IEC 14496-15 section 4.3.2, as MP4 and Matroska store them).
 * Answers undefined where a length runs past the buffer or bytes are left over.
 */
export function lengthPrefixedUnits(bytes: Uint8Array, lengthSize: number): NalUnit[] | undefined {
  const units: NalUnit[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + lengthSize > bytes.length) return undefined;
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + bytes[at + i];
    const start = at + lengthSize;
    if (start + length > bytes.length) return undefined;
    units.push({ start, end: start + length });
    at = start + length;
  }
  return units;
}

/**
 * NAL units that each follow a start code (Annex B of H.264 and H.265, as MPEG-TS stores them). Zero bytes that
 * trail a unit belong to the gap, as the annex says.
 */
export function annexBUnits(bytes: Uint8Array): NalUnit[] {
  const codes = startCodes(bytes);
  return codes.map((code, i) => {
    const start = code + 3;
    return { start, end: withoutTrailingZeros(bytes, start, codes[i + 1] ?? bytes.length) };
  });
}

function withoutTrailingZeros(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && bytes[last - 1] === 0) last--;
  return last;
}

/** Reads a unit's header. A unit too short to hold one is `foreign`. */
export function nalHeader(codec: NalCodec, bytes: Uint8Array, unit: NalUnit): NalHeader {
  const headerLength = codec === 'h264' ? 1 : 2;
  if (unit.end - unit.start < headerLength) return { type: -1, layer: 0, headerLength, kind: 'foreign' };
  const first = bytes[unit.start];
  if (codec === 'h264') {
    const type = first & 0x1f;
    return { type, layer: 0, headerLength, kind: h264Kind(type) };
  }
  const type = (first >> 1) & 0x3f;
  const layer = ((first & 1) << 5) | (bytes[unit.start + 1] >> 3);
  return { type, layer, headerLength, kind: layer === 0 ? h265Kind(type) : 'foreign' };
}

/** Rec. ITU-T H.264 table 7-1. Scalable and multiview extensions (14, 15, 20, 21) are other pictures. */
function h264Kind(type: number): NalKind {
  if (type >= 1 && type <= 5) return 'slice';
  if (type === 6) return 'message';
  if (type === 7 || type === 8 || type === 13) return 'parameters';
  if (type >= 9 && type <= 11) return 'delimiter';
  return type === 12 ? 'filler' : 'foreign';
}

/** Rec. ITU-T H.265 table 7-1. Dolby Vision puts its own data in 62 and 63: unspecified, so foreign. */
function h265Kind(type: number): NalKind {
  if (type <= 9 || (type >= 16 && type <= 21)) return 'slice';
  if (type >= 32 && type <= 34) return 'parameters';
  if (type >= 35 && type <= 37) return 'delimiter';
  if (type === 38) return 'filler';
  return type === 39 || type === 40 ? 'message' : 'foreign';
}
