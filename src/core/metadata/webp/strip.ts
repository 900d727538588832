import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import { type Orientation, orientationBlock, orientationNote, orientationOf } from '../exif/orientation.ts';
import type { StripResult } from '../format.ts';
import { concat, equal, fromLatin1, le32 } from '../still/bytes.ts';
import { keptColour } from '../still/colour.ts';
import { copy, readPart } from '../still/copy.ts';
import { FLAG } from './allowlist.ts';
import { type Chunk, FRAME_HEADER, isImage, partsOf, readChunks } from './chunks.ts';
import { withoutPrefix } from './inspect.ts';
import { orderProblem } from './verify.ts';

/** Writes the same coded pictures in a new RIFF file, with colour and orientation said anew. */
export async function strip(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const all = await readChunks(source);
  const chunks = all.filter(({ elsewhere }) => !elsewhere);
  const kept = chunks.filter(isCoded);
  refuseDamage(chunks, kept);
  // Without an extended header decoders look at neither, and the format allows neither.
  const extended = chunks.some(({ name }) => name === 'VP8X');
  const orientation = extended ? await orientationIn(source, chunks) : 1;
  const colour = keptColour(extended ? await dataOf(source, chunks, 'ICCP') : undefined);
  const fresh = {
    ICCP: colour.profile,
    EXIF: orientation === 1 ? undefined : orientationBlock(orientation),
    VP8X: await extendedHeader(source, chunks, colour.profile !== undefined, orientation),
  };

  const pieces = [
    ...freshPiece('VP8X', fresh.VP8X),
    ...freshPiece('ICCP', fresh.ICCP),
    ...(await codedPieces(source, kept)),
    ...freshPiece('EXIF', fresh.EXIF),
  ];
  const size = pieces.reduce((sum, piece) => sum + sizeOf(piece), 4);
  await sink.write(concat(fromLatin1('RIFF'), le32(size), fromLatin1('WEBP')));
  for (const piece of pieces) await writePiece(source, sink, piece);

  const offsets = new Set([0, ...kept.map(({ offset }) => offset)]);
  for (const chunk of chunks) {
    const again = fresh[chunk.name as keyof typeof fresh];
    if (again && equal(await readPart(source, chunk.dataOffset, chunk.dataLength), again))
      offsets.add(chunk.offset);
  }
  return {
    removed: partsOf(all).filter(({ offset }) => !offsets.has(offset)),
    notes: [...colour.notes, ...(orientation === 1 ? [] : [orientationNote(orientation)])],
  };
}

/** Chunks that make the pixels, in frames and out of them. */
const isCoded = (chunk: Chunk) =>
  isImage(chunk) ||
  chunk.name === 'ALPH' ||
  chunk.name === 'ANIM' ||
  (chunk.name === 'ANMF' && chunk.frame !== undefined);

function refuseDamage(chunks: readonly Chunk[], kept: readonly Chunk[]): void {
  const [header] = chunks;
  const extended = chunks.filter(({ name }) => name === 'VP8X');
  // A size that is a little too large is a common writer's fault, and harmless where all chunks are whole.
  const cut = [...kept, ...extended].find(({ truncated }) => truncated);
  if (cut) throw new SayehError('corrupt', `the WebP file is damaged: ${cut.what} is cut off`);
  if (extended.some(({ dataLength }) => dataLength !== 10))
    throw new SayehError('corrupt', 'the WebP file is damaged: the extended header is not of 10 bytes');
  if (kept.some(({ name, dataLength }) => name === 'ANIM' && dataLength !== 6))
    throw new SayehError('corrupt', 'the WebP file is damaged: the animation control is not of 6 bytes');
  if (kept.filter(({ name }) => name === 'ANIM').length > 1)
    throw new SayehError('corrupt', 'the WebP file is damaged: it has two animation controls');
  const problem = orderProblem([header, ...extended, ...kept]);
  if (problem) throw new SayehError('corrupt', `the WebP file is damaged: ${problem}`);
}

async function dataOf(
  source: ByteSource,
  chunks: readonly Chunk[],
  name: string,
): Promise<Uint8Array | undefined> {
  const chunk = chunks.find((candidate) => candidate.name === name && candidate.frame === undefined);
  return chunk && readPart(source, chunk.dataOffset, chunk.dataLength);
}

async function orientationIn(source: ByteSource, chunks: readonly Chunk[]): Promise<Orientation> {
  const block = await dataOf(source, chunks, 'EXIF');
  return block ? orientationOf(withoutPrefix(block)) : 1;
}

/** The extended header with the flags that the new file needs; undefined for a file that never had one. */
async function extendedHeader(
  source: ByteSource,
  chunks: readonly Chunk[],
  hasProfile: boolean,
  orientation: Orientation,
): Promise<Uint8Array | undefined> {
  const old = await dataOf(source, chunks, 'VP8X');
  if (!old) return undefined;
  const has = (wanted: string) => chunks.some(({ name }) => name === wanted);
  const flags =
    (hasProfile ? FLAG.profile : 0) |
    (orientation === 1 ? 0 : FLAG.exif) |
    (has('ANIM') ? FLAG.animation : 0) |
    (has('ALPH') ? FLAG.alpha : old[0] & FLAG.alpha);
  return concat(Uint8Array.of(flags, 0, 0, 0), old.subarray(4, 10));
}

/** What a new chunk is made of: bytes made here, a stretch of the old file, or further chunks after some bytes. */
type Content =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'copy'; readonly offset: number; readonly length: number }
  | { readonly kind: 'frame'; readonly header: Uint8Array; readonly pieces: readonly Piece[] };
interface Piece {
  readonly name: string;
  readonly content: Content;
}

const freshPiece = (name: string, bytes: Uint8Array | undefined): Piece[] =>
  bytes ? [{ name, content: { kind: 'bytes', bytes } }] : [];

async function codedPieces(source: ByteSource, kept: readonly Chunk[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  const frames = new Map<number, Piece[]>();
  for (const { name, frame, dataOffset, dataLength } of kept) {
    if (name === 'ANMF' && frame !== undefined) {
      const header = await readPart(source, dataOffset, FRAME_HEADER);
      header[FRAME_HEADER - 1] &= 3; // reserved bits
      const inside: Piece[] = [];
      frames.set(frame, inside);
      pieces.push({ name, content: { kind: 'frame', header, pieces: inside } });
    } else {
      const piece: Piece = { name, content: { kind: 'copy', offset: dataOffset, length: dataLength } };
      (frame === undefined ? pieces : frames.get(frame)!).push(piece);
    }
  }
  return pieces;
}

function contentLength(content: Content): number {
  switch (content.kind) {
    case 'bytes':
      return content.bytes.length;
    case 'copy':
      return content.length;
    case 'frame':
      return content.pieces.reduce((sum, piece) => sum + sizeOf(piece), content.header.length);
  }
}

/** A chunk's whole size: header, content, padding to an even length. */
const sizeOf = ({ content }: Piece): number => 8 + contentLength(content) + (contentLength(content) % 2);

async function writePiece(source: ByteSource, sink: ByteSink, { name, content }: Piece): Promise<void> {
  const length = contentLength(content);
  await sink.write(concat(fromLatin1(name), le32(length)));
  switch (content.kind) {
    case 'bytes':
      await sink.write(content.bytes);
      break;
    case 'copy':
      await copy(source, sink, content.offset, content.length);
      break;
    case 'frame':
      await sink.write(content.header);
      for (const piece of content.pieces) await writePiece(source, sink, piece);
  }
  if (length % 2 === 1) await sink.write(Uint8Array.of(0));
}
