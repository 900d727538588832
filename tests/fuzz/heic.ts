import { box } from '../support/boxes.ts';

const n8 = (...values: number[]) => Buffer.from(values);
const n16 = (...values: number[]) =>
  Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));
const n32 = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    }),
  );

/**
 * A HEIC photo (ISO/IEC 23008-12) of one HEVC picture used for every tile of a 2x1 grid, for its thumbnail and for a
 * depth map, with an EXIF item and a turn: the structures that phones write.
 *
 * `configuration` is the content of an `hvcC` box, `picture` the coded picture with lengths before its units, `side`
 * its width and height.
 */
export function makeHeic(
  configuration: Uint8Array,
  picture: Uint8Array,
  exif: Uint8Array,
  side: number,
): Uint8Array {
  const [GRID, LEFT, RIGHT, SMALL, EXIF, DEPTH] = [1, 2, 3, 4, 5, 6];
  const full = (version: number, flags = 0) => n32((version << 24) | flags);
  const text = (value: string) => Buffer.from(`${value}\0`, 'latin1');
  const entry = (id: number, type: string, hidden = 0) =>
    box('infe', full(2, hidden), n16(id, 0), Buffer.from(type, 'latin1'), n8(0));
  const entries = [
    entry(GRID, 'grid'),
    ...[LEFT, RIGHT].map((id) => entry(id, 'hvc1', 1)),
    entry(SMALL, 'hvc1'),
    entry(EXIF, 'Exif', 1),
    entry(DEPTH, 'hvc1', 1),
  ];
  const refers = (type: string, from: number, ...to: number[]) => box(type, n16(from, to.length, ...to));
  const properties = box(
    'iprp',
    box(
      'ipco',
      box('hvcC', Buffer.from(configuration)),
      box('ispe', full(0), n32(side, side)),
      box('ispe', full(0), n32(side * 2, side)),
      box('irot', n8(1)),
      box('colr', Buffer.from('nclx'), n16(1, 13, 6), n8(0x80)),
      box('pixi', full(0), n8(3, 8, 8, 8)),
      box('auxC', full(0), text('urn:mpeg:hevc:2015:auxid:2')),
    ),
    box(
      'ipma',
      full(0),
      n32(5),
      ...[
        [GRID, 3, 0x84, 5, 6],
        [LEFT, 0x81, 2],
        [RIGHT, 0x81, 2],
        [SMALL, 0x81, 2],
        [DEPTH, 0x81, 2, 7],
      ].map(([id, ...own]) => Buffer.concat([n16(id), n8(own.length, ...own)])),
    ),
  );
  const exifItem = Buffer.concat([n32(0), Buffer.from(exif)]);
  const brands = box('ftyp', Buffer.from('heic'), n32(0), Buffer.from('mif1heic'));
  const meta = (mediaAt: number) => {
    const place = (id: number, method: number, offset: number, length: number) =>
      Buffer.concat([n16(id, method, 0, 1), n32(offset, length)]);
    return box(
      'meta',
      full(0),
      box('hdlr', full(0), n32(0), Buffer.from('pict'), n32(0, 0, 0), n8(0)),
      box('pitm', full(0), n16(GRID)),
      box('iinf', full(0), n16(entries.length), ...entries),
      box(
        'iref',
        full(0),
        refers('dimg', GRID, LEFT, RIGHT),
        refers('thmb', SMALL, GRID),
        refers('cdsc', EXIF, GRID),
        refers('auxl', DEPTH, GRID),
      ),
      properties,
      box('idat', n8(0, 0, 0, 1), n16(side * 2, side)),
      box(
        'iloc',
        full(1),
        n8(0x44, 0),
        n16(6),
        place(GRID, 1, 0, 8),
        ...[LEFT, RIGHT, SMALL, DEPTH].map((id) => place(id, 0, mediaAt, picture.length)),
        place(EXIF, 0, mediaAt + picture.length, exifItem.length),
      ),
    );
  };
  const mediaAt = brands.length + meta(0).length + 8;
  return Buffer.concat([brands, meta(mediaAt), box('mdat', Buffer.from(picture), exifItem)]);
}
