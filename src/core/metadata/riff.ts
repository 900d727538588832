import type { ByteSource } from './byte-source.ts';
import type { Window } from './window.ts';

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
 * what comes after the last of them is one stray. Never throws on damage: sizes are cut to what is there. Leaves of
 * one list share one `inside`.
 */
export async function* walkRiff(
  source: ByteSource & Partial<Pick<Window, 'peek'>>,
): AsyncGenerator<RiffLeaf> {
  const lists: OpenList[] = [];
  let at = 0;
  while (lists.length > 0 || at < source.size) {
    const top = lists.at(-1);
    const limit = top?.end ?? source.size;
    const inside = top?.inside ?? TOP;
    if (top && at + HEADER > limit) {
      lists.pop();
      if (at < limit) yield { kind: 'stray', inside, offset: at, length: limit - at };
      // A list of odd length is padded like any chunk; its padding belongs to no child.
      const around = lists.at(-1)?.inside ?? TOP;
      if (top.paddedEnd > limit) yield { kind: 'stray', inside: around, offset: limit, length: 1 };
      at = top.paddedEnd;
      continue;
    }
    const header = source.peek?.(at, LIST_HEADER) ?? (await source.read(at, LIST_HEADER));
    const id = characters(header, 0);
    if (!top && (id !== 'RIFF' || at + LIST_HEADER > source.size)) {
      yield { kind: 'stray', inside, offset: at, length: source.size - at };
      return;
    }
    const size = littleEndian(header, 4);
    const claimedEnd = at + HEADER + size;
    const end = Math.min(claimedEnd, limit);
    const paddedEnd = Math.min(end + (end === claimedEnd && size % 2 === 1 ? 1 : 0), limit);
    const truncated = claimedEnd > limit;
    const isList = (id === 'RIFF' || id === 'LIST') && end >= at + LIST_HEADER && inside.length < DEEPEST;
    if (!isList) {
      const dataOffset = at + HEADER;
      const data = { dataOffset, dataLength: end - dataOffset, declared: size, truncated };
      yield { kind: 'chunk', inside, id, offset: at, length: paddedEnd - at, ...data };
      at = paddedEnd;
      continue;
    }
    const type = characters(header, 8);
    const claims = { declared: size - 4, end, truncated };
    yield { kind: 'list', inside, id, type, offset: at, length: LIST_HEADER, ...claims };
    lists.push({ end, paddedEnd, inside: [...inside, type] });
    at += LIST_HEADER;
  }
}

/** A list whose content is being walked. */
interface OpenList {
  readonly end: number;
  readonly paddedEnd: number;
  /** Of its content. */
  readonly inside: readonly string[];
}

const TOP: readonly string[] = [];

const characters = (bytes: Uint8Array, at: number) =>
  String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);

const littleEndian = (bytes: Uint8Array, at: number) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
