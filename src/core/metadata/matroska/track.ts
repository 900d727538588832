import { type Codec, codecOf } from './codecs.ts';
import { type Node, uint } from './ebml.ts';
import type { Payload } from './payload/payload.ts';
import { latin } from './text.ts';

/** A picture or sound track that can stay. */
export interface Track {
  readonly kind: 'video' | 'audio';
  /** As the source counts it. */
  readonly number: number;
  /** As the clean file counts it, from 1. */
  readonly newNumber: number;
  readonly codec: Codec;
  readonly payload: Payload;
  /** Bytes taken off the front of every frame by header stripping, put back when written. */
  readonly prefix: Uint8Array;
  /** Transparency in block additions, to be cleaned by the rules of the codec. */
  readonly hasAlpha: boolean;
  readonly entry: Node;
}

/** A track that cannot stay. */
export interface Unwanted {
  readonly number: number;
  /** `subtitles`, `metadata`... */
  readonly what: string;
  /** Set where dropping it would lose picture or sound. */
  readonly problem?: string;
}

/** TrackType (RFC 9559 section 5.1.4.1.3). */
const TYPES: Readonly<Record<number, string>> = {
  1: 'video',
  2: 'audio',
  3: 'complex',
  16: 'logo',
  17: 'subtitles',
  18: 'buttons',
  32: 'control',
  33: 'metadata',
};

export const child = (node: Node | undefined, name: string): Node | undefined =>
  node?.children.find((candidate) => candidate.name === name);

const uintOf = (node: Node | undefined, name: string): number | undefined => {
  const found = child(node, name);
  return found && uint(found.bytes);
};

/** Judges a TrackEntry; `newNumber` is what it will be called if it stays. */
export function readTrack(entry: Node, newNumber: number): Track | Unwanted {
  const number = uintOf(entry, 'TrackNumber') ?? 0;
  const type = uintOf(entry, 'TrackType') ?? 0;
  if (type !== 1 && type !== 2) return { number, what: `${TYPES[type] ?? 'unknown'} track` };
  const kind = type === 1 ? 'video' : 'audio';
  const what = `${kind} track`;

  const id = latin(child(entry, 'CodecID')?.bytes ?? new Uint8Array(0)).replace(/\0+$/, '');
  const codec = codecOf(id);
  if (!codec || codec.type !== kind)
    return { number, what, problem: `its codec ${id} is not one Sayeh knows` };
  const payload = codec.open(child(entry, 'CodecPrivate')?.bytes ?? new Uint8Array(0));
  if (typeof payload === 'string') return { number, what, problem: payload };
  const prefix = strippedHeader(entry);
  if (typeof prefix === 'string') return { number, what, problem: prefix };
  const hasAlpha = codec.alpha === true && uintOf(child(entry, 'Video'), 'AlphaMode') === 1;
  return { kind, number, newNumber, codec, payload, prefix, hasAlpha, entry };
}

const NOTHING = new Uint8Array(0);
const HEADER_STRIPPING = 3;

/** The bytes that header stripping took off; a string where the frames are packed in another way. */
function strippedHeader(entry: Node): Uint8Array | string {
  const encodings = child(entry, 'ContentEncodings')?.children ?? [];
  if (encodings.length === 0) return NOTHING;
  const compression = child(encodings[0], 'ContentCompression');
  if (encodings.length > 1 || !compression) return 'its frames are encrypted or packed twice';
  const algorithm = uintOf(compression, 'ContentCompAlgo') ?? 0;
  if (algorithm !== HEADER_STRIPPING) return `its frames are packed (method ${algorithm})`;
  // A scope other than "all frames" would leave the settings packed.
  if ((uintOf(encodings[0], 'ContentEncodingScope') ?? 1) !== 1) return 'its settings are packed';
  return child(compression, 'ContentCompSettings')?.bytes ?? NOTHING;
}
