import { spawnSync } from 'node:child_process';

/** Tags as exiftool names them, group first: `ExifIFD:DateTimeOriginal`. */
export type ExiftoolTags = Record<string, unknown>;

/**
 * Tags that only describe the picture's shape, or the file on disk, or exiftool itself. Whole groups first, then
 * single names; what is not here reveals something, or is of a kind that nobody has vouched for.
 */
const STRUCTURAL_GROUPS = new Set(['ExifTool', 'System']);
const STRUCTURAL_TAGS = new Set([
  'SourceFile',
  // Computed from the size alone.
  'Composite:ImageSize',
  'Composite:Megapixels',
  'File:FileType',
  'File:FileTypeExtension',
  'File:MIMEType',
  'File:PageCount',
  // JPEG
  'File:ImageWidth',
  'File:ImageHeight',
  'File:EncodingProcess',
  'File:BitsPerSample',
  'File:ColorComponents',
  'File:YCbCrSubSampling',
  'File:ExifByteOrder',
  'JFIF:JFIFVersion',
  'JFIF:ResolutionUnit',
  'JFIF:XResolution',
  'JFIF:YResolution',
  'Adobe:DCTEncodeVersion',
  'Adobe:APP14Flags0',
  'Adobe:APP14Flags1',
  'Adobe:ColorTransform',
  'IFD0:Orientation',
  // PNG
  'PNG:ImageWidth',
  'PNG:ImageHeight',
  'PNG:BitDepth',
  'PNG:ColorType',
  'PNG:Compression',
  'PNG:Filter',
  'PNG:Interlace',
  'PNG:Palette',
  'PNG:Transparency',
  'PNG:Gamma',
  'PNG:SRGBRendering',
  'PNG:AnimationFrames',
  'PNG:AnimationPlays',
  'PNG:ProfileName',
  'PNG-cHRM:WhitePointX',
  'PNG-cHRM:WhitePointY',
  'PNG-cHRM:RedX',
  'PNG-cHRM:RedY',
  'PNG-cHRM:GreenX',
  'PNG-cHRM:GreenY',
  'PNG-cHRM:BlueX',
  'PNG-cHRM:BlueY',
  'PNG-cICP:ColorPrimaries',
  'PNG-cICP:TransferCharacteristics',
  'PNG-cICP:MatrixCoefficients',
  'PNG-cICP:VideoFullRangeFlag',
  // WebP
  'RIFF:ImageWidth',
  'RIFF:ImageHeight',
  'RIFF:VP8Version',
  'RIFF:HorizontalScale',
  'RIFF:VerticalScale',
  'RIFF:WebP_Flags',
  'RIFF:AlphaIsUsed',
  'RIFF:AlphaPreprocessing',
  'RIFF:AlphaFiltering',
  'RIFF:AlphaCompression',
  'RIFF:BackgroundColor',
  'RIFF:AnimationLoopCount',
  'RIFF:FrameCount',
  'RIFF:Duration',
  // GIF
  'GIF:GIFVersion',
  'GIF:ImageWidth',
  'GIF:ImageHeight',
  'GIF:HasColorMap',
  'GIF:ColorResolutionDepth',
  'GIF:BitsPerPixel',
  'GIF:BackgroundColor',
  'GIF:PixelAspectRatio',
  'GIF:AnimationIterations',
  'GIF:FrameCount',
  'GIF:Duration',
  'GIF:TransparentColor',
]);

/** What exiftool reads in a file, embedded documents and unknown tags included, minus what is structural. */
export const exiftoolTags = (file: string): ExiftoolTags => withoutStructure(allExiftoolTags(file));

/** Tags that exiftool has read, minus what is structural. */
export const withoutStructure = (tags: ExiftoolTags): ExiftoolTags =>
  Object.fromEntries(Object.entries(tags).filter(([name, value]) => !structureOnly(name, value)));

/** Everything, with embedded documents and unknown tags, as numbers where there are some, by group. */
export const EXIFTOOL_OPTIONS = ['-json', '-G1', '-a', '-u', '-U', '-ee3', '-n'];

/** Everything exiftool reads in a file. */
export function allExiftoolTags(file: string): ExiftoolTags {
  // It exits with 1 for files that it finds faults with, and answers all the same.
  const { stdout } = spawnSync('exiftool', [...EXIFTOOL_OPTIONS, file], {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
  });
  return JSON.parse(stdout)[0];
}

/** What Sayeh writes into the colour profiles that it makes: these values and no other. */
const FIXED_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'ICC_Profile:ProfileDescription': [
    'Display P3',
    'Adobe RGB',
    'ProPhoto RGB',
    'BT.2020',
    'sRGB',
    'RGB',
    'Grey',
  ],
  'ICC_Profile:ProfileCopyright': ['CC0'],
  'ICC-header:ProfileDateTime': ['0000:00:00 00:00:00'],
  'ICC-header:ProfileID': ['0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0'],
  ...Object.fromEntries(
    ['ProfileCMMType', 'PrimaryPlatform', 'DeviceManufacturer', 'DeviceModel', 'ProfileCreator'].map(
      (name) => [`ICC-header:${name}`, ['', '\0\0\0\0']],
    ),
  ),
};
const PROFILE_STRUCTURE =
  /^(ICC-header:(ProfileVersion|ProfileClass|ColorSpaceData|ProfileConnectionSpace|ProfileFileSignature|CMMFlags|DeviceAttributes|RenderingIntent|ConnectionSpaceIlluminant)|ICC_Profile:(MediaWhitePoint|(Red|Green|Blue)(MatrixColumn|TRC)|GrayTRC))$/;

/** Tags of a TIFF page without which its pixels cannot be decoded. */
const TIFF_STRUCTURE =
  /^IFD\d+:(SubfileType|ImageWidth|ImageHeight|BitsPerSample|Compression|PhotometricInterpretation|FillOrder|StripOffsets|Orientation|SamplesPerPixel|RowsPerStrip|StripByteCounts|PlanarConfiguration|T4Options|T6Options|Predictor|ColorMap|TileWidth|TileLength|TileOffsets|TileByteCounts|InkSet|ExtraSamples|SampleFormat|JPEGTables|YCbCrCoefficients|YCbCrSubSampling|YCbCrPositioning|ReferenceBlackWhite)$/;

/** Whether a tag, named with its group, describes only the picture's shape and colours. */
export function structureOnly(name: string, value?: unknown): boolean {
  return (
    STRUCTURAL_TAGS.has(name) ||
    STRUCTURAL_GROUPS.has(name.split(':')[0]) ||
    PROFILE_STRUCTURE.test(name) ||
    TIFF_STRUCTURE.test(name) ||
    (FIXED_VALUES[name]?.includes(value) ?? false)
  );
}
