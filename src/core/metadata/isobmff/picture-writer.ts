import { hex } from './box-tree.ts';
import { box, concat, fullBox, letters, u8, u16, u32, zeros } from './box-writer.ts';

/** An item as it is to be written. */
export interface CleanItem {
  readonly type: string;
  readonly hidden: boolean;
  readonly data: Uint8Array;
  /** Whole boxes. */
  readonly properties: readonly { readonly essential: boolean; readonly bytes: Uint8Array }[];
}

/** Numbers of items, from 1 in their order. */
export interface CleanReference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/**
 * The bytes of a picture file before the data of its items, which follow in order. The first item is the one
 * shown. ISO/IEC 14496-12 section 8.11, 23008-12.
 * @param brands major brand, then the compatible ones.
 */
export function pictureHead(
  brands: readonly string[],
  items: readonly CleanItem[],
  references: readonly CleanReference[],
): Uint8Array {
  const [major, ...compatible] = brands;
  const ftyp = box('ftyp', letters(major), u32(0), ...compatible.map(letters));
  const dataLength = items.reduce((sum, { data }) => sum + data.length, 0);
  const mdat = concat(u32(dataLength + 8), letters('mdat'));
  const start = ftyp.length + metaBox(items, references, 0).length + mdat.length;
  return concat(ftyp, metaBox(items, references, start), mdat);
}

function metaBox(
  items: readonly CleanItem[],
  references: readonly CleanReference[],
  start: number,
): Uint8Array {
  return fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, zeros(4), letters('pict'), zeros(12), u8(0)),
    fullBox('pitm', 0, 0, u16(1)),
    locations(items, start),
    fullBox('iinf', 0, 0, u16(items.length), ...items.map(info)),
    ...(references.length > 0 ? [fullBox('iref', 0, 0, ...references.map(referenceBox))] : []),
    propertyBoxes(items),
  );
}

function locations(items: readonly CleanItem[], start: number): Uint8Array {
  let at = start;
  const places = items.map(({ data }, i) => {
    const place = concat(u16(i + 1), u16(0), u16(1), u32(at), u32(data.length));
    at += data.length;
    return place;
  });
  // Offsets and lengths of four bytes, no base offset.
  return fullBox('iloc', 0, 0, u8(0x44), u8(0), u16(items.length), ...places);
}

const info = ({ type, hidden }: CleanItem, i: number): Uint8Array =>
  fullBox('infe', 2, hidden ? 1 : 0, u16(i + 1), u16(0), letters(type), u8(0));

const referenceBox = ({ type, from, to }: CleanReference): Uint8Array =>
  box(type, u16(from), u16(to.length), ...to.map(u16));

/** Items often share properties: each is written once. */
function propertyBoxes(items: readonly CleanItem[]): Uint8Array {
  const distinct = new Map<string, { number: number; bytes: Uint8Array }>();
  const entries = items.map(({ properties }, i) => {
    const numbers = properties.map(({ essential, bytes }) => {
      const key = hex(bytes);
      const found = distinct.get(key) ?? { number: distinct.size + 1, bytes };
      distinct.set(key, found);
      return u16(found.number | (essential ? 0x8000 : 0));
    });
    return concat(u16(i + 1), u8(numbers.length), ...numbers);
  });
  return box(
    'iprp',
    box('ipco', ...[...distinct.values()].map(({ bytes }) => bytes)),
    fullBox('ipma', 0, 1, u32(entries.length), ...entries),
  );
}
