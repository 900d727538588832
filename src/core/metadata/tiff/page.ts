import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { type Ifd, type IfdEntry, readNumbers, type TiffStructure } from '../exif/ifd.ts';

/** Tags that say how pages are stored (TIFF 6.0). */
export const TAG = {
  newSubfileType: 254,
  subfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  jpegTables: 347,
  subsampling: 530,
  iccProfile: 34675,
  dngVersion: 50706,
} as const;

export const COMPRESSION = { none: 1, oldJpeg: 6, jpeg: 7 } as const;

/** Strips or tiles in a file; a hundred gigapixels in tiles of 256 by 256 have a million and a half. */
export const MOST_SEGMENTS = 2_000_000;

/** Where one strip or tile lies, and how long it may be. */
export interface StoredSegment {
  readonly offset: number;
  readonly length: number;
  /** The bytes that its pixels take where they are not compressed; undefined where that cannot be told. */
  readonly plainLength: number | undefined;
}

/** One page: a picture directory with its numbers read. */
export interface Page {
  readonly ifd: Ifd;
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: readonly number[];
  readonly samplesPerPixel: number;
  readonly compression: number;
  readonly photometric: number | undefined;
  readonly tiled: boolean;
  /** Strips or tiles that the page must have. */
  readonly segmentCount: number;
  readonly segments: readonly StoredSegment[];
  /** A smaller copy of another page, or a mask. */
  readonly secondary: boolean;
}

/** Reads a page's numbers; throws SayehError('corrupt') where they make no picture. */
export async function readPage(source: ByteSource, structure: TiffStructure, ifd: Ifd): Promise<Page> {
  const entry = (tag: number) => ifd.entries.find((candidate) => candidate.tag === tag);
  const numbers = async (tag: number, limit = 64) => {
    const found = entry(tag);
    return found ? readNumbers(source, structure, found, limit) : [];
  };
  const one = async (tag: number) => (await numbers(tag, 1))[0];

  const width = (await one(TAG.width)) ?? 0;
  const height = (await one(TAG.height)) ?? 0;
  if (!(width > 0 && height > 0)) throw new SayehError('corrupt', `${ifd.path} of the TIFF file has no size`);
  const samplesPerPixel = (await one(TAG.samplesPerPixel)) ?? 1;
  const bits = await numbers(TAG.bitsPerSample);
  const bitsPerSample = Array.from(
    { length: Math.min(samplesPerPixel, 64) },
    (_, i) => bits[i] ?? bits[0] ?? 1,
  );
  const planar = (await one(TAG.planar)) === 2;
  const compression = (await one(TAG.compression)) ?? COMPRESSION.none;
  const photometric = await one(TAG.photometric);
  const tiled = entry(TAG.tileOffsets) !== undefined;
  const subsampled = photometric === 6 && (await numbers(TAG.subsampling)).some((factor) => factor > 1);
  const grid = await gridOf(one, tiled, width, height);
  const planes = planar ? samplesPerPixel : 1;
  const segmentCount = grid.across * grid.down * planes;

  const plainLength = (i: number) => {
    if (compression !== COMPRESSION.none || subsampled) return undefined;
    const inPlane = i % (grid.across * grid.down);
    const lastRows = height - (grid.down - 1) * grid.height;
    const rows = !tiled && inPlane === grid.down - 1 ? lastRows : grid.height;
    const bitsOfPixel = planar
      ? bitsPerSample[Math.floor(i / (grid.across * grid.down))]
      : bitsPerSample.reduce((sum, value) => sum + value, 0);
    return rows * Math.ceil((grid.width * bitsOfPixel) / 8);
  };
  const subfile = (await one(TAG.newSubfileType)) ?? 0;
  return {
    ifd,
    width,
    height,
    bitsPerSample,
    samplesPerPixel,
    compression,
    photometric,
    tiled,
    segmentCount,
    segments: await readSegments(source, structure, entry, tiled, plainLength),
    secondary: (subfile & 0b101) !== 0 || (await one(TAG.subfileType)) === 2,
  };
}

/** How strips or tiles divide the page: their number across and down, and their size in pixels. */
async function gridOf(
  one: (tag: number) => Promise<number | undefined>,
  tiled: boolean,
  width: number,
  height: number,
) {
  if (!tiled) {
    const rows = Math.min((await one(TAG.rowsPerStrip)) || height, height);
    return { across: 1, down: Math.ceil(height / rows), width, height: rows };
  }
  const tileWidth = (await one(TAG.tileWidth)) || width;
  const tileHeight = (await one(TAG.tileHeight)) || height;
  return {
    across: Math.ceil(width / tileWidth),
    down: Math.ceil(height / tileHeight),
    width: tileWidth,
    height: tileHeight,
  };
}

async function readSegments(
  source: ByteSource,
  structure: TiffStructure,
  entry: (tag: number) => IfdEntry | undefined,
  tiled: boolean,
  plainLength: (i: number) => number | undefined,
): Promise<StoredSegment[]> {
  const offsetsEntry = entry(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const lengthsEntry = entry(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (!offsetsEntry) return [];
  const offsets = await readNumbers(source, structure, offsetsEntry, MOST_SEGMENTS);
  const lengths = lengthsEntry ? await readNumbers(source, structure, lengthsEntry, MOST_SEGMENTS) : [];
  return offsets.map((offset, i) => {
    const plain = plainLength(i);
    return { offset, length: lengths[i] ?? plain ?? 0, plainLength: plain };
  });
}
