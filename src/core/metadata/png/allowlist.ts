import { isOrientationBlock } from '../exif/orientation.ts';
import { isMinimalProfile } from '../icc/minimal.ts';
import { type AllowedPart, anything } from '../still/allowlist.ts';
import { equal, u32be } from '../still/bytes.ts';
import { iccpData, isUsualCicp, storedProfile, usualChromaticities, usualGamma } from './colour.ts';

/** What a row judges: a chunk's data (empty for coded pictures, which are not looked at), and the header's. */
export interface ChunkContent {
  readonly data: Uint8Array;
  readonly length: number;
  readonly header: Uint8Array;
}

type Row = AllowedPart<ChunkContent>;

const ifNot = (holds: boolean, objection: string) => (holds ? undefined : objection);

/** Bit depths for each colour type, PNG table 11.1. */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const COLOUR_TYPE = 9;

/** Everything that a clean PNG file may hold besides its signature. */
export const ALLOWED: readonly Row[] = [
  {
    part: 'IHDR',
    why: 'says the size and the pixel format',
    values: '13 bytes of the defined kinds',
    atMost: 1,
    objection: ({ data }) =>
      ifNot(
        data.length === 13 &&
          u32be(data, 0) > 0 &&
          u32be(data, 4) > 0 &&
          (BIT_DEPTHS[data[COLOUR_TYPE]] ?? []).includes(data[8]) &&
          data[10] === 0 &&
          data[11] === 0 &&
          data[12] <= 1,
        'values that are not defined',
      ),
  },
  {
    part: 'PLTE',
    why: 'the colours of a palette picture',
    values: '1 to 256 colours; not in a grey picture',
    atMost: 1,
    objection: ({ data, header }) =>
      ifNot(
        data.length > 0 &&
          data.length <= 768 &&
          data.length % 3 === 0 &&
          [2, 3, 6].includes(header[COLOUR_TYPE]),
        'not a palette',
      ),
  },
  {
    part: 'tRNS',
    why: 'transparency of pictures without an alpha channel',
    values: 'as long as the colour type needs',
    atMost: 1,
    objection: ({ data, header }) => {
      const exact = { 0: 2, 2: 6 }[header[COLOUR_TYPE]];
      const fits = header[COLOUR_TYPE] === 3 ? data.length > 0 && data.length <= 256 : data.length === exact;
      return ifNot(fits, 'its length does not fit the colour type');
    },
  },
  {
    part: 'gAMA',
    why: 'brightness where the picture is not sRGB',
    values: 'one of the usual gammas',
    atMost: 1,
    objection: ({ data }) => ifNot(equal(data, usualGamma(data) ?? new Uint8Array()), 'an unusual gamma'),
  },
  {
    part: 'cHRM',
    why: 'colours where the picture is not sRGB',
    values: 'primaries of sRGB, Display P3, Adobe RGB or BT.2020',
    atMost: 1,
    objection: ({ data }) =>
      ifNot(equal(data, usualChromaticities(data) ?? new Uint8Array()), 'unusual primaries'),
  },
  {
    part: 'sRGB',
    why: 'says that the colours are sRGB',
    values: 'a rendering intent, 0 to 3',
    atMost: 1,
    objection: ({ data }) => ifNot(data.length === 1 && data[0] <= 3, 'not a rendering intent'),
  },
  {
    part: 'cICP',
    why: 'says what the colours mean, HDR included',
    values: 'codes in use for pictures',
    atMost: 1,
    objection: ({ data }) => ifNot(isUsualCicp(data), 'unusual codes'),
  },
  {
    part: 'iCCP',
    why: 'says what the colours mean where they are not sRGB',
    values: 'a minimal profile in one stored block, named ICC',
    atMost: 1,
    objection: ({ data }) => {
      const profile = storedProfile(data);
      return ifNot(
        isMinimalProfile(profile) && equal(data, iccpData(profile)),
        'not a minimal colour profile',
      );
    },
  },
  {
    part: 'eXIf',
    why: 'says how to turn a picture that is stored turned',
    values: 'the orientation (2 to 8) and nothing else',
    atMost: 1,
    objection: ({ data }) => ifNot(isOrientationBlock(data), 'more than an orientation'),
  },
  {
    part: 'acTL',
    why: 'number of frames and repetitions',
    values: '8 bytes',
    atMost: 1,
    objection: ({ length }) => ifNot(length === 8, 'not 8 bytes'),
  },
  {
    part: 'fcTL',
    why: "a frame's place and duration",
    values: '26 bytes',
    objection: ({ length }) => ifNot(length === 26, 'not 26 bytes'),
  },
  {
    part: 'fdAT',
    why: 'a coded frame',
    values: 'a sequence number and compressed data',
    objection: ({ length }) => ifNot(length > 4, 'no data'),
  },
  { part: 'IDAT', why: 'the coded picture', values: 'compressed data', objection: anything },
  {
    part: 'IEND',
    why: 'ends the picture, and the file',
    values: 'nothing',
    atMost: 1,
    objection: ({ length }) => ifNot(length === 0, 'not empty'),
  },
];

const BY_PART: ReadonlyMap<string, Row> = new Map(ALLOWED.map((row) => [row.part, row]));

/** The row that allows chunks of a type, if there is one. */
export const rowFor = (type: string): Row | undefined => BY_PART.get(type);
