import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { fieldsOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';

/** An item of a picture file: ISO/IEC 14496-12 section 8.11, ISO/IEC 23008-12. */
export interface Item {
  readonly id: number;
  /** `hvc1`, `av01`, `grid`, `Exif`, `mime`... */
  readonly type: string;
  readonly name: string;
  /** Of a `mime` item. */
  readonly contentType: string;
  readonly hidden: boolean;
  /** Bytes from the start of the file, in the order in which they make up the item. */
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
  /** Whether the bytes lie in the `idat` box. */
  readonly inIdat: boolean;
  /** Indices into `properties`, from 0, in order. */
  readonly properties: readonly { readonly index: number; readonly essential: boolean }[];
}

/** Section 8.11.12: `thmb`, `auxl`, `cdsc`, `dimg`... */
export interface ItemReference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

export interface ItemPicture {
  readonly meta: Box;
  readonly primary: number | undefined;
  readonly items: readonly Item[];
  readonly references: readonly ItemReference[];
  /** The boxes in `ipco`. */
  readonly properties: readonly Box[];
}

const MAX_ITEMS = 65_536;
const MAX_EXTENTS = 262_144;

/** Reads the file's `meta` box; undefined where there is none. @throws SayehError('corrupt') */
export async function readItems(source: ByteSource, boxes: readonly Box[]): Promise<ItemPicture | undefined> {
  const meta = findBox(boxes, 'meta');
  if (!meta?.children || !findBox(meta.children, 'iinf')) return undefined;
  const idat = findBox(meta.children, 'idat');
  const places = await readLocations(source, findBox(meta.children, 'iloc'), idat);
  const associations = await readAssociations(source, meta.children);
  const items: Item[] = [];
  for (const infe of findBox(meta.children, 'iinf')?.children ?? []) {
    if (infe.type !== 'infe') continue;
    const info = await readInfo(source, infe);
    const place = places.get(info.id) ?? { extents: [], inIdat: false };
    items.push({ ...info, ...place, properties: associations.get(info.id) ?? [] });
    if (items.length > MAX_ITEMS) throw new SayehError('too-large', `more than ${MAX_ITEMS} items`);
  }
  return {
    meta,
    primary: await readPrimary(source, findBox(meta.children, 'pitm')),
    items,
    references: await readReferences(source, findBox(meta.children, 'iref')),
    properties: findBox(meta.children, 'iprp', 'ipco')?.children ?? [],
  };
}

/** infe, section 8.11.6. Versions 0 and 1 are of an older standard and hold no pictures. */
async function readInfo(source: ByteSource, infe: Box) {
  const fields = await fieldsOf(source, infe);
  const { version, flags } = fields.versionAndFlags();
  const id = version === 3 ? fields.u32() : fields.u16();
  fields.u16();
  const type = version >= 2 ? fields.fourcc() : 'mime';
  const name = fields.string();
  const contentType = type === 'mime' ? fields.string() : '';
  return { id, type, name, contentType, hidden: (flags & 1) !== 0 };
}

async function readPrimary(source: ByteSource, pitm: Box | undefined): Promise<number | undefined> {
  if (!pitm) return undefined;
  const fields = await fieldsOf(source, pitm);
  return fields.versionAndFlags().version === 0 ? fields.u16() : fields.u32();
}

interface Place {
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
  readonly inIdat: boolean;
}

/** iloc, section 8.11.3. */
async function readLocations(
  source: ByteSource,
  iloc: Box | undefined,
  idat: Box | undefined,
): Promise<Map<number, Place>> {
  const places = new Map<number, Place>();
  if (!iloc) return places;
  const fields = await fieldsOf(source, iloc);
  const { version } = fields.versionAndFlags();
  const [offsetSize, lengthSize] = nibbles(fields.u8());
  const [baseSize, indexSize] = nibbles(fields.u8());
  const count = version < 2 ? fields.u16() : fields.u32();
  let total = 0;
  for (let i = 0; i < count; i++) {
    const id = version < 2 ? fields.u16() : fields.u32();
    const method = version === 0 ? 0 : fields.u16() & 15;
    const dataReference = fields.u16();
    const base = fields.uint(baseSize);
    const extentCount = fields.u16();
    total += extentCount;
    if (total > MAX_EXTENTS)
      throw new SayehError('too-large', `${iloc.path}: more than ${MAX_EXTENTS} extents`);
    if (dataReference !== 0 || method > 1 || (method === 1 && !idat))
      throw new SayehError('corrupt', `${iloc.path}: item ${id} is kept where this file cannot show it`);
    const start = base + (method === 1 && idat ? idat.offset + idat.headerLength : 0);
    const limit = method === 1 && idat ? idat.offset + idat.length : source.size;
    const extents: { offset: number; length: number }[] = [];
    for (let j = 0; j < extentCount; j++) {
      if (version > 0) fields.uint(indexSize);
      const offset = start + fields.uint(offsetSize);
      const written = fields.uint(lengthSize);
      // A length of zero means all that is left.
      extents.push({ offset, length: written === 0 ? Math.max(0, limit - offset) : written });
    }
    places.set(id, { extents, inIdat: method === 1 });
  }
  return places;
}

const nibbles = (byte: number): [number, number] => [byte >> 4, byte & 15];

/** iref, section 8.11.12. */
async function readReferences(source: ByteSource, iref: Box | undefined): Promise<ItemReference[]> {
  const references: ItemReference[] = [];
  if (!iref) return references;
  const wide = (await fieldsOf(source, iref)).versionAndFlags().version === 0 ? 2 : 4;
  for (const box of iref.children ?? []) {
    if (box.damage) throw new SayehError('corrupt', `${box.path}: ${box.damage}`);
    const fields = await fieldsOf(source, box);
    const from = fields.uint(wide);
    const to = Array.from({ length: fields.u16() }, () => fields.uint(wide));
    references.push({ type: box.type, from, to });
  }
  return references;
}

/** ipma, section 8.11.14. */
async function readAssociations(
  source: ByteSource,
  meta: readonly Box[],
): Promise<Map<number, { index: number; essential: boolean }[]>> {
  const associations = new Map<number, { index: number; essential: boolean }[]>();
  for (const ipma of findBox(meta, 'iprp')?.children ?? []) {
    if (ipma.type !== 'ipma') continue;
    const fields = await fieldsOf(source, ipma);
    const { version, flags } = fields.versionAndFlags();
    const wide = flags & 1 ? 2 : 1;
    const entries = fields.u32();
    for (let i = 0; i < entries; i++) {
      const id = version < 1 ? fields.u16() : fields.u32();
      const list = associations.get(id) ?? [];
      const count = fields.u8();
      for (let j = 0; j < count; j++) {
        const word = fields.uint(wide);
        const top = wide === 2 ? 0x8000 : 0x80;
        if (word & (top - 1)) list.push({ index: (word & (top - 1)) - 1, essential: (word & top) !== 0 });
      }
      associations.set(id, list);
    }
  }
  return associations;
}
