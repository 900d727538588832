import { SayehError } from '../../../../core/errors.ts';
import { bytesInMemory } from '../../../../core/metadata/byte-source.ts';
import { readBoxTree } from '../../../../core/metadata/isobmff/box-tree.ts';
import { type ItemPicture, readItems } from '../../../../core/metadata/isobmff/items.ts';

/** Real files nest once: a grid of tiles. */
const DEEPEST = 4;

/**
 * How a HEIF file's primary picture is coded: `hvc1`, `av01`... A picture put together from others (`grid`, `iovl`,
 * `iden`: ISO/IEC 23008-12 section 6.6.2) is coded as the first of them. Undefined where that cannot be made out.
 */
export async function primaryCodec(file: Uint8Array): Promise<string | undefined> {
  const source = bytesInMemory(file);
  try {
    const picture = await readItems(source, await readBoxTree(source));
    return picture?.primary === undefined ? undefined : codecOf(picture, picture.primary, DEEPEST);
  } catch (error) {
    if (error instanceof SayehError) return undefined; // damaged: for the decoder to say
    throw error;
  }
}

function codecOf(picture: ItemPicture, id: number, depth: number): string | undefined {
  const parts = picture.references.find(({ type, from }) => type === 'dimg' && from === id);
  if (parts && parts.to.length > 0 && depth > 0) return codecOf(picture, parts.to[0], depth - 1);
  return picture.items.find((item) => item.id === id)?.type;
}
