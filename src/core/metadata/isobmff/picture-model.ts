import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { contentOf } from './box-content.ts';
import type { Box } from './box-tree.ts';
import { latin } from './field-reader.ts';
import type { Item, ItemPicture } from './items.ts';

/** What an item is to the picture that is shown. */
export type Role =
  | 'primary' // the picture, coded or put together from tiles
  | 'tile' // a part of a grid
  | 'alpha' // how transparent the picture is
  | 'thumbnail'
  | 'exif'
  | 'xmp'
  | 'gain-map'
  | 'auxiliary' // depth, mattes, segmentation...
  | 'other-picture'
  | 'unknown';

/** URNs of an alpha plane, ISO/IEC 23008-12 section 6.6.2.1.1 and MIAF (23000-22) section 7.3.5.2. */
export const ALPHA_TYPES = ['urn:mpeg:hevc:2015:auxid:1', 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha'];

/** Item types that are pictures. */
const PICTURE_TYPES = new Set([
  'hvc1',
  'av01',
  'grid',
  'iovl',
  'iden',
  'jpeg',
  'avc1',
  'unci',
  'tmap',
  'vvc1',
  'j2k1',
]);

/** What every item is there for. */
export async function rolesOf(source: ByteSource, picture: ItemPicture): Promise<Map<number, Role>> {
  const roles = new Map<number, Role>();
  const primary = picture.items.find(({ id }) => id === picture.primary);
  if (primary) {
    roles.set(primary.id, 'primary');
    for (const id of tilesOf(picture, primary)) if (!roles.has(id)) roles.set(id, 'tile');
    for (const item of await alphasOf(source, picture, primary)) {
      if (!roles.has(item.id)) roles.set(item.id, 'alpha');
      for (const id of tilesOf(picture, item)) if (!roles.has(id)) roles.set(id, 'tile');
    }
  }
  for (const item of picture.items)
    if (!roles.has(item.id)) roles.set(item.id, await otherRole(source, picture, item));
  return roles;
}

/** The pictures of which a grid is made, in order. */
export const tilesOf = (picture: ItemPicture, item: Item): readonly number[] =>
  item.type === 'grid' ? targets(picture, 'dimg', item.id) : [];

/** Where an item's references of a type lead. */
export const targets = (picture: ItemPicture, type: string, from: number): readonly number[] =>
  picture.references.filter((each) => each.type === type && each.from === from).flatMap(({ to }) => to);

async function alphasOf(source: ByteSource, picture: ItemPicture, primary: Item): Promise<Item[]> {
  const alphas: Item[] = [];
  for (const item of picture.items)
    if (
      targets(picture, 'auxl', item.id).includes(primary.id) &&
      ALPHA_TYPES.includes(await auxiliaryType(source, picture, item))
    )
      alphas.push(item);
  return alphas.slice(0, 1);
}

/** What an auxiliary picture says it is, as a URN; empty for others. */
export async function auxiliaryType(source: ByteSource, picture: ItemPicture, item: Item): Promise<string> {
  const auxC = propertiesOf(picture, item).find(({ type }) => type === 'auxC');
  if (!auxC) return '';
  const content = (await contentOf(source, auxC)).subarray(4);
  const zero = content.indexOf(0);
  return latin(content.subarray(0, Math.min(zero < 0 ? content.length : zero, 256)));
}

async function otherRole(source: ByteSource, picture: ItemPicture, item: Item): Promise<Role> {
  if (item.type === 'Exif') return 'exif';
  if (item.type === 'mime' && item.contentType === 'application/rdf+xml') return 'xmp';
  if (targets(picture, 'thmb', item.id).length > 0) return 'thumbnail';
  const auxiliary = await auxiliaryType(source, picture, item);
  if (item.type === 'tmap' || /gainmap/i.test(auxiliary)) return 'gain-map';
  if (auxiliary || targets(picture, 'auxl', item.id).length > 0) return 'auxiliary';
  return PICTURE_TYPES.has(item.type) ? 'other-picture' : 'unknown';
}

/** An item's properties. @throws SayehError('corrupt') for one that is not there. */
export function propertiesOf(picture: ItemPicture, item: Item): Box[] {
  return item.properties.map(({ index }) => {
    const property = picture.properties[index];
    if (!property)
      throw new SayehError('corrupt', `item ${item.id} has a property ${index + 1} that is not there`);
    return property;
  });
}

/** A picture of this many bytes is no photograph. */
const MAX_ITEM = 512 << 20;

/** An item's bytes put together, as a copy. @throws SayehError('corrupt') where the file ends before. */
export async function itemData(source: ByteSource, item: Item): Promise<Uint8Array> {
  const total = item.extents.reduce((sum, { length }) => sum + length, 0);
  if (total > Math.min(source.size, MAX_ITEM))
    throw new SayehError('corrupt', `item ${item.id} claims ${total} bytes of a file of ${source.size}`);
  const data = new Uint8Array(total);
  let at = 0;
  for (const { offset, length } of item.extents) {
    const bytes = await source.read(offset, length);
    if (bytes.length < length)
      throw new SayehError('corrupt', `item ${item.id} lies beyond the end of the file`);
    data.set(bytes, at);
    at += length;
  }
  return data;
}

/** The coder of an item, as cleaners know it from films. */
export const codedEntry = (picture: ItemPicture, item: Item): Box => ({
  type: item.type,
  path: `item[${item.id}]`,
  offset: 0,
  headerLength: 0,
  length: 0,
  wide: false,
  children: propertiesOf(picture, item),
});
