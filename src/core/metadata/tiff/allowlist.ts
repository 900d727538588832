import { isMinimalProfile } from '../icc/minimal.ts';
import { jpegStreamProblem } from './jpeg-stream.ts';
import { type Page, TAG } from './page.ts';

/** What a row judges: the values of one directory entry. */
export interface TagContent {
  readonly count: number;
  /** Up to 65,536 of them. */
  readonly numbers: readonly number[];
  /** The value as stored, for tags that are blocks; empty for others. */
  readonly bytes: Uint8Array;
  readonly page: Page;
}

/** One line of the allowlist: a tag that a clean file may hold. */
export interface AllowedTag {
  readonly tag: number;
  readonly part: string;
  readonly why: string;
  readonly values: string;
  /** Field types that the value may be stored as (TIFF 6.0 section 2). */
  readonly types: readonly number[];
  /** The reason why this value may not stay, or undefined. */
  readonly objection: (content: TagContent) => string | undefined | Promise<string | undefined>;
}

const BYTE = 1;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const LONG8 = 16;
const INTEGER = [SHORT, LONG];

/** One number, of those given. */
const oneOf =
  (...allowed: readonly number[]) =>
  ({ count, numbers }: TagContent) =>
    count === 1 && allowed.includes(numbers[0])
      ? undefined
      : `unusual value ${numbers.slice(0, 4).join(' ')}`;

/** One number in a range. */
const between =
  (least: number, most: number) =>
  ({ count, numbers }: TagContent) =>
    count === 1 && numbers[0] >= least && numbers[0] <= most
      ? undefined
      : `unusual value ${numbers.slice(0, 4).join(' ')}`;

/** Up to one number for each sample, in a range. */
const perSample =
  (least: number, most: number) =>
  ({ count, numbers, page }: TagContent) =>
    count >= 1 && count <= page.samplesPerPixel && numbers.every((value) => value >= least && value <= most)
      ? undefined
      : 'values that do not fit the samples';

/** One number for each strip or tile. */
const perSegment = ({ count, page }: TagContent) =>
  count === page.segmentCount ? undefined : `${count} values for ${page.segmentCount} strips or tiles`;

/** Red, green and blue in luma: Rec. ITU-R BT.601, BT.709, BT.2020. */
const LUMA = [
  [0.299, 0.587, 0.114],
  [0.2126, 0.7152, 0.0722],
  [0.2627, 0.678, 0.0593],
];

const row = (
  tag: number,
  part: string,
  why: string,
  values: string,
  types: readonly number[],
  objection: AllowedTag['objection'],
): AllowedTag => ({ tag, part, why, values, types, objection });

/** Compressions whose data holds pixels and nothing else; JPEG's is looked into. */
export const COMPRESSIONS = [1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000];

/** Every tag that a clean TIFF file may hold: those without which the pixels cannot be decoded. */
export const ALLOWED: readonly AllowedTag[] = [
  row(254, 'NewSubfileType', 'tells pages from thumbnails', 'a picture or a page', [LONG], oneOf(0, 2)),
  row(256, 'ImageWidth', 'size', 'above 0', INTEGER, between(1, 2 ** 32)),
  row(257, 'ImageLength', 'size', 'above 0', INTEGER, between(1, 2 ** 32)),
  row(258, 'BitsPerSample', 'pixel format', '1 to 64 for each sample', [SHORT], perSample(1, 64)),
  row(
    259,
    'Compression',
    'how pixels are coded',
    'codings that hold only pixels',
    [SHORT],
    oneOf(...COMPRESSIONS),
  ),
  row(
    262,
    'PhotometricInterpretation',
    'colour model',
    'grey, RGB, palette, CMYK, YCbCr, Lab',
    [SHORT],
    oneOf(0, 1, 2, 3, 5, 6, 8, 9),
  ),
  row(266, 'FillOrder', 'order of bits', '1 or 2', [SHORT], oneOf(1, 2)),
  row(273, 'StripOffsets', 'where the pixels are', 'one for each strip', [LONG, LONG8], perSegment),
  row(274, 'Orientation', 'how to turn a picture that is stored turned', '1 to 8', [SHORT], between(1, 8)),
  row(277, 'SamplesPerPixel', 'pixel format', '1 to 64', [SHORT], between(1, 64)),
  row(278, 'RowsPerStrip', 'how pixels are divided', 'above 0', INTEGER, between(1, 2 ** 32)),
  row(279, 'StripByteCounts', 'where the pixels are', 'one for each strip', [LONG, LONG8], perSegment),
  row(284, 'PlanarConfiguration', 'pixel format', '1 or 2', [SHORT], oneOf(1, 2)),
  row(292, 'T4Options', 'fax coding', 'the defined bits', [LONG], between(0, 7)),
  row(293, 'T6Options', 'fax coding', 'the defined bits', [LONG], between(0, 3)),
  row(317, 'Predictor', 'how pixels are coded', '1 to 3', [SHORT], oneOf(1, 2, 3)),
  row(320, 'ColorMap', 'colours of a palette picture', 'three tables', [SHORT], ({ count, page }) =>
    count === 3 * 2 ** page.bitsPerSample[0] && page.photometric === 3
      ? undefined
      : 'not a palette of this picture',
  ),
  row(322, 'TileWidth', 'how pixels are divided', 'above 0', INTEGER, between(1, 2 ** 32)),
  row(323, 'TileLength', 'how pixels are divided', 'above 0', INTEGER, between(1, 2 ** 32)),
  row(324, 'TileOffsets', 'where the pixels are', 'one for each tile', [LONG, LONG8], perSegment),
  row(325, 'TileByteCounts', 'where the pixels are', 'one for each tile', [LONG, LONG8], perSegment),
  row(332, 'InkSet', 'colour model', '1 or 2', [SHORT], oneOf(1, 2)),
  row(338, 'ExtraSamples', 'transparency', '0 to 2 for each sample', [SHORT], perSample(0, 2)),
  row(339, 'SampleFormat', 'pixel format', '1 to 6 for each sample', [SHORT], perSample(1, 6)),
  row(347, 'JPEGTables', 'decodes JPEG strips', 'tables and nothing else', [UNDEFINED, BYTE], ({ bytes }) =>
    jpegStreamProblem(bytes),
  ),
  row(
    529,
    'YCbCrCoefficients',
    'colour model',
    'BT.601, BT.709 or BT.2020',
    [RATIONAL],
    ({ count, numbers }) =>
      count === 3 && LUMA.some((luma) => luma.every((value, i) => Math.abs(value - numbers[i]) < 0.001))
        ? undefined
        : 'unusual coefficients',
  ),
  row(530, 'YCbCrSubSampling', 'pixel format', 'two of 1, 2, 4', [SHORT], ({ count, numbers }) =>
    count === 2 && numbers.every((value) => [1, 2, 4].includes(value)) ? undefined : 'unusual subsampling',
  ),
  row(531, 'YCbCrPositioning', 'pixel format', '1 or 2', [SHORT], oneOf(1, 2)),
  row(532, 'ReferenceBlackWhite', 'colour model', 'six whole numbers', [RATIONAL], ({ count, numbers }) =>
    count === 6 && numbers.every((value) => Number.isInteger(value) && value >= 0 && value <= 65_535)
      ? undefined
      : 'unusual black or white',
  ),
  row(
    TAG.iccProfile,
    'ICCProfile',
    'what the colours mean where they are not sRGB',
    'a minimal profile',
    [UNDEFINED, BYTE],
    ({ bytes }) => (isMinimalProfile(bytes) ? undefined : 'not a minimal colour profile'),
  ),
];

const BY_TAG: ReadonlyMap<number, AllowedTag> = new Map(ALLOWED.map((allowed) => [allowed.tag, allowed]));

/** The row that allows a tag, if there is one. */
export const rowFor = (tag: number): AllowedTag | undefined => BY_TAG.get(tag);

/** Tags whose value is a block rather than numbers. */
export const isBlock = (tag: number) => tag === TAG.jpegTables || tag === TAG.iccProfile;
