import type { ByteSource } from '../byte-source.ts';
import type { Box } from './box-tree.ts';
import { readItems } from './items.ts';
import type { Extent } from './media-extents.ts';

/** Where the items of a picture file lie, by file order; those inside `idat` have a box of their own. */
export async function itemExtents(source: ByteSource, boxes: readonly Box[]): Promise<Extent[]> {
  const picture = await readItems(source, boxes);
  if (!picture) return [];
  return picture.items
    .flatMap((item) =>
      item.extents.map(({ offset, length }) => ({ offset, length, owner: `item[${item.id}]` })),
    )
    .sort((a, b) => a.offset - b.offset || a.length - b.length);
}
