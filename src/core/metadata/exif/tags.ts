import type { Betrays } from '../format.ts';
import type { IfdKind } from './ifd.ts';

/** What a tag reveals, in plain words. */
export interface TagMeaning {
  readonly betrays: Betrays;
  readonly label: string;
}

const row = (betrays: Betrays, label: string, ...tags: number[]) =>
  tags.map((tag) => [tag, { betrays, label }] as const);

/** Tags of the picture and EXIF directories (Exif 3.0, CIPA DC-008-2023; TIFF 6.0; DNG 1.7; XP tags). */
const PICTURE: ReadonlyMap<number, TagMeaning> = new Map([
  ...row('who', 'author', 0x013b, 0x9c9d, 0xa437),
  ...row('who', 'copyright holder', 0x8298),
  ...row('who', 'camera owner', 0xa430),
  ...row('who', 'computer name', 0x013c),
  ...row('who', 'camera serial number', 0xa431, 0xc62f),
  ...row('who', 'lens serial number', 0xa435),
  ...row('who', 'unique picture number', 0xa420, 0xc65d),
  ...row('who', 'title or description', 0x010e, 0x010d, 0x011d, 0x9c9b, 0xa436),
  ...row('who', 'comment', 0x9286, 0x9c9c),
  ...row('who', 'keywords or subject', 0x9c9e, 0x9c9f),
  ...row('who', 'photographer, editor or software name', 0xa438),
  ...row('when', 'date of the last change', 0x0132),
  ...row('when', 'date the picture was taken', 0x9003),
  ...row('when', 'date the picture was digitised', 0x9004),
  ...row('when', 'time zone', 0x9010, 0x9011, 0x9012, 0x882a),
  ...row('when', 'fractions of a second', 0x9290, 0x9291, 0x9292),
  ...row('device', 'camera make', 0x010f),
  ...row('device', 'camera model', 0x0110, 0xc614, 0xc615),
  ...row('device', 'lens', 0xa432, 0xa433, 0xa434, 0xc630),
  ...row('device', 'maker notes (may hold serial numbers, positions and previews)', 0x927c, 0xc634),
  ...row('device', 'colour profile of the device', 0x8773),
  ...row(
    'device',
    'camera settings',
    ...[
      0x829a, 0x829d, 0x8822, 0x8824, 0x8827, 0x8828, 0x8830, 0x8831, 0x8832, 0x8833, 0x8834, 0x8835, 0x9000,
    ],
    ...[
      0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920a, 0x9214, 0xa20b, 0xa20c,
    ],
    ...[
      0xa20e, 0xa20f, 0xa210, 0xa214, 0xa215, 0xa217, 0xa300, 0xa301, 0xa302, 0xa401, 0xa402, 0xa403, 0xa404,
    ],
    ...[0xa405, 0xa406, 0xa407, 0xa408, 0xa409, 0xa40a, 0xa40b, 0xa40c, 0xa460, 0xa461, 0xa462, 0xa500],
  ),
  ...row(
    'where',
    'surroundings: temperature, pressure, depth, motion',
    0x9400,
    0x9401,
    0x9402,
    0x9403,
    0x9404,
  ),
  ...row('where', 'map projection of the picture (GeoTIFF)', 0x830e, 0x8482, 0x85d8, 0x87af, 0x87b0, 0x87b1),
  ...row('edited', 'software', 0x0131, 0x000b, 0xa439, 0xa43a, 0xa43b, 0xa43c),
  ...row('edited', 'XMP packet', 0x02bc),
  ...row('edited', 'IPTC or Photoshop block', 0x83bb, 0x8649, 0x935c),
  ...row('edited', 'provenance manifest (Content Credentials)', 0xcd41),
  ...row('edited', 'rating', 0x4746, 0x4749),
  ...row('other-pictures', 'thumbnail', 0x0201, 0x0202),
  ...row('other-pictures', 'preview or further pictures', 0x014a, 0xc71a),
  ...row('sound', 'related sound file', 0xa004),
  ...row('who', 'name of the original file', 0xc68b),
  ...row('who', "number of the picture in the camera's count", 0x9211),
  ...row('device', 'settings for printing (PrintIM)', 0xc4a5),
  ...row('device', 'colour filters of the sensor', 0x828d, 0x828e),
  ...row('edited', 'mark of a Microsoft program', 0xea1c, 0xea1d),
]);

/** What DNG (1.7, Adobe 2023) adds to describe a sensor. */
const RAW: TagMeaning = { betrays: 'device', label: 'properties of the sensor (DNG)' };

/** Tags of the GPS directory that are not the position itself. */
const GPS: ReadonlyMap<number, TagMeaning> = new Map([
  ...row('where', 'GPS position', 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006),
  ...row('where', 'GPS destination', 0x0013, 0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001a),
  ...row('where', 'place name', 0x001c),
  ...row('where', 'direction of view or travel, speed', 0x000c, 0x000d, 0x000e, 0x000f, 0x0010, 0x0011),
  ...row('when', 'GPS date and time', 0x0007, 0x001d),
]);

/** Tags without which a picture cannot be shown, or that only repeat its shape: they reveal nothing. */
const STRUCTURAL = new Set([
  ...[0x00fe, 0x00ff, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010a, 0x0111, 0x0112, 0x0115, 0x0116, 0x0117],
  ...[0x0118, 0x0119, 0x011a, 0x011b, 0x011c, 0x0124, 0x0125, 0x0128, 0x0129, 0x012d, 0x013d, 0x013e, 0x013f],
  ...[0x0140, 0x0142, 0x0143, 0x0144, 0x0145, 0x014c, 0x014e, 0x0152, 0x0153, 0x015b, 0x0211, 0x0212, 0x0213],
  ...[0x0214, 0x8769, 0x8825, 0x9101, 0x9102, 0xa000, 0xa001, 0xa002, 0xa003, 0xa005],
]);

/** What a tag reveals; undefined for tags that reveal nothing. */
export function meaningOf(kind: IfdKind, tag: number): TagMeaning | undefined {
  if (kind === 'interop') return undefined;
  if (kind === 'gps')
    return GPS.get(tag) ?? (tag === 0 ? undefined : { betrays: 'where', label: 'GPS details' });
  if (STRUCTURAL.has(tag)) return undefined;
  if (tag >= 0xc612 && tag <= 0xcdff && !PICTURE.has(tag)) return RAW;
  const name = `0x${tag.toString(16).padStart(4, '0')}`;
  return PICTURE.get(tag) ?? { betrays: 'unknown', label: `value of an unknown kind (tag ${name})` };
}
