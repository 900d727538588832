import type { ByteSource } from '../byte-source.ts';
import type { Part } from '../format.ts';
import { type RiffChunk, walkRiff } from '../riff.ts';
import { latin1, u32le } from '../still/bytes.ts';
import { numberSiblings } from '../still/number-siblings.ts';

/** One stretch of a WebP file (RFC 9649): they follow one another without gaps. */
export interface Chunk {
  /** The chunk's four characters, `RIFF` for the file header, or `stray`. */
  readonly name: string;
  /** Which animation frame it belongs to: the place of its `ANMF` among all. */
  readonly frame: number | undefined;
  /** In a list inside, or in a second RIFF: no decoder looks there. */
  readonly elsewhere: boolean;
  readonly offset: number;
  /** Header and padding included; of `ANMF` only the header and its 16 bytes, for its chunks follow. */
  readonly length: number;
  readonly dataOffset: number;
  readonly dataLength: number;
  readonly what: string;
  /** The file ends before the chunk does. */
  readonly truncated: boolean;
}

const HEADER = 8;
/** Place, size, duration and flags, RFC 9649 section 2.7.1.1. */
export const FRAME_HEADER = 16;
/** Bound against files made of empty chunks. */
const MOST_CHUNKS = 100_000;

/** Reads every chunk, those inside animation frames included. */
export async function readChunks(source: ByteSource): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let frames = 0;
  let files = 0;
  for await (const leaf of walkRiff(source)) {
    const { offset, length } = leaf;
    if (chunks.length >= MOST_CHUNKS) {
      chunks.push(stray(offset, source.size - offset, 'damaged: more chunks than any picture has'));
      break;
    }
    if (leaf.kind === 'list') {
      if (leaf.inside.length === 0) files++;
      const what =
        leaf.id === 'RIFF' && leaf.type === 'WEBP' ? 'WebP file header' : 'list of an unknown kind';
      const name = leaf.id === 'RIFF' && leaf.inside.length === 0 && offset === 0 ? 'RIFF' : 'stray';
      const { truncated } = leaf;
      chunks.push({ ...stray(offset, length, what), name, truncated });
    } else if (leaf.kind === 'stray') {
      chunks.push(
        stray(offset, length, leaf.inside.length === 0 ? 'data after the end' : 'bytes between chunks'),
      );
    } else {
      const elsewhere = leaf.inside.length > 1 || files > 1;
      const isFrame = leaf.id === 'ANMF' && leaf.dataLength >= FRAME_HEADER && !elsewhere;
      if (isFrame) chunks.push(...(await frameChunks(source, leaf, frames++)));
      else chunks.push({ ...fromRiff(leaf), elsewhere });
    }
  }
  return chunks;
}

const fromRiff = (leaf: RiffChunk): Chunk => ({
  name: leaf.id,
  frame: undefined,
  elsewhere: false,
  offset: leaf.offset,
  length: leaf.length,
  dataOffset: leaf.dataOffset,
  dataLength: leaf.dataLength,
  what: whatIs(leaf.id),
  truncated: leaf.truncated,
});

const stray = (offset: number, length: number, what: string): Chunk => ({
  name: 'stray',
  frame: undefined,
  elsewhere: false,
  offset,
  length,
  dataOffset: offset,
  dataLength: length,
  what,
  truncated: false,
});

/** An animation frame: its header, and the chunks inside. */
async function frameChunks(source: ByteSource, leaf: RiffChunk, frame: number): Promise<Chunk[]> {
  const chunks: Chunk[] = [
    { ...fromRiff(leaf), frame, length: HEADER + FRAME_HEADER, dataLength: FRAME_HEADER },
  ];
  const end = leaf.dataOffset + leaf.dataLength;
  let at = leaf.dataOffset + FRAME_HEADER;
  while (at + HEADER <= end && chunks.length < 100) {
    const head = await source.read(at, HEADER);
    const name = latin1(head, 0, 4);
    const declared = u32le(head, 4);
    const dataLength = Math.min(declared, end - at - HEADER);
    const length = Math.min(HEADER + dataLength + (dataLength % 2), end - at);
    const truncated = declared > dataLength;
    chunks.push({
      name,
      frame,
      elsewhere: false,
      offset: at,
      length,
      dataOffset: at + HEADER,
      dataLength,
      what: whatIs(name),
      truncated,
    });
    at += length;
  }
  const rest = leaf.offset + leaf.length - at;
  if (rest > 0) chunks.push({ ...stray(at, rest, 'bytes at the end of a frame'), frame });
  return chunks;
}

const WHAT: Readonly<Record<string, string>> = {
  VP8X: 'extended header',
  ICCP: 'colour profile',
  ANIM: 'animation control',
  ANMF: 'animation frame',
  ALPH: 'transparency',
  'VP8 ': 'coded picture',
  VP8L: 'coded picture, lossless',
  EXIF: 'EXIF block',
  'XMP ': 'XMP packet',
  C2PA: 'JUMBF box',
};

const whatIs = (name: string) => WHAT[name] ?? 'chunk of an unknown kind';

/** Whether a chunk holds pixels. */
export const isImage = ({ name }: Chunk) => name === 'VP8 ' || name === 'VP8L';

export function pathsOf(chunks: readonly Chunk[]): string[] {
  const frames = numberSiblings(
    chunks.filter(({ name, frame }) => name === 'ANMF' && frame !== undefined).map(() => 'ANMF'),
  );
  const names = chunks.map(({ name, frame }) =>
    frame === undefined ? name.trim() : name === 'ANMF' ? frames[frame] : `${frames[frame]}/${name.trim()}`,
  );
  return numberSiblings(names);
}

export function partsOf(chunks: readonly Chunk[]): Part[] {
  const paths = pathsOf(chunks);
  return chunks.map(({ offset, length, what, truncated }, i) => ({
    path: paths[i],
    offset,
    length,
    what: truncated ? `damaged: ${what} is cut off` : what,
  }));
}
