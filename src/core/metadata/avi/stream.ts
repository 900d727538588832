import type { Payload } from '../matroska/payload/payload.ts';
import { allZero, ascii, concat, latin } from '../matroska/text.ts';
import { knowsVideo, openBitmapInfo, openWaveFormat } from './codecs.ts';
import { put32, u16, u32 } from './little-endian.ts';

/** One `strl` list as the source has it: the stream's number is its place among its siblings. */
export interface StreamHeaders {
  readonly number: number;
  readonly strh: Uint8Array;
  readonly strf: Uint8Array;
  readonly vprp: Uint8Array | undefined;
}

/** A picture or sound stream that can stay. */
export interface Stream {
  readonly kind: 'video' | 'audio';
  readonly number: number;
  readonly payload: Payload;
  /** `strh`, `strf` and perhaps `vprp` with only what players need. */
  readonly strh: Uint8Array;
  readonly vprp: Uint8Array | undefined;
  /** Bytes of one sample of sound, 0 where each chunk is one frame. */
  readonly sampleSize: number;
}

export interface UnwantedStream {
  readonly number: number;
  readonly what: string;
  /** Set where dropping it would lose picture or sound. */
  readonly problem?: string;
}

const KINDS: Readonly<Record<string, string>> = {
  txts: 'text stream',
  mids: 'MIDI stream',
  iavs: 'stream of digital video and sound (DV)',
};

const STRH = 48;

/** Judges a stream by its headers. */
export function readStream({ number, strh, strf, vprp }: StreamHeaders): Stream | UnwantedStream {
  const type = latin(strh.subarray(0, 4));
  if (type === 'iavs')
    return {
      number,
      what: KINDS.iavs,
      problem: 'every frame holds the date of recording and camera settings',
    };
  if (type !== 'vids' && type !== 'auds') return { number, what: KINDS[type] ?? 'unknown stream' };
  const kind = type === 'vids' ? 'video' : 'audio';
  if (strh.length < STRH) return { number, what: `${kind} stream`, problem: 'its header is too short' };
  const payload = kind === 'video' ? openBitmapInfo(strf) : openWaveFormat(strf);
  if (typeof payload === 'string') return { number, what: `${kind} stream`, problem: payload };
  const clean = vprp && cleanVprp(vprp);
  return { kind, number, payload, strh: cleanStrh(strh), vprp: clean, sampleSize: u32(strh, 44) };
}

/** AVISF_DISABLED and AVISF_VIDEO_PALCHANGES. */
const STREAM_FLAGS = 0x0001_0001;
const DEFAULT_QUALITY = 0xffffffff;

/**
 * AVISTREAMHEADER: kind, handler, flags, priority, language, then numbers of time and size, then a rectangle.
 * Priority, language, quality and rectangle say nothing that a player needs.
 */
export function cleanStrh(strh: Uint8Array): Uint8Array {
  const handler = latin(strh.subarray(4, 8));
  const isVideo = latin(strh.subarray(0, 4)) === 'vids';
  return concat([
    strh.subarray(0, 4),
    isVideo && knowsVideo(handler) ? ascii(handler) : new Uint8Array(4),
    put32(u32(strh, 8) & STREAM_FLAGS, 0),
    // dwInitialFrames, dwScale, dwRate, dwStart, dwLength, dwSuggestedBufferSize
    strh.subarray(16, 40),
    put32(DEFAULT_QUALITY),
    strh.subarray(44, 48),
    new Uint8Array(8),
  ]);
}

const VPRP = 36;
const FIELD = 32;
const LARGEST = 0xffff;

/** VIDEOPROPHEADER (OpenDML AVI section 5.3): shape of the picture. Undefined where it says anything else. */
export function cleanVprp(vprp: Uint8Array): Uint8Array | undefined {
  const fields = vprp.length >= VPRP ? u32(vprp, 32) : 0;
  if (fields < 1 || fields > 2 || vprp.length < VPRP + fields * FIELD) return undefined;
  const kept = vprp.slice(0, VPRP + fields * FIELD);
  for (let at = 0; at < kept.length; at += 4) {
    const isAspect = at === 20;
    if (!isAspect && u32(kept, at) > LARGEST) return undefined;
  }
  return kept;
}

/** AVIF_HASINDEX, AVIF_MUSTUSEINDEX, AVIF_ISINTERLEAVED, AVIF_TRUSTCKTYPE. */
const FILE_FLAGS = 0x930;

/** AVIMAINHEADER without the reserved fields, for so many frames and streams. */
export function writeAvih(avih: Uint8Array, frames: number, streams: number): Uint8Array {
  const at = (offset: number) => (avih.length >= offset + 4 ? u32(avih, offset) : 0);
  return put32(
    at(0),
    at(4),
    0,
    at(12) & FILE_FLAGS,
    frames,
    at(20),
    streams,
    at(28),
    at(32),
    at(36),
    ...[0, 0, 0, 0],
  );
}

/** Why a main header may not stay as it is. */
export function avihProblem(avih: Uint8Array): string | undefined {
  if (avih.length !== 56) return `a main header of ${avih.length} bytes`;
  if ((u32(avih, 12) & ~FILE_FLAGS) !== 0) return 'flags that no player needs';
  if (u32(avih, 8) !== 0 || !allZero(avih.subarray(40))) return 'reserved fields with content';
  return undefined;
}

/** Pictures with at most 256 colours may change them on the way. */
export const hasPalette = (strf: Uint8Array): boolean => strf.length >= 16 && u16(strf, 14) <= 8;
