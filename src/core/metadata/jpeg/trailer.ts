import type { ByteSource } from '../byte-source.ts';
import { copyOf, latin1, u32be } from '../still/bytes.ts';
import { readSegments, type Segment } from './segments.ts';

/** A stretch of what lies after a picture's end marker. */
export interface TrailerItem {
  readonly kind: 'padding' | 'picture' | 'video' | 'other';
  readonly offset: number;
  readonly length: number;
  readonly what: string;
  /** For a picture. */
  readonly segments?: readonly Segment[];
}

/** Real files have three or four further pictures. */
const MOST_PICTURES = 50;
const MOST_BOXES = 1000;
const PIECE = 1 << 16;

/**
 * Divides the bytes after the end: further pictures (MPF, CIPA DC-007; gain maps), the video of a motion photo, and
 * what nobody knows.
 */
export async function readTrailer(source: ByteSource, start: number): Promise<TrailerItem[]> {
  const items: TrailerItem[] = [];
  let at = start;
  while (at < source.size) {
    const item =
      items.length < 2 * MOST_PICTURES
        ? await readItem(source, at)
        : other(at, source.size, 'data after the end');
    items.push(item);
    at += item.length;
  }
  return items;
}

async function readItem(source: ByteSource, at: number): Promise<TrailerItem> {
  const head = copyOf(await source.read(at, 16));
  if (head[0] === 0) {
    const end = await endOfZeros(source, at);
    // Three zeros may also be the size of a box.
    if (end - at > 3 || end === source.size)
      return { kind: 'padding', offset: at, length: end - at, what: 'padding after the end' };
  }
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    const segments = await readSegments(source, at);
    const last = segments[segments.length - 1];
    const length = last.offset + last.length - at;
    return { kind: 'picture', offset: at, length, what: 'further picture', segments };
  }
  if (latin1(head, 4, 8) === 'ftyp') {
    const end = await endOfBoxes(source, at);
    return { kind: 'video', offset: at, length: end - at, what: 'video of a motion photo' };
  }
  const tail = latin1(await source.read(Math.max(at, source.size - 4), 4));
  return other(at, source.size, tail === 'SEFT' ? 'Samsung data after the end' : 'data after the end');
}

const other = (offset: number, end: number, what: string): TrailerItem => ({
  kind: 'other',
  offset,
  length: end - offset,
  what,
});

async function endOfZeros(source: ByteSource, start: number): Promise<number> {
  for (let at = start; at < source.size; at += PIECE) {
    const found = (await source.read(at, PIECE)).findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
  }
  return source.size;
}

/** Where a row of ISO base media boxes ends (ISO/IEC 14496-12 section 4.2). */
async function endOfBoxes(source: ByteSource, start: number): Promise<number> {
  let at = start;
  for (let n = 0; n < MOST_BOXES && at + 8 <= source.size; n++) {
    const head = await source.read(at, 16);
    const size = u32be(head, 0);
    const length =
      size === 0
        ? source.size - at
        : size === 1 && head.length === 16
          ? u32be(head, 8) * 2 ** 32 + u32be(head, 12)
          : size;
    if (!/^[\w -]{4}$/.test(latin1(head, 4, 8)) || length < 8 || at + length > source.size) break;
    at += length;
  }
  // A first box that is cut off takes the rest.
  return at === start ? source.size : at;
}
