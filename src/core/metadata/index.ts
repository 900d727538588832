import { type GivenLimits, limitsFrom } from '../limits.ts';
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
  inspect: (source, limits) => format.inspect(inBlocks(source), limits),
  verify: (source) => format.verify(inBlocks(source)),
  strip: (source, sink, limits) => format.strip(inBlocks(source), sink, limits),
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

/** The format's four calls. Throws SayehError('usage') for limits that make no sense. */
export function formatOf(media: MediaFormat, given?: GivenLimits): Format {
  const limits = limitsFrom(given);
  const format = FORMATS[media];
  return {
    ...format,
    inspect: (source) => format.inspect(source, limits),
    strip: (source, sink) => format.strip(source, sink, limits),
  };
}
