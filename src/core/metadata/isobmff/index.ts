import { SayehError } from '../../errors.ts';
import type { Format } from '../format.ts';
import { verifyMovie } from './movie-verify.ts';
import { walk } from './walk.ts';

/** MP4, M4V and 3GP films. */
export const mp4: Format = {
  walk,
  inspect: async () => [],
  verify: verifyMovie,
  strip: async () => {
    throw new SayehError('unsupported', 'MP4 cannot be stripped yet; use protect, which re-encodes');
  },
};

/** QuickTime films: the same boxes with an older accent. */
export const mov: Format = mp4;
