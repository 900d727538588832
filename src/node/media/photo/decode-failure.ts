import { SayehError } from '../../../core/errors.ts';
import { type Limits, overLimit } from '../../../core/limits.ts';

/** What a decoder's complaint about a photo means. `name` is the file's, without directories. */
export function decodeFailure(error: unknown, name: string): SayehError {
  if (error instanceof SayehError) return error;
  const words = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit|exceeds.*limit|out of memory/i.test(words)) {
    return new SayehError('too-large', `${name} takes too much memory to read`, { cause: error });
  }
  // Said of a header that cannot be made out, although the first bytes are those of a known type.
  const damaged = /contains unsupported image format/i.test(words);
  if (!damaged && /unsupported|not supported|not implemented|not been built|channel limit/i.test(words)) {
    return new SayehError('unsupported', `${name} is coded in a way that Sayeh cannot read`, {
      cause: error,
    });
  }
  return new SayehError('corrupt', `${name} is damaged or cut off: its picture cannot be read in full`, {
    cause: error,
  });
}

/** Of a photo that was given up. How long it would take, nobody knows. */
export function tooSlow(name: string, limits: Limits): SayehError {
  return overLimit('seconds', limits, 2 * limits.seconds, `${name} takes too long to decode`);
}
