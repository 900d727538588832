import type { MediaFormat } from '../media-type.ts';
import { avi } from './avi/index.ts';
import type { Format } from './format.ts';
import { gif } from './gif/index.ts';
import { avif, heif, mov, mp4 } from './isobmff/index.ts';
import { jpeg } from './jpeg/index.ts';
import { matroska } from './matroska/index.ts';
import { mpegts } from './mpegts/index.ts';
import { png } from './png/index.ts';
import { inBlocks } from './still/blocks.ts';
import { tiff } from './tiff/index.ts';
import { webp } from './webp/index.ts';

/** A photo's structure is read a few bytes at a time, and a hostile one has very much of it. */
const photo = (format: Format): Format => ({
  walk: (source) => format.walk(inBlocks(source)),
  inspect: (source) => format.inspect(inBlocks(source)),
  verify: (source) => format.verify(inBlocks(source)),
  strip: (source, sink) => format.strip(inBlocks(source), sink),
});

/** Every container format that can be read, checked and stripped. */
const FORMATS: Readonly<Record<MediaFormat, Format>> = {
  jpeg: photo(jpeg),
  png: photo(png),
  webp: photo(webp),
  gif: photo(gif),
  tiff: photo(tiff),
  mp4,
  mov,
  avi,
  matroska,
  mpegts,
  heif: photo(heif),
  avif: photo(avif),
};

/** The format's four calls. */
export const formatOf = (media: MediaFormat): Format => FORMATS[media];
