import type { ByteSource } from '../byte-source.ts';
import type { Part } from '../format.ts';
import { copyOf, latin1 } from '../still/bytes.ts';
import { numberSiblings } from '../still/number-siblings.ts';
import { SubBlocks } from './sub-blocks.ts';

/** One stretch of a GIF file (GIF89a, CompuServe 1990): they follow one another without gaps. */
export interface Block {
  readonly kind: BlockKind;
  readonly offset: number;
  readonly length: number;
  readonly what: string;
  /** For an application extension: its identifier and authentication code, `NETSCAPE2.0`. */
  readonly application?: string;
}

export type BlockKind =
  | 'header' // signature, screen descriptor, global colour table
  | 'control' // graphic control extension
  | 'image' // descriptor, local colour table, coded pixels
  | 'text' // plain text extension
  | 'comment'
  | 'application'
  | 'unknown'
  | 'trailer'
  | 'after the end'
  | 'damaged';

const WHAT: Readonly<Record<Exclude<BlockKind, 'damaged'>, string>> = {
  header: 'screen size and colours',
  control: "a picture's duration and transparency",
  image: 'coded picture',
  text: 'plain text to be drawn',
  comment: 'comment',
  application: 'application data',
  unknown: 'extension of an unknown kind',
  trailer: 'end of the file',
  'after the end': 'data after the end',
};

const FIXED_HEADER = 13;
export const DESCRIPTOR = 10;
/** Bound against files made of empty blocks. */
const MOST_BLOCKS = 100_000;

/** Bytes of a colour table, by the packed field that announces it (sections 18 and 20). */
export const tableLength = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

/** Reads every block. */
export async function readBlocks(source: ByteSource): Promise<Block[]> {
  const head = await source.read(0, FIXED_HEADER);
  if (!/^GIF8[79]a/.test(latin1(head)) || head.length < FIXED_HEADER)
    return [damaged(0, source.size, 'no GIF header')];
  const headerLength = FIXED_HEADER + tableLength(head[10]);
  if (headerLength > source.size) return [damaged(0, source.size, 'the header is cut off')];
  const blocks = [block('header', 0, headerLength)];
  const subBlocks = new SubBlocks(source);
  let at = headerLength;
  while (at < source.size) {
    const next =
      blocks.length < MOST_BLOCKS
        ? await readBlock(source, subBlocks, at)
        : damaged(at, source.size, 'more blocks than any picture has');
    blocks.push(next);
    at += next.length;
    if (next.kind === 'damaged') return blocks;
    if (next.kind === 'trailer') {
      if (at < source.size) blocks.push(block('after the end', at, source.size - at));
      return blocks;
    }
  }
  blocks.push(damaged(at, source.size, 'the file ends before its end mark'));
  return blocks;
}

async function readBlock(source: ByteSource, subBlocks: SubBlocks, at: number): Promise<Block> {
  const head = copyOf(await source.read(at, 16));
  switch (head[0]) {
    case 0x3b:
      return block('trailer', at, 1);
    case 0x2c: {
      // Descriptor, local colour table, one byte of code size, then the coded pixels.
      const dataStart = at + DESCRIPTOR + tableLength(head[9]) + 1;
      const end = head.length >= DESCRIPTOR ? await subBlocks.end(dataStart) : undefined;
      return end === undefined
        ? damaged(at, source.size, 'a picture is cut off')
        : block('image', at, end - at);
    }
    case 0x21: {
      const end = await subBlocks.end(at + 2);
      if (end === undefined) return damaged(at, source.size, 'an extension is cut off');
      const kind = EXTENSIONS[head[1]] ?? 'unknown';
      const extension = block(kind, at, end - at);
      return kind === 'application' ? { ...extension, ...applicationOf(head) } : extension;
    }
    default:
      return damaged(at, source.size, 'no block starts here');
  }
}

const EXTENSIONS: Readonly<Record<number, 'text' | 'control' | 'comment' | 'application'>> = {
  1: 'text',
  249: 'control',
  254: 'comment',
  255: 'application',
};

const APPLICATIONS: Readonly<Record<string, string>> = {
  'NETSCAPE2.0': 'number of repetitions',
  'ANIMEXTS1.0': 'number of repetitions',
  'XMP DataXMP': 'XMP packet',
  ICCRGBG1012: 'colour profile',
  C2PA_GIF: 'JUMBF box',
};

function applicationOf(head: Uint8Array): { application: string; what: string } {
  const application = head[2] === 11 ? latin1(head, 3, 14) : '';
  const what =
    APPLICATIONS[application] ??
    APPLICATIONS[application.slice(0, 8)] ??
    'application data of an unknown kind';
  return { application, what };
}

const block = (kind: Exclude<BlockKind, 'damaged'>, offset: number, length: number): Block => ({
  kind,
  offset,
  length,
  what: WHAT[kind],
});

const damaged = (offset: number, end: number, why: string): Block => ({
  kind: 'damaged',
  offset,
  length: end - offset,
  what: `damaged: ${why}`,
});

export const pathsOf = (blocks: readonly Block[]) =>
  numberSiblings(
    blocks.map(({ kind, application }) => (application ? `application ${application.trim()}` : kind)),
  );

export function partsOf(blocks: readonly Block[]): Part[] {
  const paths = pathsOf(blocks);
  return blocks.map(({ offset, length, what }, i) => ({ path: paths[i], offset, length, what }));
}
