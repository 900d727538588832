import type { Format } from '../format.ts';
import { inspectMovie } from './movie-inspect.ts';
import { stripMovie } from './movie-strip.ts';
import { verifyMovie } from './movie-verify.ts';
import { inspectPicture } from './picture-inspect.ts';
import { stripPicture } from './picture-strip.ts';
import { verifyPicture } from './picture-verify.ts';
import { walk } from './walk.ts';

/** MP4, M4V and 3GP films. */
export const mp4: Format = { walk, inspect: inspectMovie, verify: verifyMovie, strip: stripMovie };

/** QuickTime films: the same boxes with an older accent. */
export const mov: Format = mp4;

/** HEIF and HEIC pictures: the boxes of films, with items in place of tracks. */
export const heif: Format = { walk, inspect: inspectPicture, verify: verifyPicture, strip: stripPicture };

/** AVIF pictures: the same with another coding. */
export const avif: Format = heif;
