import type { ByteSource } from '../byte-source.ts';
import type { Finding } from '../format.ts';
import { readableRuns } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { contentOf } from './box-content.ts';
import { type Box, everyBox } from './box-tree.ts';
import { withoutNumbers } from './check-boxes.ts';
import { FieldReader, latin } from './field-reader.ts';
import { macTime } from './mac-time.ts';
import { divide, type Extent } from './media-extents.ts';

/** Free space longer than this is not read whole to see whether it is empty. */
const LOOKED_AT = 1 << 20;

/** What hides between the parts of any file of boxes: free space, bytes nothing refers to, data after the end. */
export async function structureFindings(
  source: ByteSource,
  boxes: readonly Box[],
  extents: readonly Extent[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const box of everyBox(boxes)) {
    const part = box.path;
    if (['free', 'skip', 'wide'].includes(box.type) && (await hasContent(source, box)))
      findings.push(await unknown(source, box, 'free space that is not empty'));
    if (box.damage && part.startsWith('('))
      findings.push(await unknown(source, box, `${box.length} bytes after the last box`));
    if (box.type === 'mdat' && !box.children) {
      const stretches = divide(box.offset + box.headerLength, box.offset + box.length, extents);
      const unused = stretches.reduce((sum, { owner, length }) => sum + (owner ? 0 : length), 0);
      if (unused > 0 && extents.length > 0)
        findings.push({
          betrays: 'unknown',
          part,
          label: `${unused} bytes of media data that nothing refers to`,
        });
    }
    if (part === 'mpvd')
      findings.push({ betrays: 'other-pictures', part, label: 'the video of a motion photo' });
    if (part === 'sefd') findings.push({ betrays: 'device', part, label: "Samsung's trailer" });
    if (withoutNumbers(part) === 'emsg') findings.push({ betrays: 'unknown', part, label: 'event message' });
  }
  return findings;
}

/** With what it says in letters. */
async function unknown(source: ByteSource, box: Box, label: string): Promise<Finding> {
  const value = readableRuns(
    await readPart(source, box.offset + box.headerLength, Math.min(box.length, LOOKED_AT)),
  );
  return { betrays: 'unknown', part: box.path, label, ...(value ? { value } : {}) };
}

async function hasContent(source: ByteSource, box: Box): Promise<boolean> {
  const start = box.offset + box.headerLength;
  const bytes = await source.read(start, Math.min(box.length - box.headerLength, LOOKED_AT));
  return bytes.some((byte) => byte !== 0);
}

/** Brands of a camera maker in `ftyp`. */
const MAKERS: Readonly<Record<string, string>> = {
  XAVC: 'Sony',
  CAEP: 'Canon',
  'mqt ': 'Sony',
  MSNV: 'Sony',
  niko: 'Nikon',
  pana: 'Panasonic',
  'crx ': 'Canon',
};

/** What the headers of a film reveal. */
export async function movieHeaderFindings(source: ByteSource, boxes: readonly Box[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const box of everyBox(boxes)) {
    const part = box.path;
    if (part === 'ftyp') {
      const brands = latin((await contentOf(source, box)).subarray(0, 256)).match(/[\s\S]{4}/g) ?? [];
      const maker = brands.map((brand) => MAKERS[brand]).find(Boolean);
      if (maker) findings.push({ betrays: 'device', part, label: 'brand of a camera maker', value: maker });
    }
    if (box.type !== 'mvhd' && box.type !== 'mdhd') continue;
    const fields = new FieldReader(await contentOf(source, box), part);
    const wide = fields.versionAndFlags().version === 1 ? 8 : 4;
    const created = fields.uint(wide);
    const modified = fields.uint(wide);
    if (created || modified)
      findings.push({
        betrays: 'when',
        part,
        label: 'time of recording',
        value: macTime(created || modified),
      });
  }
  return findings;
}
