import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { type Box, everyBox } from './box-tree.ts';
import { itemExtents } from './item-extents.ts';
import type { Item, ItemPicture } from './items.ts';
import { disjoint, divide } from './media-extents.ts';
import { codedEntry, itemData, propertiesOf, type Role, rolesOf } from './picture-model.ts';
import { cleanerFor } from './sample-cleaners.ts';

/** Roles that a clean file may hold. */
const SHOWN: readonly Role[] = ['primary', 'tile', 'alpha'];

/** Holds the items against each other and against the media data: what a box-by-box check cannot see. */
export async function checkPicture(
  source: ByteSource,
  boxes: readonly Box[],
  picture: ItemPicture,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const roles = await rolesOf(source, picture);
  if (![...roles.values()].includes('primary'))
    violations.push({ part: 'meta/pitm', reason: 'there is no picture to show' });
  if (new Set(picture.items.map(({ id }) => id)).size !== picture.items.length)
    violations.push({ part: 'meta/iinf', reason: 'two items of one number' });
  for (const item of picture.items) {
    const role = roles.get(item.id) ?? 'unknown';
    const part = `meta/item[${item.id}]`;
    if (!SHOWN.includes(role)) violations.push({ part, reason: `an item of kind ${item.type} (${role})` });
    else for (const reason of await reasonsIn(source, picture, item)) violations.push({ part, reason });
  }
  return [...violations, ...checkProperties(picture), ...(await checkMediaData(source, boxes))];
}

async function reasonsIn(source: ByteSource, picture: ItemPicture, item: Item): Promise<readonly string[]> {
  const data = await itemData(source, item);
  if (item.type === 'grid') return isGrid(data) ? [] : ['a damaged grid'];
  try {
    return (await cleanerFor(source, codedEntry(picture, item)))?.(data).reasons ?? [];
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
    return [error.message];
  }
}

/** ImageGrid, ISO/IEC 23008-12 section 6.6.2.3.2: version, flags, rows, columns, and a size of two widths. */
export const isGrid = (data: Uint8Array): boolean =>
  data[0] === 0 && data[1] <= 1 && data.length === (data[1] === 1 ? 12 : 8);

function checkProperties(picture: ItemPicture): Violation[] {
  const used = new Set(picture.items.flatMap((item) => propertiesOf(picture, item)));
  return picture.properties
    .filter((property) => !used.has(property))
    .map(({ path }) => ({ part: path, reason: 'a property that no item has' }));
}

async function checkMediaData(source: ByteSource, boxes: readonly Box[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const extents = await itemExtents(source, boxes);
  const apart = disjoint(extents);
  let room = 0;
  for (const box of everyBox(boxes)) {
    if (box.type !== 'mdat' && box.type !== 'idat') continue;
    const start = box.offset + box.headerLength;
    room += box.length - box.headerLength;
    const unused = divide(start, box.offset + box.length, apart)
      .filter(({ owner }) => owner === undefined)
      .reduce((sum, { length }) => sum + length, 0);
    if (unused > 0) violations.push({ part: box.path, reason: `${unused} bytes that no item refers to` });
  }
  const claimed = extents.reduce((sum, { length }) => sum + length, 0);
  if (claimed > room) violations.push({ part: 'mdat', reason: 'items overlap or lie outside it' });
  return violations;
}
