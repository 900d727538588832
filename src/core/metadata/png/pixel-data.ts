import type { ByteSource } from '../byte-source.ts';
import { copyOf, u32be } from '../still/bytes.ts';
import { zlibExtent } from '../still/zlib-end.ts';
import type { Chunk } from './chunks.ts';

/** What a picture's compressed data holds beyond the picture. */
export interface PixelData {
  /** The frame's place among all: 0 for the still picture. */
  readonly frame: number;
  /** Its chunks, all `IDAT` or all `fdAT`. */
  readonly chunks: readonly Chunk[];
  /** Bytes of compressed data over all chunks that belong to the stream; undefined where it is damaged. */
  readonly length: number | undefined;
  /** Bytes after the end of the stream. */
  readonly tail: number;
  /** Bytes that the stream makes beyond what the pixels need. */
  readonly surplus: number;
}

/** Follows each picture's zlib stream to its end (PNG section 10). `header` is the content of IHDR. */
export async function pixelData(
  source: ByteSource,
  chunks: readonly Chunk[],
  header: Uint8Array,
): Promise<PixelData[]> {
  const found: PixelData[] = [];
  const still = chunks.filter(({ name }) => name === 'IDAT');
  if (still.length > 0 && header.length === 13)
    found.push(await examine(source, still, 0, header, u32be(header, 0), u32be(header, 4)));
  if (header.length !== 13) return found;
  for (const { control, own } of framesIn(chunks)) {
    const size = copyOf(await source.read(control.dataOffset, 12));
    found.push(await examine(source, own, found.length, header, u32be(size, 4), u32be(size, 8)));
  }
  return found;
}

/** Frame controls, each with the data that follows it up to the next. */
function framesIn(chunks: readonly Chunk[]): { control: Chunk; own: Chunk[] }[] {
  const frames: { control: Chunk; own: Chunk[] }[] = [];
  for (const chunk of chunks) {
    if (chunk.name === 'fcTL' && chunk.dataLength === 26) frames.push({ control: chunk, own: [] });
    if (chunk.name === 'fdAT') frames.at(-1)?.own.push(chunk);
  }
  return frames.filter(({ own }) => own.length > 0);
}

/** A sequence number stands before the data of an animation's frames. */
export const before = ({ name }: Chunk) => (name === 'fdAT' ? 4 : 0);

const PIECE = 1 << 16;

async function examine(
  source: ByteSource,
  chunks: readonly Chunk[],
  frame: number,
  header: Uint8Array,
  width: number,
  height: number,
): Promise<PixelData> {
  const pieces = compressed(source, chunks);
  const extent = await zlibExtent(async () => (await pieces.next()).value ?? new Uint8Array());
  const total = chunks.reduce((sum, chunk) => sum + Math.max(0, chunk.dataLength - before(chunk)), 0);
  const needed = bytesOf(header, width, height);
  return {
    frame,
    chunks,
    length: extent?.length,
    tail: extent ? total - extent.length : 0,
    surplus: extent ? Math.max(0, extent.produced - needed) : 0,
  };
}

async function* compressed(
  source: ByteSource,
  chunks: readonly Chunk[],
): AsyncGenerator<Uint8Array, undefined> {
  for (const chunk of chunks) {
    const end = chunk.dataOffset + chunk.dataLength;
    for (let at = chunk.dataOffset + before(chunk); at < end; at += PIECE)
      yield await source.read(at, Math.min(PIECE, end - at));
  }
  return undefined;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7 (section 8.1): first column and row, steps between them. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Rows of pixels, each behind the byte that names its filter. */
function bytesOf(header: Uint8Array, width: number, height: number): number {
  const bits = header[8] * (CHANNELS[header[9]] ?? 1);
  const rows = (across: number, down: number) =>
    across > 0 ? down * (1 + Math.ceil((across * bits) / 8)) : 0;
  if (header[12] === 0) return rows(width, height);
  return PASSES.reduce(
    (sum, [x, y, stepX, stepY]) =>
      sum + rows(Math.max(0, Math.ceil((width - x) / stepX)), Math.max(0, Math.ceil((height - y) / stepY))),
    0,
  );
}
