import type { Format } from '../format.ts';
import { inspectMovie } from './movie-inspect.ts';
import { stripMovie } from './movie-strip.ts';
import { verifyMovie } from './movie-verify.ts';
import { walk } from './walk.ts';

/** MP4, M4V and 3GP films. */
export const mp4: Format = {
  walk,
  inspect: inspectMovie,
  verify: verifyMovie,
  strip: stripMovie,
};

/** QuickTime films: the same boxes with an older accent. */
export const mov: Format = mp4;
