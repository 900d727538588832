import { sameBytes } from '../matroska/text.ts';
import { u16, u32 } from './little-endian.ts';
import { parseChunkId } from './movi.ts';
import { avihProblem, cleanStrh, cleanVprp } from './stream.ts';

/** A chunk that a clean file may hold; everything not named here is a violation. */
export interface Row {
  /** List types from the outermost in, then the chunk's id; `##` stands for a stream's number. */
  readonly place: string;
  readonly why: string;
  /** Why this content may not stay; undefined if it may. Absent where the codec's own rules decide. */
  readonly problem?: (data: Uint8Array) => string | undefined;
}

const frames = (riff: string): Row[] => [
  { place: `${riff}/movi/##dc`, why: 'coded picture' },
  { place: `${riff}/movi/##db`, why: 'raw picture' },
  { place: `${riff}/movi/##wb`, why: 'sound' },
  { place: `${riff}/movi/##pc`, why: 'change of colours in a picture that has a table of them' },
  { place: `${riff}/movi/ix##`, why: 'jumping in long films', problem: standardIndexProblem },
];

export const ALLOWLIST: readonly Row[] = [
  { place: 'AVI/hdrl/avih', why: 'size and speed of the film', problem: avihProblem },
  { place: 'AVI/hdrl/strl/strh', why: 'kind and speed of a stream', problem: strhProblem },
  { place: 'AVI/hdrl/strl/strf', why: 'how to decode a stream' },
  { place: 'AVI/hdrl/strl/vprp', why: 'shape of the picture', problem: vprpProblem },
  { place: 'AVI/hdrl/strl/indx', why: 'jumping in long films', problem: superIndexProblem },
  { place: 'AVI/hdrl/odml/dmlh', why: 'how many frames a long film has', problem: dmlhProblem },
  ...frames('AVI'),
  ...frames('AVIX'),
  { place: 'AVI/idx1', why: 'jumping in the film', problem: oldIndexProblem },
];

const LISTS = new Set(['AVI', 'AVIX', 'AVI/hdrl', 'AVI/hdrl/strl', 'AVI/hdrl/odml', 'AVI/movi', 'AVIX/movi']);
export const isListAllowed = (place: string): boolean => LISTS.has(place);

const ROWS = new Map(ALLOWLIST.map((row) => [row.place, row]));

/** `AVI/movi/01wb` is looked up as `AVI/movi/##wb`. */
export function rowOf(place: string): Row | undefined {
  const exact = ROWS.get(place);
  if (exact || !place.includes('/movi/')) return exact;
  const id = place.slice(-4);
  const isFrame = place.at(-5) === '/' && /^\d\d\w\w$/.test(id);
  if (isFrame) return ROWS.get(`${place.slice(0, -4)}##${id.slice(2)}`);
  return /\/ix\d\d$/.test(place) ? ROWS.get(`${place.slice(0, -2)}##`) : undefined;
}

function strhProblem(strh: Uint8Array): string | undefined {
  if (strh.length !== 56) return `a stream header of ${strh.length} bytes`;
  return sameBytes(strh, cleanStrh(strh)) ? undefined : 'fields that no player needs have content';
}

function vprpProblem(vprp: Uint8Array): string | undefined {
  const clean = cleanVprp(vprp);
  return clean && sameBytes(clean, vprp) ? undefined : 'it says more than the shape of the picture';
}

function dmlhProblem(dmlh: Uint8Array): string | undefined {
  return dmlh.length === 4 ? undefined : `a long film's header of ${dmlh.length} bytes`;
}

const isChunkId = (data: Uint8Array, at: number): boolean =>
  parseChunkId(String.fromCharCode(...data.subarray(at, at + 4))) !== undefined;

function oldIndexProblem(index: Uint8Array): string | undefined {
  if (index.length % 16 !== 0) return 'an index of odd length';
  for (let at = 0; at < index.length; at += 16) {
    if (!isChunkId(index, at)) return `entry ${at / 16} names no chunk of a stream`;
    if ((u32(index, at + 4) & ~0x10) !== 0) return `entry ${at / 16} has flags that no player needs`;
  }
  return undefined;
}

function standardIndexProblem(index: Uint8Array): string | undefined {
  const isSound = index.length >= 24 && u16(index, 0) === 2 && index[2] === 0 && index[3] === 1;
  if (!isSound || index.length !== 24 + u32(index, 4) * 8) return 'not a plain index of chunks';
  return isChunkId(index, 8) && u32(index, 20) === 0 ? undefined : 'fields that no player needs have content';
}

function superIndexProblem(index: Uint8Array): string | undefined {
  const isSound = index.length >= 24 && u16(index, 0) === 4 && index[2] === 0 && index[3] === 0;
  if (!isSound || index.length !== 24 + u32(index, 4) * 16) return 'not a plain index of indexes';
  const isEmpty = u32(index, 12) === 0 && u32(index, 16) === 0 && u32(index, 20) === 0;
  return isChunkId(index, 8) && isEmpty ? undefined : 'fields that no player needs have content';
}
