import type { ByteSource } from '../byte-source.ts';
import { bytesInMemory } from '../byte-source.ts';
import type { Finding } from '../format.ts';
import { printable, readableRuns } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
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
      if (entry.tag === MAKER_NOTE && ifd.kind === 'exif' && entry.sound) {
        const note = await readPart(source, entry.valueOffset, entry.valueLength);
        findings.push(...makerNoteFindings(note, partOf(ifd)));
        continue;
      }
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

const MAKER_NOTE = 0x927c;
/** Letters and digits as makers number their cameras: seven or more, most of them digits. */
const SERIAL = /\b(?=(?:[A-Z-]*\d){6})[A-Z0-9-]{7,24}\b/;
const DATE = /\d{4}:\d\d:\d\d|\d{8}/;

/**
 * What a maker's private notes say. Every maker has a format of its own, none of them published; what they say in
 * letters shows without knowing it, and so does a picture inside.
 */
function makerNoteFindings(note: Uint8Array, part: string): Finding[] {
  const label = 'maker notes (may hold serial numbers, positions and previews)';
  const value = readableRuns(note);
  const findings: Finding[] = [{ betrays: 'device', part, label, ...(value ? { value } : {}) }];
  const serial = value.split(' | ').find((run) => SERIAL.test(run) && !DATE.test(run));
  if (serial)
    findings.push({
      betrays: 'who',
      part,
      label: 'a number in the maker notes as serial numbers look',
      value: serial,
    });
  const startsPicture = note.some(
    (byte, at) => byte === 0xff && note[at + 1] === 0xd8 && note[at + 2] === 0xff && note[at + 3] >= 0xc0,
  );
  if (startsPicture) findings.push({ betrays: 'other-pictures', part, label: 'preview in the maker notes' });
  return findings;
}
