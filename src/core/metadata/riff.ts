import type { ByteSource } from './byte-source.ts';

/**
 * One leaf of a RIFF file (Microsoft and IBM 1991, "Multimedia Programming Interface and Data Specifications
 * 1.0", chapter 2): AVI and WebP are made of these. `offset` and `length` say which bytes are the leaf's own, so
 * that the leaves of a file, one after the other, cover every byte exactly once.
 */
export type RiffLeaf = RiffListHeader | RiffChunk | RiffStray;

interface Stretch {
  /** Types of the lists around it, outermost first: `['AVI ', 'movi']`. */
  readonly inside: readonly string[];
  readonly offset: number;
  readonly length: number;
}

/** The 12 bytes that open a RIFF or LIST chunk; its content follows as further leaves. */
export interface RiffListHeader extends Stretch {
  readonly kind: 'list';
  readonly id: 'RIFF' | 'LIST';
  /** The list's type: `AVI `, `WEBP`, `movi`. */
  readonly type: string;
  /** Bytes of content that the header claims, after the type. */
  readonly declared: number;
  /** Where the content ends: as claimed, or where the enclosing list or the file ends first. */
  readonly end: number;
  /** The claim reaches past what encloses it. */
  readonly truncated: boolean;
}

/** A chunk with its 8-byte header and, after content of odd length, its padding byte. */
export interface RiffChunk extends Stretch {
  readonly kind: 'chunk';
  /** Four characters. */
  readonly id: string;
  readonly dataOffset: number;
  /** Bytes of content present. */
  readonly dataLength: number;
  /** Bytes of content that the header claims. */
  readonly declared: number;
  readonly truncated: boolean;
}

/** Bytes that are no chunk: fewer than a header at a list's end, or anything after the last RIFF chunk. */
export interface RiffStray extends Stretch {
  readonly kind: 'stray';
}

const HEADER = 8;
const LIST_HEADER = 12;
/** Real files nest four deep; deeper lists are taken as plain chunks. */
const DEEPEST = 16;

/**
 * Every leaf of a RIFF file in file order. Top-level RIFF chunks follow one another (OpenDML AVI has several);
 * what comes after the last of them is one stray. Never throws on damage: sizes are cut to what is there.
 */
export async function* walkRiff(source: ByteSource): AsyncGenerator<RiffLeaf> {
  let at = 0;
  while (at < source.size) {
    if ((await fourCharacters(source, at)) !== 'RIFF' || at + LIST_HEADER > source.size) {
      yield { kind: 'stray', inside: [], offset: at, length: source.size - at };
      return;
    }
    at = yield* walkChunk(source, at, source.size, []);
  }
}

async function* walkChunks(
  source: ByteSource,
  start: number,
  end: number,
  inside: readonly string[],
): AsyncGenerator<RiffLeaf> {
  let at = start;
  while (at + HEADER <= end) at = yield* walkChunk(source, at, end, inside);
  if (at < end) yield { kind: 'stray', inside, offset: at, length: end - at };
}

/** Walks the chunk at `at`, and answers where the next one begins. */
async function* walkChunk(
  source: ByteSource,
  at: number,
  limit: number,
  inside: readonly string[],
): AsyncGenerator<RiffLeaf, number> {
  const header = await source.read(at, LIST_HEADER);
  const id = characters(header, 0);
  const size = littleEndian(header, 4);
  const claimedEnd = at + HEADER + size;
  const dataEnd = Math.min(claimedEnd, limit);
  const paddedEnd = Math.min(dataEnd + (dataEnd === claimedEnd && size % 2 === 1 ? 1 : 0), limit);
  const truncated = claimedEnd > limit;

  const isList = (id === 'RIFF' || id === 'LIST') && dataEnd >= at + LIST_HEADER && inside.length < DEEPEST;
  if (!isList) {
    const dataOffset = at + HEADER;
    const dataLength = dataEnd - dataOffset;
    yield {
      kind: 'chunk',
      inside,
      id,
      offset: at,
      length: paddedEnd - at,
      dataOffset,
      dataLength,
      declared: size,
      truncated,
    };
    return paddedEnd;
  }
  const type = characters(header, 8);
  yield {
    kind: 'list',
    inside,
    id,
    type,
    offset: at,
    length: LIST_HEADER,
    declared: size - 4,
    end: dataEnd,
    truncated,
  };
  yield* walkChunks(source, at + LIST_HEADER, dataEnd, [...inside, type]);
  // A list of odd length is padded like any chunk; its padding belongs to no child.
  if (paddedEnd > dataEnd) yield { kind: 'stray', inside, offset: dataEnd, length: 1 };
  return paddedEnd;
}

async function fourCharacters(source: ByteSource, at: number): Promise<string> {
  return characters(await source.read(at, 4), 0);
}

const characters = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

const littleEndian = (bytes: Uint8Array, at: number) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
