import { SayehError } from '../core/errors.ts';
import type { MediaType } from '../core/media-type.ts';
import { formatOf } from '../core/metadata/index.ts';
import { identify, openBytes } from '../node/files/input-file.ts';
import { stoppable } from './stoppable.ts';

/**
 * Reopens a written file and holds it against its format's allowlist. Throws SayehError('check-failed') if its
 * content is of another type than meant or holds anything the list does not name. `signal` stops it.
 */
export async function checkFormat(file: string, expected: MediaType, signal?: AbortSignal): Promise<void> {
  const actual = await identify(file);
  if (actual.format !== expected.format) {
    throw new SayehError('check-failed', `the written file is ${actual.format}, not ${expected.format}`);
  }
  const bytes = await openBytes(file);
  try {
    const violations = await formatOf(actual.format).verify(stoppable(bytes, signal));
    if (violations.length > 0) {
      const { part, reason } = violations[0];
      const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
      throw new SayehError('check-failed', `the written file is not clean: ${part}: ${reason}${more}`);
    }
  } finally {
    await bytes.close();
  }
}
