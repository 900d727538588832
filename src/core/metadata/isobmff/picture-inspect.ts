import type { ByteSource } from '../byte-source.ts';
import { exifFindings } from '../exif/findings.ts';
import type { Betrays, Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { contentOf } from './box-content.ts';
import { type Box, everyBox, findBox, readBoxTree } from './box-tree.ts';
import { FieldReader, latin, utf8 } from './field-reader.ts';
import { movieHeaderFindings, structureFindings } from './inspect-structure.ts';
import { tagFindings } from './inspect-tags.ts';
import { type Item, type ItemPicture, readItems } from './items.ts';
import { collect, inspectMovie } from './movie-inspect.ts';
import { ITEM_NAMES } from './picture-allowlist.ts';
import { auxiliaryType, codedEntry, itemData, type Role, rolesOf } from './picture-model.ts';
import { cleanerFor } from './sample-cleaners.ts';
import { extentsOf } from './walk.ts';

/** What a picture file reveals beside the picture that is shown. */
export async function inspectPicture(source: ByteSource): Promise<Finding[]> {
  const boxes = await readBoxTree(source);
  if (findBox(boxes, 'moov')) return inspectSequence(source, boxes);
  return collect([
    () => movieHeaderFindings(source, boxes),
    () => itemFindings(source, boxes),
    () => propertyFindings(source, boxes),
    () => tagFindings(source, boxes),
    async () => structureFindings(source, boxes, await extentsOf(source, boxes)),
  ]);
}

/** A sequence is a film with pictures beside it. */
async function inspectSequence(source: ByteSource, boxes: readonly Box[]): Promise<Finding[]> {
  const pictures = await collect([() => itemFindings(source, boxes), () => propertyFindings(source, boxes)]);
  return [...pictures, ...(await inspectMovie(source))];
}

const ROLE_FINDINGS: Partial<Record<Role, readonly [Betrays, string]>> = {
  thumbnail: ['other-pictures', 'thumbnail of the uncovered picture'],
  'gain-map': ['other-pictures', 'HDR gain map: a second look at the picture'],
  'other-picture': ['other-pictures', 'another picture'],
};

async function itemFindings(source: ByteSource, boxes: readonly Box[]): Promise<Finding[]> {
  const picture = await readItems(source, boxes);
  if (!picture) return [];
  const roles = await rolesOf(source, picture);
  const readers = picture.items.map(
    (item) => () => oneItem(source, picture, item, roles.get(item.id) ?? 'unknown'),
  );
  return collect(readers);
}

async function oneItem(source: ByteSource, picture: ItemPicture, item: Item, role: Role): Promise<Finding[]> {
  const part = `meta/item[${item.id}]`;
  const findings: Finding[] = [];
  if (!ITEM_NAMES.includes(item.name) && role !== 'exif' && role !== 'xmp')
    findings.push({ betrays: 'edited', part, label: 'name of an item', value: item.name });
  const known = ROLE_FINDINGS[role];
  if (known) findings.push({ betrays: known[0], part, label: known[1] });
  switch (role) {
    case 'exif':
      return [...findings, ...(await exifItem(source, item, part))];
    case 'xmp':
      return [...findings, ...xmpFindings(await itemData(source, item), part)];
    case 'auxiliary': {
      const value = await auxiliaryType(source, picture, item);
      findings.push({ betrays: 'other-pictures', part, label: auxiliaryLabel(value), value });
      return findings;
    }
    case 'unknown':
      findings.push({
        betrays: 'unknown',
        part,
        label: `an item of kind ${item.type} ${item.contentType}`.trim(),
      });
      return findings;
    default:
      return [...findings, ...(await codedFindings(source, picture, item, part))];
  }
}

function auxiliaryLabel(type: string): string {
  if (/depth|disparity|auxid:2/i.test(type)) return 'depth map';
  if (/matte|portrait|semantic|skin|hair|teeth|glasses|sky/i.test(type))
    return 'matte that outlines a person';
  return 'auxiliary picture';
}

/** ExifDataBlock, ISO/IEC 23008-12 annex A.2.1: how far on the TIFF header is, then the block. */
async function exifItem(source: ByteSource, item: Item, part: string): Promise<Finding[]> {
  const data = await itemData(source, item);
  if (data.length < 4) return [];
  return exifFindings(data.subarray(4 + new FieldReader(data, part).u32()), part);
}

async function codedFindings(
  source: ByteSource,
  picture: ItemPicture,
  item: Item,
  part: string,
): Promise<Finding[]> {
  if (item.type !== 'hvc1' && item.type !== 'av01') return [];
  const clean = await cleanerFor(source, codedEntry(picture, item));
  const reasons = clean?.(await itemData(source, item)).reasons ?? [];
  return [...new Set(reasons)].map((reason) => ({
    betrays: 'device',
    part,
    label: `beside the coded picture: ${reason}`,
  }));
}

async function propertyFindings(source: ByteSource, boxes: readonly Box[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const box of everyBox(findBox(boxes, 'meta', 'iprp', 'ipco')?.children ?? [])) {
    const content = await contentOf(source, box);
    if (box.type === 'colr' && ['prof', 'rICC'].includes(latin(content.subarray(0, 4))))
      findings.push(...iccFindings(content.subarray(4), box.path));
    if (box.type === 'udes')
      findings.push({
        betrays: 'who',
        part: box.path,
        label: 'description',
        value: utf8(content.subarray(4)).replaceAll('\0', ' ').trim(),
      });
    if (box.type === 'crtt' || box.type === 'mdft')
      findings.push({ betrays: 'when', part: box.path, label: 'time of recording' });
    if (['cmin', 'cmex'].includes(box.type))
      findings.push({ betrays: 'device', part: box.path, label: 'geometry of the lens' });
  }
  return findings;
}
