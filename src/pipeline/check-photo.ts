import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { Plan } from '../core/plan/plan.ts';
import { openPhoto } from '../node/media/photo/open-photo.ts';
import type { Photo } from '../node/media/photo/photo.ts';
import { checkFormat } from './check-format.ts';
import type { RenderedPhoto } from './render-photo.ts';

/**
 * Reopens a written photo as a stranger would: it must decode whole, upright and in the size of the original,
 * and hold nothing beyond the allowlist. Gives back the photo as it was reopened. Throws
 * SayehError('check-failed').
 */
export async function checkPhoto(
  file: string,
  plan: Plan,
  written: RenderedPhoto,
  limits?: GivenLimits,
): Promise<Photo> {
  await checkFormat(file, { kind: 'photo', format: written.format });
  const photo = await openPhoto(file, limits);
  const { width, height, frames } = plan.film;
  if (photo.width !== width || photo.height !== height) {
    fail(`it is ${photo.width}x${photo.height}, not ${width}x${height}`);
  }
  let decoded = 0;
  for await (const { index } of photo.frames()) decoded = index + 1;
  // Encoders of animations join pictures that are the same into one that is shown longer.
  const merges = written.format === 'gif' || written.format === 'webp';
  if (merges ? decoded > frames : decoded !== frames) fail(`it holds ${decoded} pictures, not ${frames}`);
  return photo;
}

function fail(why: string): never {
  throw new SayehError('check-failed', `the written photo did not pass its check: ${why}`);
}
