import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import type { Part, StripResult } from '../format.ts';
import { keptColour } from '../still/colour.ts';
import { contentOf } from './box-content.ts';
import { type Box, findBox, readBoxTree } from './box-tree.ts';
import { box, concat, letters, zeros } from './box-writer.ts';
import { withoutNumbers } from './check-boxes.ts';
import { isGrid } from './check-picture.ts';
import { cleanRecord, passes, unsupported } from './clean-entry.ts';
import { latin } from './field-reader.ts';
import { type Item, type ItemPicture, readItems } from './items.ts';
import { ITEM_TYPES, PICTURE_ALLOWLIST, PICTURE_BRANDS, PROPERTY_RULES } from './picture-allowlist.ts';
import {
  auxiliaryType,
  codedEntry,
  itemData,
  type Role,
  rolesOf,
  targets,
  tilesOf,
} from './picture-model.ts';
import { type CleanItem, type CleanReference, pictureHead } from './picture-writer.ts';
import { PieceWriter } from './piece-writer.ts';
import { cleanerFor } from './sample-cleaners.ts';
import { extentsOf, partsOf } from './walk.ts';

/**
 * Writes the picture that is shown, with its tiles and its transparency, into a new file that has nothing else:
 * no thumbnail, no depth or gain map, no second picture, no EXIF, XMP or trailer.
 */
export async function stripPicture(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const boxes = await readBoxTree(source);
  if (findBox(boxes, 'moov')) throw unsupported('a sequence of pictures');
  const picture = await readItems(source, boxes);
  if (!picture) throw new SayehError('corrupt', 'there is no list of items: this file holds no picture');
  const roles = await rolesOf(source, picture);
  const kept = inOrder(picture, roles);
  const numbers = new Map(kept.map((item, i) => [item.id, i + 1]));

  const notes = new Set<string>();
  const items: CleanItem[] = [];
  for (const item of kept) items.push(await cleanItem(source, picture, item, roles, notes));
  const head = pictureHead(await brandsOf(source, boxes), items, cleanReferences(picture, kept, numbers));
  const writer = new PieceWriter(sink);
  await writer.write(head);
  for (const { data } of items) await writer.write(data);
  await writer.finish();
  return { removed: await removedParts(source, boxes, kept), notes: [...notes, ...roleNotes(roles)] };
}

/** The primary item first, then its tiles, then its transparency and the tiles of that. */
function inOrder(picture: ItemPicture, roles: ReadonlyMap<number, Role>): Item[] {
  const byNumber = new Map(picture.items.map((item) => [item.id, item]));
  const ordered = new Map<number, Item>();
  for (const role of ['primary', 'alpha'] as const) {
    for (const item of picture.items.filter(({ id }) => roles.get(id) === role)) {
      ordered.set(item.id, item);
      for (const tile of tilesOf(picture, item)) {
        const found = byNumber.get(tile);
        if (!found) throw new SayehError('corrupt', `a grid has a tile ${tile} that is not there`);
        ordered.set(tile, found);
      }
    }
  }
  if (ordered.size === 0) throw new SayehError('corrupt', 'the file does not say which picture to show');
  return [...ordered.values()];
}

async function cleanItem(
  source: ByteSource,
  picture: ItemPicture,
  item: Item,
  roles: ReadonlyMap<number, Role>,
  notes: Set<string>,
): Promise<CleanItem> {
  if (!ITEM_TYPES.includes(item.type)) throw unsupported(`a picture coded as ${JSON.stringify(item.type)}`);
  const data = await itemData(source, item);
  if (data.length === 0) throw new SayehError('corrupt', `item ${item.id} is empty`);
  if (item.type === 'grid' && !isGrid(data))
    throw new SayehError('corrupt', `item ${item.id} is a damaged grid`);
  const cleaner = item.type === 'grid' ? undefined : await cleanerFor(source, codedEntry(picture, item));
  const clean = cleaner?.(data);
  // A length of zero would mean "to the end of the file".
  if (clean?.bytes.length === 0) throw new SayehError('corrupt', `item ${item.id} holds no coded picture`);
  for (const reason of clean?.reasons ?? []) notes.add(`left out of the coded picture: ${reason}`);
  return {
    type: item.type,
    hidden: roles.get(item.id) === 'tile',
    data: clean?.bytes ?? data,
    properties: await cleanProperties(source, picture, item, notes),
  };
}

async function cleanProperties(source: ByteSource, picture: ItemPicture, item: Item, notes: Set<string>) {
  const kept: { essential: boolean; bytes: Uint8Array }[] = [];
  for (const { index, essential } of item.properties) {
    const property = picture.properties[index];
    if (!property) throw new SayehError('corrupt', `item ${item.id} has a property that is not there`);
    const bytes = await cleanProperty(source, picture, item, property, notes);
    if (bytes) kept.push({ essential, bytes });
    else if (essential && !['colr', 'udes'].includes(property.type))
      throw unsupported(`a picture with the property ${property.type}`);
  }
  return kept;
}

async function cleanProperty(
  source: ByteSource,
  picture: ItemPicture,
  item: Item,
  property: Box,
  notes: Set<string>,
): Promise<Uint8Array | undefined> {
  const { type } = property;
  const rule = PROPERTY_RULES.get(type);
  if (!rule) return undefined;
  const content = await contentOf(source, property);
  if (type === 'colr') return cleanColour(content, notes);
  const clean = await cleanContent(source, picture, item, type, content);
  if (passes(rule, clean)) return box(type, clean);
  if (DECIDES.has(type)) throw new SayehError('corrupt', `${property.path} is damaged`);
  return undefined;
}

/** Properties without which a viewer shows another picture, or none. */
const DECIDES: ReadonlySet<string> = new Set(['hvcC', 'av1C', 'ispe', 'pasp', 'clap', 'irot', 'imir']);

async function cleanContent(
  source: ByteSource,
  picture: ItemPicture,
  item: Item,
  type: string,
  content: Uint8Array,
): Promise<Uint8Array> {
  if (type === 'hvcC' || type === 'av1C') return cleanRecord(type, content) ?? content;
  // Flags that mean nothing yet; decoders pass over them.
  if (type === 'ispe' || type === 'pixi')
    return concat(content.subarray(0, 1), zeros(3), content.subarray(4));
  if (type !== 'auxC') return content;
  // What follows the URN is for depth maps.
  return concat(zeros(4), letters(`${await auxiliaryType(source, picture, item)}\0`));
}

function cleanColour(content: Uint8Array, notes: Set<string>): Uint8Array | undefined {
  const kind = latin(content.subarray(0, 4));
  if (kind === 'nclx')
    return content.length >= 11
      ? box('colr', content.slice(0, 10), Uint8Array.of(content[10] & 0x80))
      : undefined;
  if (kind !== 'prof' && kind !== 'rICC') return undefined;
  const { profile, notes: said } = keptColour(content.subarray(4));
  for (const note of said) notes.add(note);
  return profile && box('colr', letters('prof'), profile);
}

function cleanReferences(
  picture: ItemPicture,
  kept: readonly Item[],
  numbers: ReadonlyMap<number, number>,
): CleanReference[] {
  const references: CleanReference[] = [];
  for (const [i, item] of kept.entries()) {
    for (const type of ['dimg', 'auxl', 'prem']) {
      if (type === 'dimg' && item.type !== 'grid') continue;
      const to = targets(picture, type, item.id).flatMap((id) => numbers.get(id) ?? []);
      if (to.length > 0) references.push({ type, from: i + 1, to });
    }
  }
  return references;
}

async function brandsOf(source: ByteSource, boxes: readonly Box[]): Promise<string[]> {
  const ftyp = findBox(boxes, 'ftyp');
  if (!ftyp) throw new SayehError('corrupt', 'the file does not say what kind it is');
  const all = latin((await contentOf(source, ftyp)).subarray(0, 256)).match(/[\s\S]{4}/g) ?? [];
  const known = all.filter((brand, i) => i !== 1 && PICTURE_BRANDS.includes(brand) && brand !== 'tmap');
  if (known.length === 0) throw unsupported(`a picture of kind ${JSON.stringify(all[0] ?? '')}`);
  return [known[0], ...new Set(known)];
}

const ROLE_NOTES: Partial<Record<Role, string>> = {
  thumbnail: 'the thumbnail was left out',
  'gain-map': 'the gain map was left out: the picture looks the same on a screen without HDR',
  auxiliary: 'depth maps and other auxiliary pictures were left out',
  'other-picture': 'further pictures in the file were left out',
};

const roleNotes = (roles: ReadonlyMap<number, Role>): string[] =>
  [...new Set(roles.values())].flatMap((role) => ROLE_NOTES[role] ?? []);

/** Parts that have no counterpart in the new file. */
async function removedParts(
  source: ByteSource,
  boxes: readonly Box[],
  kept: readonly Item[],
): Promise<Part[]> {
  const allowed = new Set(PICTURE_ALLOWLIST.map(({ at }) => at));
  const owners = new Set(kept.map(({ id }) => `item[${id}]`));
  return partsOf(boxes, await extentsOf(source, boxes)).filter(({ path }) => {
    const [top, owner] = path.split('/');
    if (withoutNumbers(top) === 'mdat') return owner !== undefined && !owners.has(owner);
    return !allowed.has(withoutNumbers(path)) && path !== 'meta/idat';
  });
}
