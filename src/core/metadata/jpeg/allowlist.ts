import { isOrientationBlock } from '../exif/orientation.ts';
import { isMinimalProfile } from '../icc/minimal.ts';
import { type AllowedPart, anything } from '../still/allowlist.ts';
import { equal } from '../still/bytes.ts';
import { EXIF_PREFIX, ICC_PREFIX, isPlainAdobe, isPlainJfif } from './blocks.ts';
import type { Segment } from './segments.ts';
import { areHuffmanTables, quantisationTables } from './tables.ts';

/** What a row judges: a segment and its content; that of a scan is not looked at and left empty. */
export interface SegmentContent {
  readonly segment: Segment;
  readonly data: Uint8Array;
}

type Row = AllowedPart<SegmentContent>;

/** For a segment that may have one exact form. */
const ifNot = (holds: boolean, objection: string) => (holds ? undefined : objection);

/** Components times `each` plus `fixed` bytes, the number of components at byte `at`. */
const listOf = (at: number, fixed: number, each: number) => (content: SegmentContent) => {
  const components = content.data[at];
  return ifNot(
    components >= 1 && components <= 4 && content.data.length === fixed + components * each,
    'its length does not fit its components',
  );
};

const frame = (name: string, coding: string): Row => ({
  part: name,
  why: `says the size and that the picture is coded as ${coding}`,
  values: 'as long as its components need',
  atMost: 1,
  objection: listOf(5, 6, 3),
});

/** Everything that a clean JPEG file may hold; T.81 annex B, JFIF, and what colour and orientation need. */
export const ALLOWED: readonly Row[] = [
  { part: 'SOI', why: 'begins the picture', values: 'nothing', atMost: 1, objection: anything },
  {
    part: 'APP0',
    why: 'JFIF: says that the colours are YCbCr',
    values: 'square pixels or 72 dpi, no thumbnail',
    atMost: 1,
    objection: ({ data }) => ifNot(isPlainJfif(data), 'not a plain JFIF header'),
  },
  {
    part: 'APP1',
    why: 'EXIF: says how to turn a picture that is stored turned',
    values: 'the orientation (2 to 8) and nothing else',
    atMost: 1,
    objection: ({ data }) =>
      ifNot(
        equal(data.subarray(0, EXIF_PREFIX.length), EXIF_PREFIX) &&
          isOrientationBlock(data.subarray(EXIF_PREFIX.length)),
        'more than an orientation',
      ),
  },
  {
    part: 'APP2',
    why: 'ICC: says what the colours mean where they are not sRGB',
    values: 'a minimal profile in one chunk',
    atMost: 1,
    objection: ({ data }) =>
      ifNot(
        equal(data.subarray(0, ICC_PREFIX.length), ICC_PREFIX) &&
          data[ICC_PREFIX.length] === 1 &&
          data[ICC_PREFIX.length + 1] === 1 &&
          isMinimalProfile(data.subarray(ICC_PREFIX.length + 2)),
        'not a minimal colour profile',
      ),
  },
  {
    part: 'APP14',
    why: 'Adobe: says whether the colours are RGB, CMYK, YCbCr or YCCK',
    values: 'version 100, no flags, transform 0 to 2',
    atMost: 1,
    objection: ({ data }) => ifNot(isPlainAdobe(data), 'not a plain Adobe segment'),
  },
  frame('SOF0', 'baseline'),
  frame('SOF1', 'extended sequential'),
  frame('SOF2', 'progressive'),
  frame('SOF3', 'lossless'),
  frame('SOF9', 'sequential, arithmetic'),
  frame('SOF10', 'progressive, arithmetic'),
  frame('SOF11', 'lossless, arithmetic'),
  {
    part: 'DQT',
    why: 'scales the coefficients',
    values: 'tables of 64 values, nothing after them',
    objection: ({ data }) => ifNot(quantisationTables(data) !== undefined, 'not only tables'),
  },
  {
    part: 'DHT',
    why: 'decodes the scans',
    values: 'Huffman tables, nothing after them',
    objection: ({ data }) => ifNot(areHuffmanTables(data), 'not only tables'),
  },
  {
    part: 'DAC',
    why: 'decodes arithmetic scans',
    values: 'up to 8 pairs of bytes',
    objection: ({ data }) => ifNot(data.length <= 16 && data.length % 2 === 0, 'not only conditions'),
  },
  {
    part: 'DRI',
    why: 'says where scans restart',
    values: 'two bytes',
    objection: ({ data }) => ifNot(data.length === 2, 'not two bytes'),
  },
  {
    part: 'DNL',
    why: 'says the height where the frame header does not',
    values: 'two bytes',
    atMost: 1,
    objection: ({ data }) => ifNot(data.length === 2, 'not two bytes'),
  },
  {
    part: 'SOS',
    why: 'begins a scan',
    values: 'as long as its components need',
    objection: listOf(0, 4, 2),
  },
  { part: 'scan', why: 'the coded picture', values: 'entropy-coded data', objection: anything },
  { part: 'EOI', why: 'ends the picture, and the file', values: 'nothing', atMost: 1, objection: anything },
];

const BY_PART: ReadonlyMap<string, Row> = new Map(ALLOWED.map((row) => [row.part, row]));

/** The row that allows a segment, if there is one. */
export const rowFor = (segment: Segment): Row | undefined => BY_PART.get(segment.name);
