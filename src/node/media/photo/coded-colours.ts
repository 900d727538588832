import { SayehError } from '../../../core/errors.ts';
import { bytesInMemory } from '../../../core/metadata/byte-source.ts';
import { fieldsOf } from '../../../core/metadata/isobmff/box-content.ts';
import { readBoxTree } from '../../../core/metadata/isobmff/box-tree.ts';
import { readItems } from '../../../core/metadata/isobmff/items.ts';

/** Colours given by code points of ITU-T H.273 instead of a profile. */
export interface CodedColours {
  readonly primaries: number;
  readonly transfer: number;
}

/** PQ and HLG, table 3. */
const HDR_TRANSFERS = new Set([16, 18]);
/** BT.2020, DCI-P3 and Display P3, table 2. */
const WIDE_PRIMARIES = new Set([9, 11, 12]);

/** Decoders of AVIF and HEIF give such samples as they are, so they come out paler than meant; says so. */
export function colourWarnings(colours: CodedColours | undefined): string[] {
  if (!colours) return [];
  if (HDR_TRANSFERS.has(colours.transfer))
    return ['the picture is of high dynamic range; it is written without, and may look pale'];
  if (WIDE_PRIMARIES.has(colours.primaries))
    return ['the colours are of a wider range than sRGB; they may look paler'];
  return [];
}

/**
 * The nclx colours of a file's primary picture (ISO/IEC 14496-12 section 12.1.5); undefined where it has none, or a
 * profile, or its boxes are damaged.
 */
export async function readCodedColours(file: Uint8Array): Promise<CodedColours | undefined> {
  const source = bytesInMemory(file);
  try {
    const picture = await readItems(source, await readBoxTree(source));
    const primary = picture?.items.find(({ id }) => id === picture.primary);
    let colours: CodedColours | undefined;
    for (const { index } of primary?.properties ?? []) {
      const box = picture?.properties[index];
      if (box?.type !== 'colr') continue;
      const fields = await fieldsOf(source, box);
      if (fields.fourcc() !== 'nclx') return undefined;
      colours = { primaries: fields.u16(), transfer: fields.u16() };
    }
    return colours;
  } catch (error) {
    // Only a warning hangs on it: whether the picture can be read is for its decoder to say.
    if (error instanceof SayehError) return undefined;
    throw error;
  }
}
