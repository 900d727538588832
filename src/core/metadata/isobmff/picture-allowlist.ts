import { isMinimalProfile } from '../icc/minimal.ts';
import type { AllowedBox, Rule } from './box-check.ts';
import {
  av1C,
  avcC,
  bytes,
  dataReferences,
  handler,
  hvcC,
  inThisFile,
  metaHeader,
  padding,
} from './movie-rules.ts';
import { ALPHA_TYPES } from './picture-model.ts';

/** Brands of the specifications; a maker's own would name the camera. */
export const PICTURE_BRANDS =
  'mif1 mif2 miaf heic heix heim heis avif MA1B MA1A MiHB MiHA MiHE MiPr 1pic tmap avio'.split(' ');

/** Names that libavif gives items, and none. */
export const ITEM_NAMES = ['', 'Color', 'Alpha'];

/** Item types that a clean file may hold: pictures in two codings, and a grid of them. */
export const ITEM_TYPES = ['hvc1', 'av01', 'grid'];

const fileType: Rule = (check) => {
  check.code('brand', PICTURE_BRANDS);
  check.oneOf(4, 'version of the brand', [0]);
  while (check.fields.left >= 4) check.code('compatible brand', PICTURE_BRANDS);
};

const primaryItem: Rule = (check) => {
  check.any(check.full([0, 1]) === 0 ? 2 : 4);
};

const itemList: Rule = (check) => {
  check.any(check.full([0, 1]) === 0 ? 2 : 4);
};

/** infe, ISO/IEC 14496-12 section 8.11.6. */
const itemInfo: Rule = (check) => {
  check.any(check.full([2, 3], [0, 1]) === 2 ? 2 : 4);
  check.zero(2, 'protection');
  check.code('type of the item', ITEM_TYPES);
  check.text('name of the item', ITEM_NAMES);
};

/** iloc, section 8.11.3. Where the items lie is measured against `mdat` by `verify`. */
const itemLocations: Rule = (check) => {
  const version = check.full([0, 1, 2]);
  const sizes = check.any(1);
  const more = check.any(1);
  const count = check.any(version < 2 ? 2 : 4);
  for (let i = 0; i < count && check.fields.left > 0; i++) {
    check.any(version < 2 ? 2 : 4);
    if (version > 0) check.oneOf(2, 'where the item is', [0, 1]);
    check.zero(2, 'data reference');
    check.any(more >> 4);
    const extents = check.any(2);
    check.fields.take(extents * ((version > 0 ? more & 15 : 0) + (sizes >> 4) + (sizes & 15)));
  }
};

const references: Rule = (check) => {
  check.full([0, 1]);
};

/** One reference of the widths that version 0 has, or version 1. */
const reference: Rule = (check) => {
  const wide = (check.fields.left - 2) % 4 === 0 && check.fields.left % 2 === 0 ? [2, 4] : [2];
  const rest = check.fields.rest();
  const fits = wide.some((width) => {
    let count = 0;
    for (let i = 0; i < 2; i++) count = count * 256 + (rest[width + i] ?? 0);
    return rest.length === width + 2 + count * width;
  });
  if (!fits) check.note('damaged');
};

const associations: Rule = (check) => {
  const version = check.oneOf(1, 'version', [0, 1]);
  const flags = check.oneOf(3, 'flags', [0, 1]);
  const count = check.any(4);
  for (let i = 0; i < count && check.fields.left > 0; i++) {
    check.any(version === 0 ? 2 : 4);
    check.fields.take(check.any(1) * (flags & 1 ? 2 : 1));
  }
};

/** Code points, or a profile that says no more than its colours need. */
const colour: Rule = (check) => {
  const kind = check.code('kind of colour', ['nclx', 'prof']);
  if (kind === 'prof') {
    if (!isMinimalProfile(check.fields.rest()))
      check.note('a colour profile with more than its colours need');
    return;
  }
  check.fields.take(Math.min(6, check.fields.left));
  check.oneOf(1, 'full range flag', [0, 0x80]);
};

const bitsOfChannels: Rule = (check) => {
  check.full([0]);
  check.fields.take(check.oneOf(1, 'channels', [1, 2, 3, 4]));
};

const size: Rule = (check) => {
  check.full([0]);
  check.fields.take(8);
};

/** auxC, ISO/IEC 23008-12 section 6.5.8: transparency and nothing else. */
const auxiliary: Rule = (check) => {
  check.full([0]);
  check.text('kind of auxiliary picture', ALPHA_TYPES);
};

const PROPERTIES: readonly (readonly [string, string, Rule])[] = [
  ['hvcC', 'configures the decoder', hvcC],
  ['av1C', 'configures the decoder', av1C],
  ['avcC', 'configures the decoder', avcC],
  ['ispe', 'size of the picture', size],
  ['pixi', 'bits of a channel', bitsOfChannels],
  ['colr', 'which colours the numbers mean', colour],
  ['pasp', 'shape of a pixel', bytes(8)],
  ['clap', 'which part of the coded picture is shown', bytes(32)],
  ['irot', 'turns the picture upright', bytes(1)],
  ['imir', 'mirrors the picture', bytes(1)],
  ['auxC', 'marks transparency', auxiliary],
  ['mdcv', 'brightness of the mastering display', bytes(24)],
  ['clli', 'brightness of the picture', bytes(4)],
];

/** Properties that a clean picture may have. */
export const PROPERTY_RULES: ReadonlyMap<string, Rule> = new Map(
  PROPERTIES.map(([type, , rule]) => [type, rule] as const),
);

/**
 * Everything a clean picture file may hold, apart from `mdat` and `idat`, which are measured against the items.
 * Which items may be there is not a matter of boxes: see check-picture.ts.
 */
export const PICTURE_ALLOWLIST: readonly AllowedBox[] = [
  { at: 'ftyp', why: 'tells a viewer what kind of file this is', rule: fileType },
  { at: 'free', why: 'alignment', rule: padding, many: true },
  { at: 'meta', why: 'the index of everything', rule: metaHeader },
  { at: 'meta/hdlr', why: 'says that this is a picture', rule: handler('pict') },
  { at: 'meta/dinf', why: 'says that the data is in this file' },
  { at: 'meta/dinf/dref', why: 'the same', rule: dataReferences },
  { at: 'meta/dinf/dref/url ', why: 'the same', rule: inThisFile },
  { at: 'meta/pitm', why: 'which item is shown', rule: primaryItem },
  { at: 'meta/iinf', why: 'the list of items', rule: itemList },
  { at: 'meta/iinf/infe', why: 'an item', rule: itemInfo, many: true },
  { at: 'meta/iloc', why: 'where items are', rule: itemLocations },
  { at: 'meta/iref', why: 'how items belong together', rule: references },
  { at: 'meta/iref/dimg', why: 'tiles of a grid', rule: reference, many: true },
  { at: 'meta/iref/auxl', why: 'transparency of a picture', rule: reference, many: true },
  { at: 'meta/iref/prem', why: 'colours are multiplied by transparency', rule: reference, many: true },
  { at: 'meta/iprp', why: 'properties' },
  { at: 'meta/iprp/ipco', why: 'properties' },
  ...PROPERTIES.map(([type, why, rule]) => ({ at: `meta/iprp/ipco/${type}`, why, rule, many: true })),
  { at: 'meta/iprp/ipma', why: 'which item has which property', rule: associations },
];
