import type { ByteSource } from '../byte-source.ts';
import { type IfdEntry, readNumbers, type TiffStructure } from '../exif/ifd.ts';
import { readPart } from '../still/copy.ts';
import { isBlock, rowFor } from './allowlist.ts';
import type { Page } from './page.ts';

/** Why an entry of a page may not be in a clean file, or undefined. */
export async function objectionTo(
  source: ByteSource,
  structure: TiffStructure,
  page: Page,
  entry: IfdEntry,
): Promise<string | undefined> {
  const row = rowFor(entry.tag);
  if (!row) return `tag ${entry.tag} is not on the allowlist`;
  if (!entry.sound) return `${row.part} lies outside the file`;
  if (!row.types.includes(entry.type)) return `${row.part} is stored as type ${entry.type}`;
  const block = isBlock(entry.tag);
  const objection = await row.objection({
    count: entry.count,
    numbers: block ? [] : await readNumbers(source, structure, entry),
    bytes: block ? await readPart(source, entry.valueOffset, entry.valueLength) : new Uint8Array(),
    page,
  });
  return objection && `${row.part}: ${objection}`;
}
