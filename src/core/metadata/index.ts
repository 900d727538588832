import type { MediaFormat } from '../media-type.ts';
import { avi } from './avi/index.ts';
import type { Format } from './format.ts';
import { gif } from './gif/index.ts';
import { avif, heif, mov, mp4 } from './isobmff/index.ts';
import { jpeg } from './jpeg/index.ts';
import { matroska } from './matroska/index.ts';
import { mpegts } from './mpegts/index.ts';
import { png } from './png/index.ts';
import { tiff } from './tiff/index.ts';
import { webp } from './webp/index.ts';

/** Every container format that can be read, checked and stripped. */
const FORMATS: Readonly<Record<MediaFormat, Format>> = {
  jpeg,
  png,
  webp,
  gif,
  tiff,
  mp4,
  mov,
  avi,
  matroska,
  mpegts,
  heif,
  avif,
};

/** The format's four calls. */
export const formatOf = (media: MediaFormat): Format => FORMATS[media];
