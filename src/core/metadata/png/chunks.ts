import type { ByteSource } from '../byte-source.ts';
import type { Part } from '../format.ts';
import { be32, concat, equal, fromLatin1, latin1, u32be } from '../still/bytes.ts';
import { numberSiblings } from '../still/number-siblings.ts';
import { crc32 } from './crc.ts';

/** One stretch of a PNG file (PNG 3rd edition, W3C 2025, section 5): they follow one another without gaps. */
export interface Chunk {
  /** The chunk's type, or `signature`, `damaged`, `after the end`. */
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly dataOffset: number;
  readonly dataLength: number;
  readonly what: string;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Length, type and CRC. */
const AROUND_DATA = 12;
/** Bound against files made of empty chunks; an encoder that writes 4 KiB at a time stays below it at 800 MB. */
const MOST_CHUNKS = 200_000;
const PIECE = 1 << 20;

/** Reads every chunk. The last one but for what follows it is `IEND` where the file is whole. */
export async function readChunks(source: ByteSource): Promise<Chunk[]> {
  if (!equal(await source.read(0, 8), SIGNATURE)) return [damaged(0, source.size, 'no PNG signature')];
  const chunks: Chunk[] = [plain('signature', 0, 8, 'PNG signature')];
  let at = 8;
  while (at < source.size) {
    const chunk = await readChunk(source, at, chunks.length);
    chunks.push(chunk);
    at += chunk.length;
    if (chunk.name === 'damaged') return chunks;
    if (chunk.name === 'IEND') {
      if (at < source.size) chunks.push(plain('after the end', at, source.size - at, 'data after the end'));
      return chunks;
    }
  }
  chunks.push(damaged(at, source.size, 'the file ends before the picture does'));
  return chunks;
}

async function readChunk(source: ByteSource, at: number, count: number): Promise<Chunk> {
  if (count >= MOST_CHUNKS) return damaged(at, source.size, 'more chunks than any picture has');
  const head = await source.read(at, 8);
  const type = latin1(head, 4, 8);
  const dataLength = u32be(head, 0);
  if (!/^[A-Za-z]{4}$/.test(type)) return damaged(at, source.size, 'no chunk starts here');
  if (at + AROUND_DATA + dataLength > source.size) return damaged(at, source.size, `${type} is cut off`);
  return {
    name: type,
    offset: at,
    length: AROUND_DATA + dataLength,
    dataOffset: at + 8,
    dataLength,
    what: WHAT[type] ?? 'chunk of an unknown kind',
  };
}

const plain = (name: string, offset: number, length: number, what: string): Chunk => ({
  name,
  offset,
  length,
  dataOffset: offset,
  dataLength: length,
  what,
});

const damaged = (offset: number, end: number, why: string) =>
  plain('damaged', offset, end - offset, `damaged: ${why}`);

const WHAT: Readonly<Record<string, string>> = {
  IHDR: 'size and pixel format',
  PLTE: 'palette',
  IDAT: 'coded picture',
  IEND: 'end of the picture',
  tRNS: 'transparency',
  cHRM: 'colour primaries',
  gAMA: 'gamma',
  iCCP: 'colour profile',
  sBIT: 'significant bits',
  sRGB: 'sRGB mark',
  cICP: 'coding-independent colour code',
  mDCV: 'mastering display',
  cLLI: 'light levels',
  tEXt: 'text',
  zTXt: 'compressed text',
  iTXt: 'international text',
  bKGD: 'background colour',
  hIST: 'histogram',
  pHYs: 'pixel size',
  sPLT: 'suggested palette',
  eXIf: 'EXIF block',
  tIME: 'time of the last change',
  acTL: 'animation control',
  fcTL: 'frame control',
  fdAT: 'coded frame',
  caBX: 'JUMBF box',
  iDOT: 'Apple decoding hints',
  CgBI: 'mark of an Apple app picture',
};

/** Whether the chunk's CRC fits its bytes. */
export async function crcFits(source: ByteSource, chunk: Chunk): Promise<boolean> {
  const end = chunk.dataOffset + chunk.dataLength;
  let crc = 0;
  for (let at = chunk.offset + 4; at < end; at += PIECE)
    crc = crc32(await source.read(at, Math.min(PIECE, end - at)), crc);
  return crc === u32be(await source.read(end, 4), 0);
}

/** A chunk made anew. */
export function chunkBytes(type: string, data: Uint8Array): Uint8Array {
  const body = concat(fromLatin1(type), data);
  return concat(be32(data.length), body, be32(crc32(body)));
}

export const pathsOf = (chunks: readonly Chunk[]) => numberSiblings(chunks.map(({ name }) => name));

export function partsOf(chunks: readonly Chunk[]): Part[] {
  const paths = pathsOf(chunks);
  return chunks.map(({ offset, length, what }, i) => ({ path: paths[i], offset, length, what }));
}
