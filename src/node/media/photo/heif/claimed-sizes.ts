import { SayehError } from '../../../../core/errors.ts';
import { type Limits, megapixels, overLimit } from '../../../../core/limits.ts';
import { bytesInMemory } from '../../../../core/metadata/byte-source.ts';
import { fieldsOf } from '../../../../core/metadata/isobmff/box-content.ts';
import { readBoxTree } from '../../../../core/metadata/isobmff/box-tree.ts';
import { readItems } from '../../../../core/metadata/isobmff/items.ts';

/**
 * Holds every size that a HEIF or AVIF file claims for a picture (`ispe`, ISO/IEC 23008-12 section 6.5.3) against
 * twice the limit, since `clap` may show less than is coded, before a decoder sees the file: libheif opens them all,
 * and libvips prints about those it cannot take in.
 *
 * Throws SayehError('too-large').
 */
export async function refuseHugeClaims(file: Uint8Array, name: string, limits: Limits): Promise<void> {
  for (const { width, height } of await claimedSizes(file))
    if (megapixels(width * height) > 2 * limits.picture)
      throw overLimit(
        'picture',
        limits,
        megapixels(width * height) / 2,
        `${name} claims a picture of ${width}x${height} pixels`,
      );
}

async function claimedSizes(file: Uint8Array): Promise<{ width: number; height: number }[]> {
  const source = bytesInMemory(file);
  const sizes: { width: number; height: number }[] = [];
  try {
    const picture = await readItems(source, await readBoxTree(source));
    for (const box of picture?.properties ?? []) {
      if (box.type !== 'ispe') continue;
      const fields = await fieldsOf(source, box);
      fields.u32(); // version and flags
      sizes.push({ width: fields.u32(), height: fields.u32() });
    }
  } catch (error) {
    if (!(error instanceof SayehError)) throw error; // damaged: for the decoder to say
  }
  return sizes;
}
