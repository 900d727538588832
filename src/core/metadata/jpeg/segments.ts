import type { ByteSource } from '../byte-source.ts';
import { u16be } from '../still/bytes.ts';
import { type ApplicationKind, IDENTIFIER_LENGTH, identify } from './application.ts';

/**
 * One stretch of a JPEG file (Rec. ITU-T T.81 annex B). They follow one another without gaps from the start of
 * the picture to its end.
 */
export interface Segment {
  /** The marker's name (`SOI`, `APP1`, `SOF0`), `scan` for entropy-coded data, or `fill`, `stray`, `damaged`. */
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** The content: after marker and length where the segment has them. */
  readonly dataOffset: number;
  readonly dataLength: number;
  readonly what: string;
  /** For application segments. */
  readonly application?: ApplicationKind;
}

const SOI = 0xd8;
const EOI = 0xd9;

/** Bound against files made of empty segments; the largest real ones have some thousands. */
const MOST_SEGMENTS = 50_000;
const PIECE = 1 << 16;

/**
 * Reads one picture from `start` to its end marker, or to the end of the file. The last segment is `EOI` where
 * the picture is whole, `damaged` where it is not.
 */
export async function readSegments(source: ByteSource, start = 0): Promise<Segment[]> {
  const segments: Segment[] = [];
  const opening = await source.read(start, 2);
  if (opening.length < 2 || u16be(opening, 0) !== 0xff00 + SOI)
    return [damaged(start, source.size, 'no JPEG picture starts here')];
  segments.push(bare('SOI', start, 2));
  let at = start + 2;
  while (at < source.size) {
    const segment =
      segments.length < MOST_SEGMENTS
        ? await readSegment(source, at)
        : damaged(at, source.size, 'more segments than any picture has');
    segments.push(segment);
    at += segment.length;
    if (segment.name === 'EOI' || segment.name === 'damaged') return segments;
    if (segment.name === 'SOS') {
      const end = await endOfScan(source, at);
      if (end > at) segments.push(bare('scan', at, end - at));
      at = end;
    }
  }
  segments.push(damaged(at, source.size, 'the file ends before the picture does'));
  return segments;
}

async function readSegment(source: ByteSource, at: number): Promise<Segment> {
  const head = await source.read(at, 4 + IDENTIFIER_LENGTH);
  const marker = head[1];
  if (head[0] === 0xff && marker === 0xff) return bare('fill', at, (await endOfFill(source, at)) - at);
  if (head[0] !== 0xff || !isSegmentMarker(marker))
    return bare('stray', at, (await endOfStray(source, at)) - at);
  const name = markerName(marker);
  if (marker === EOI) return bare(name, at, 2);
  if (head.length < 4) return damaged(at, source.size, `${name} is cut off`);
  const dataLength = u16be(head, 2) - 2;
  if (dataLength < 0) return damaged(at, source.size, `${name} claims an impossible length`);
  if (at + 4 + dataLength > source.size) return damaged(at, source.size, `${name} is cut off`);
  const length = 4 + dataLength;
  const dataOffset = at + 4;
  if (!name.startsWith('APP')) {
    const what = WHAT[name] ?? (name.startsWith('SOF') ? FRAME : name);
    return { name, offset: at, length, dataOffset, dataLength, what };
  }
  const { kind, what } = identify(name, head.subarray(4, 4 + Math.min(dataLength, IDENTIFIER_LENGTH)));
  return { name, offset: at, length, dataOffset, dataLength, what, application: kind };
}

/** T.81 table B.1. */
function markerName(marker: number): string {
  if (marker >= 0xe0 && marker <= 0xef) return `APP${marker - 0xe0}`;
  if (marker >= 0xf0 && marker <= 0xfd) return `JPG${marker - 0xf0}`;
  const known = MARKERS[marker];
  if (known) return known;
  return marker >= 0xc0 && marker <= 0xcf ? `SOF${marker - 0xc0}` : `marker ${marker.toString(16)}`;
}

const MARKERS: Readonly<Record<number, string>> = {
  196: 'DHT',
  200: 'JPG',
  204: 'DAC',
  217: 'EOI',
  218: 'SOS',
  219: 'DQT',
  220: 'DNL',
  221: 'DRI',
  222: 'DHP',
  223: 'EXP',
  254: 'COM',
};

const FRAME = 'frame header';
const WHAT: Readonly<Record<string, string>> = {
  SOI: 'start of the picture',
  EOI: 'end of the picture',
  DHT: 'Huffman tables',
  DAC: 'arithmetic coding conditions',
  DQT: 'quantisation tables',
  DNL: 'number of lines',
  DRI: 'restart interval',
  SOS: 'scan header',
  COM: 'comment',
  scan: 'coded picture',
  fill: 'padding before a marker',
  stray: 'bytes between segments',
};

const bare = (name: string, offset: number, length: number): Segment => ({
  name,
  offset,
  length,
  dataOffset: offset,
  dataLength: length,
  what: WHAT[name],
});

const damaged = (offset: number, end: number, why: string): Segment => ({
  ...bare('damaged', offset, end - offset),
  what: `damaged: ${why}`,
});

/** Markers that begin a segment or end the picture; the rest stand alone and mean nothing outside a scan. */
const isSegmentMarker = (marker: number) =>
  marker >= 0xc0 && marker <= 0xfe && marker !== SOI && !(marker >= 0xd0 && marker <= 0xd7);

/** Where entropy-coded data ends: at the first marker that is no restart marker (T.81 section B.1.1.5). */
const endOfScan = (source: ByteSource, start: number) =>
  findMarker(source, start, (marker) => marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7));

/** Where bytes that belong to no segment end. */
const endOfStray = (source: ByteSource, start: number) => findMarker(source, start, isSegmentMarker);

/** Where a run of 0xFF ends: at the last of them, which begins the next marker. */
async function endOfFill(source: ByteSource, start: number): Promise<number> {
  for (let at = start; at < source.size; at += PIECE) {
    const piece = await source.read(at, PIECE);
    const other = piece.findIndex((byte) => byte !== 0xff);
    if (other >= 0) return at + other - 1;
  }
  return source.size;
}

/** The offset of the first 0xFF whose next byte satisfies `wanted`, or the end of the file. */
async function findMarker(
  source: ByteSource,
  start: number,
  wanted: (marker: number) => boolean,
): Promise<number> {
  let at = start;
  while (at + 1 < source.size) {
    // One byte more than a step, so that a marker on the border is seen whole.
    const piece = await source.read(at, PIECE + 1);
    let i = piece.indexOf(0xff);
    while (i >= 0 && i + 1 < piece.length) {
      if (wanted(piece[i + 1])) return at + i;
      i = piece.indexOf(0xff, i + 1);
    }
    at += PIECE;
  }
  return source.size;
}

/** Whether the segments make a whole picture. */
export const isWhole = (segments: readonly Segment[]) => segments.at(-1)?.name === 'EOI';
