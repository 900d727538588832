import { ascii, concat } from '../matroska/text.ts';
import { chunk, chunkHead, put32 } from './little-endian.ts';
import { chunkId } from './movi.ts';

/** A written chunk. */
export interface Entry {
  readonly stream: number;
  readonly kind: string;
  /** Of the chunk's header, from the word `movi`. */
  offset: number;
  /** Bytes of content. */
  size: number;
  readonly isKey: boolean;
  /** Where its content is in the source, and how much of it. */
  readonly source: number;
  readonly length: number;
}

/** The chunks of one RIFF list, written one after the other. */
export interface Segment {
  readonly entries: Entry[];
  /** Bytes of chunks, headers and padding included. */
  length: number;
}

const KEY = 0x10;
const NOT_KEY = 0x8000_0000;
const BYTES_TO_DATA = 8;

export const oldIndexLength = (segment: Segment): number => 8 + segment.entries.length * 16;

/** `idx1`. */
export function* writeOldIndex(segment: Segment): Generator<Uint8Array> {
  yield chunkHead('idx1', segment.entries.length * 16);
  for (const { stream, kind, offset, size, isKey } of segment.entries)
    yield concat([ascii(chunkId(stream, kind)), put32(isKey ? KEY : 0, offset, size)]);
}

const isIndexed = (entry: Entry, stream: number) => entry.stream === stream && entry.kind !== 'pc';

export const standardIndexLength = (segment: Segment, stream: number): number =>
  32 + segment.entries.filter((entry) => isIndexed(entry, stream)).length * 8;

/** `ix##` of one stream: offsets of data from the word `movi`, which lies at `base` in the file. */
export function writeStandardIndex(
  segment: Segment,
  stream: number,
  suffix: string,
  base: number,
): Uint8Array {
  const entries = segment.entries.filter((entry) => isIndexed(entry, stream));
  return chunk(
    `ix${String(stream).padStart(2, '0')}`,
    concat([
      Uint8Array.of(2, 0, 0, 1),
      put32(entries.length),
      ascii(chunkId(stream, suffix)),
      put32(base % 2 ** 32, Math.floor(base / 2 ** 32), 0),
      put32(
        ...entries.flatMap(({ offset, size, isKey }) => [
          offset + BYTES_TO_DATA,
          isKey ? size : size + NOT_KEY,
        ]),
      ),
    ]),
  );
}

/** Where a stream's `ix##` lies, how large it is, and how much it covers in the stream's own unit. */
export interface IndexPlace {
  readonly offset: number;
  readonly length: number;
  readonly duration: number;
}

/** `indx`: the index of a stream's indexes (AVISUPERINDEX). */
export function writeSuperIndex(stream: number, suffix: string, places: readonly IndexPlace[]): Uint8Array {
  return chunk(
    'indx',
    concat([
      Uint8Array.of(4, 0, 0, 0),
      put32(places.length),
      ascii(chunkId(stream, suffix)),
      put32(0, 0, 0),
      put32(
        ...places.flatMap(({ offset, length, duration }) => [
          offset % 2 ** 32,
          Math.floor(offset / 2 ** 32),
          length,
          duration,
        ]),
      ),
    ]),
  );
}
