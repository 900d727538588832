import type { ByteSource } from '../byte-source.ts';
import { bytesInMemory } from '../byte-source.ts';
import type { Finding } from '../format.ts';
import { printable } from '../still/bytes.ts';
import { type Ifd, readText, readTiff, type TiffStructure } from './ifd.ts';
import { meaningOf } from './tags.ts';

/** What an EXIF block reveals. `part` is the path of the part that holds it. */
export async function exifFindings(block: Uint8Array, part: string): Promise<Finding[]> {
  const source = bytesInMemory(block);
  const structure = await readTiff(source);
  if (!structure) return [{ betrays: 'unknown', part, label: 'EXIF block that cannot be read' }];
  const findings = await tiffFindings(source, structure, () => part);
  // The first directory describes the picture around the block, the second one a small copy inside it.
  const holdsSecond = structure.ifds.some(({ path }) => path === 'IFD[1]');
  if (holdsSecond && !findings.some(({ betrays }) => betrays === 'other-pictures'))
    findings.push({ betrays: 'other-pictures', part, label: 'thumbnail' });
  return findings;
}

/**
 * What the directories of a TIFF structure reveal: one finding for each meaning and directory, with the values
 * of all tags that share it. Tags in `readElsewhere` are left to the caller.
 */
export async function tiffFindings(
  source: ByteSource,
  structure: TiffStructure,
  partOf: (ifd: Ifd) => string,
  readElsewhere: ReadonlySet<number> = new Set(),
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const ifd of structure.ifds) {
    const byLabel = new Map<string, { finding: Finding; values: string[] }>();
    for (const entry of ifd.entries) {
      if (readElsewhere.has(entry.tag)) continue;
      const meaning = meaningOf(ifd.kind, entry.tag);
      if (!meaning) continue;
      const found = byLabel.get(meaning.label) ?? { finding: { ...meaning, part: partOf(ifd) }, values: [] };
      byLabel.set(meaning.label, found);
      // Settings say little one by one, and binary blocks nothing as text.
      if (found.values.length < 8 && entry.valueLength <= 4096)
        found.values.push(printable(await readText(source, structure, entry)));
    }
    for (const { finding, values } of byLabel.values()) {
      const value = values.filter((text) => text !== '').join(', ');
      findings.push(value ? { ...finding, value } : finding);
    }
  }
  return findings;
}
