import { obuProblem, obus } from '../av1/index.ts';
import { avcConfiguration, hevcConfiguration } from '../h26x/index.ts';
import type { BoxCheck, Rule } from './box-check.ts';
import { readElementaryStream } from './elementary-stream.ts';

/** Names that FFmpeg gives every handler, and no name. Phones write their maker's. */
export const HANDLER_NAMES = ['', 'VideoHandler', 'SoundHandler', 'DataHandler'];

/** Brands of the specification and of codecs; a maker's own (`XAVC`, `mqt `, `CAEP`) would name the camera. */
export const MOVIE_BRANDS =
  'isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 hvc1 hev1 av01 vp09 qt__'
    .split(' ')
    .map((brand) => brand.replaceAll('_', ' '));

/** What FFmpeg writes as compressor name when told to be bit-exact; the build is not in it. */
export const COMPRESSORS = [
  '',
  ...'libx264 libx265 libaom-av1 libsvtav1 librav1e libvpx-vp9 libvpx'
    .split(' ')
    .map((name) => `Lavc ${name}`),
];

const ONE = 0x10000;
const UNIT_MATRIX = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];

export const fileType: Rule = (check) => {
  check.code('brand', MOVIE_BRANDS);
  check.oneOf(4, 'version of the brand', [0, 1, 0x200]);
  while (check.fields.left >= 4) check.code('compatible brand', MOVIE_BRANDS);
};

/** mvhd, section 8.2.2. */
export const movieHeader: Rule = (check) => {
  const wide = check.full([0, 1]) === 1 ? 8 : 4;
  check.zero(wide, 'creation time');
  check.zero(wide, 'modification time');
  check.any(4);
  check.any(wide);
  check.oneOf(4, 'rate', [ONE]);
  check.oneOf(2, 'volume', [0x100]);
  check.zero(10, 'reserved field');
  for (const value of UNIT_MATRIX) check.oneOf(4, 'matrix', [value]);
  check.zero(24, 'preview, poster or selection time');
  check.oneOf(4, 'next track', [1, 2, 3, 4, 0xffffffff]);
};

/** tkhd, section 8.3.2. */
export const trackHeader: Rule = (check) => {
  const wide = check.full([0, 1], [1, 2, 3, 6, 7, 15]) === 1 ? 8 : 4;
  check.zero(wide, 'creation time');
  check.zero(wide, 'modification time');
  check.oneOf(4, 'track number', [1, 2, 3]);
  check.zero(4, 'reserved field');
  check.any(wide);
  check.zero(8, 'reserved field');
  check.zero(2, 'layer');
  check.oneOf(2, 'alternate group', [0, 1]);
  check.oneOf(2, 'volume', [0, 0x100]);
  check.zero(2, 'reserved field');
  matrix(check);
  check.any(4);
  check.any(4);
};

/** A turn or a mirror image, which shows the picture upright, and whole pixels of shift to go with it. */
const matrix: Rule = (check) => {
  const turns = [0, ONE, 2 ** 32 - ONE];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 2; column++) {
      if (row < 2) check.oneOf(4, 'matrix', turns);
      else if (check.fields.i32() % ONE !== 0) check.note('the matrix shifts by part of a pixel');
    }
    check.oneOf(4, 'matrix', row < 2 ? [0] : [0x40000000]);
  }
};

/** mdhd, section 8.4.2. `und` in letters, in QuickTime's code, and as FFmpeg writes an unset one. */
export const mediaHeader: Rule = (check) => {
  const wide = check.full([0, 1]) === 1 ? 8 : 4;
  check.zero(wide, 'creation time');
  check.zero(wide, 'modification time');
  check.any(4);
  check.any(wide);
  check.oneOf(2, 'language', [0x55c4, 0x7fff]);
  check.zero(2, 'quality');
};

/** hdlr, section 8.4.3. */
export const handler =
  (...handlers: string[]): Rule =>
  (check) => {
    check.full([0]);
    check.code('component', ['\0\0\0\0', 'mhlr', 'dhlr']);
    check.code('handler', handlers);
    check.code('manufacturer', handlers.includes('mdir') ? ['appl'] : ['\0\0\0\0']);
    check.zero(8, 'reserved field');
    check.text('handler name', HANDLER_NAMES);
  };

export const videoHeader: Rule = (check) => {
  check.full([0], [0, 1]);
  check.oneOf(2, 'graphics mode', [0, 0x40]);
  for (let i = 0; i < 3; i++) check.oneOf(2, 'colour of the graphics mode', [0, 0x8000]);
};

export const soundHeader: Rule = (check) => {
  check.full([0]);
  check.zero(2, 'balance');
  check.zero(2, 'reserved field');
};

/** The count before the list of data references: one. */
export const dataReferences: Rule = (check) => {
  check.full([0]);
  check.oneOf(4, 'count', [1]);
};

/** "In this file": flag 1 and no address (section 8.7.2). */
export const inThisFile: Rule = (check) => {
  check.full([0], [1]);
};

export const sampleDescriptions: Rule = (check) => {
  check.full([0, 1]);
  check.oneOf(4, 'count', [1]);
};

/** VisualSampleEntry, section 12.1.3; QuickTime has qualities where the standard has zeros. */
export const visualEntry: Rule = (check) => {
  check.zero(6, 'reserved field');
  check.oneOf(2, 'data reference', [1]);
  check.zero(8, 'vendor');
  for (const name of ['temporal quality', 'spatial quality']) check.oneOf(4, name, [0, 0x200]);
  check.any(4);
  for (const name of ['horizontal resolution', 'vertical resolution']) check.oneOf(4, name, [0x480000]);
  check.zero(4, 'reserved field');
  check.oneOf(2, 'frames a sample', [1]);
  const name = check.fields.take(32);
  const length = Math.min(name[0], 31);
  const text = String.fromCharCode(...name.subarray(1, 1 + length));
  if (!COMPRESSORS.includes(text)) check.note(`compressor name is ${JSON.stringify(text)}`);
  if (name.subarray(1 + length).some((byte) => byte !== 0)) check.note('bytes after the compressor name');
  check.oneOf(2, 'depth', [24, 32]);
  check.oneOf(2, 'colour table', [0xffff]);
};

/** AudioSampleEntry, section 12.2.3, and QuickTime's longer versions 1 and 2. */
export const soundEntry: Rule = (check) => {
  check.zero(6, 'reserved field');
  check.oneOf(2, 'data reference', [1]);
  const version = check.oneOf(2, 'version', [0, 1, 2]);
  check.zero(2, 'revision');
  check.zero(4, 'vendor');
  check.any(4);
  check.oneOf(2, 'compression', [0, 0xfffe, 0xffff]);
  check.zero(2, 'packet size');
  check.any(4);
  if (version === 1) check.fields.take(16);
  if (version === 2) {
    check.oneOf(4, 'size of the structure', [72]);
    check.fields.take(12);
    check.oneOf(4, 'marker', [0x7f000000]);
    check.fields.take(16);
  }
};

/** A fixed number of bytes that decoding or showing needs as they are. */
export const bytes =
  (length: number): Rule =>
  (check) => {
    check.fields.take(length);
  };

export const avcC: Rule = (check) => configuration(check, avcConfiguration(check.fields.rest()));
export const hvcC: Rule = (check) => configuration(check, hevcConfiguration(check.fields.rest()));

function configuration(check: BoxCheck, read: { readonly problems: readonly string[] } | undefined): void {
  if (!read) check.note('damaged');
  for (const problem of read?.problems ?? []) check.note(problem);
}

/** AV1 Codec ISO Media File Format Binding, section 2.3. */
export const av1C: Rule = (check) => {
  check.oneOf(1, 'marker and version', [0x81]);
  check.any(3);
  const rest = check.fields.rest();
  const units = obus(rest);
  if (!units) check.note('damaged');
  for (const unit of units ?? []) {
    const problem = obuProblem(rest, unit);
    if (problem) check.note(problem);
  }
};

/** VP Codec ISO Media File Format Binding: version 1 has no initialisation data. */
export const vpcC: Rule = (check) => {
  check.full([1]);
  check.any(6);
  check.zero(2, 'length of initialisation data');
};

/** Colour as code points, never as a profile, which has room for text (section 12.1.5). */
export const colour: Rule = (check) => {
  const kind = check.code('kind of colour', ['nclx', 'nclc']);
  check.fields.take(Math.min(6, check.fields.left));
  if (kind === 'nclx') check.oneOf(1, 'full range flag', [0, 0x80]);
};

/** The longest AudioSpecificConfig of sound with channels in a standard order and an extension. */
export const MAX_SOUND_CONFIGURATION = 8;

/** esds, ISO/IEC 14496-14 section 5.6. */
export const esds: Rule = (check) => {
  check.full([0]);
  const stream = readElementaryStream(check.fields.rest());
  if (!stream) return check.note('damaged');
  for (const problem of stream.problems) check.note(problem);
  if (stream.configuration.length > MAX_SOUND_CONFIGURATION)
    check.note(`a sound configuration of ${stream.configuration.length} bytes`);
};

/** dOps, Encapsulation of Opus in ISOBMFF section 4.3.2. */
export const dOps: Rule = (check) => {
  check.oneOf(1, 'version', [0]);
  const channels = check.any(1);
  check.fields.take(8);
  if (check.oneOf(1, 'channel mapping', [0, 1, 255]) !== 0) check.fields.take(2 + channels);
};

/** A table of sample facts; `verify` holds its values against each other. */
export const table =
  (entryLength: number, versions: readonly number[] = [0]): Rule =>
  (check) => {
    check.full(versions);
    check.entries(entryLength);
  };

export const sampleSizes: Rule = (check) => {
  check.full([0]);
  const constant = check.any(4);
  const count = check.any(4);
  if (constant === 0) check.fields.take(Math.min(count * 4, check.fields.left + 1));
};

export const editList: Rule = (check) => {
  const version = check.full([0, 1]);
  const count = check.any(4);
  for (let i = 0; i < Math.min(count, 3); i++) {
    check.fields.take(version === 1 ? 16 : 8);
    check.oneOf(4, 'rate of an edit', [ONE]);
  }
};

/** One byte a sample: what depends on what (section 8.6.4). No field may take its reserved value. */
export const sampleDependencies: Rule = (check) => {
  check.full([0]);
  for (const byte of check.fields.rest())
    if ((byte & 0x0c) === 0x0c || (byte & 0x03) === 0x03 || (byte & 0x30) === 0x30)
      return check.note('a reserved value');
};

/** How far to roll back before sound is right (section 10.1): the only kind of group a player uses. */
export const rollDescription: Rule = (check) => {
  const version = check.full([0, 1]);
  check.code('kind of group', ['roll', 'prol']);
  if (version === 1) check.oneOf(4, 'length of an entry', [2]);
  const count = check.oneOf(4, 'count', [1]);
  check.fields.take(2 * count);
};

export const rollGroups: Rule = (check) => {
  check.full([0]);
  check.code('kind of group', ['roll', 'prol']);
  check.entries(8);
};

/** Zeros, and not so many that they are there for another reason than alignment. */
export const padding: Rule = (check) => {
  check.zero(check.fields.left, 'free space');
};

/** Fields of nothing: the header of a container that must be empty of its own. */
export const metaHeader: Rule = (check) => {
  check.full([0]);
};
export const nothing: Rule = () => {};
