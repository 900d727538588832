import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Part } from '../format.ts';
import { boxWords } from './box-kinds.ts';
import { type Box, findBox, readBoxTree } from './box-tree.ts';
import { itemExtents } from './item-extents.ts';
import { disjoint, divide, type Extent, movieExtents } from './media-extents.ts';
import { readMovie } from './movie.ts';

/**
 * Every part of a file, leaves only: a container shows as the bytes before its first inner box. `mdat` is split
 * into what each track and item refers to and what nothing does.
 */
export async function walk(source: ByteSource): Promise<Part[]> {
  const boxes = await readBoxTree(source);
  return partsOf(boxes, await extentsOf(source, boxes));
}

/** The same, of boxes already read. */
export function partsOf(boxes: readonly Box[], extents: readonly Extent[]): Part[] {
  const parts: Part[] = [];
  for (const box of boxes) addParts(box, extents, parts);
  return parts;
}

/** What tracks and items refer to, sorted and disjoint; nothing where the tables are damaged. */
export async function extentsOf(source: ByteSource, boxes: readonly Box[]): Promise<Extent[]> {
  const extents: Extent[] = [];
  const readers = [
    async () => (findBox(boxes, 'moov') ? movieExtents(await readMovie(source, boxes)) : []),
    () => itemExtents(source, boxes),
  ];
  for (const read of readers) {
    try {
      for (const extent of await read()) extents.push(extent);
    } catch (error) {
      // A listing must show a damaged file too; `verify` and `strip` say what the damage is.
      if (!(error instanceof SayehError)) throw error;
    }
  }
  return disjoint(extents.sort((a, b) => a.offset - b.offset || a.length - b.length));
}

function addParts(box: Box, extents: readonly Extent[], parts: Part[]): void {
  const { path, offset } = box;
  if (box.children) {
    parts.push({ path, offset, length: box.headerLength, what: `header of ${boxWords(box.type)}` });
    for (const child of box.children) addParts(child, extents, parts);
  } else if (box.type === 'mdat') {
    parts.push({ path, offset, length: box.headerLength, what: 'header of media data' });
    for (const { owner, ...stretch } of divide(offset + box.headerLength, offset + box.length, extents)) {
      const what = owner ? `coded data of ${owner}` : 'bytes that nothing refers to';
      parts.push({ path: `${path}/${owner ?? '(unreferenced)'}`, ...stretch, what });
    }
  } else if (box.damage) {
    const what = path.startsWith('(') ? `data after the last box: ${box.damage}` : box.damage;
    parts.push({ path, offset, length: box.length, what });
  } else parts.push({ path, offset, length: box.length, what: boxWords(box.type) });
}
