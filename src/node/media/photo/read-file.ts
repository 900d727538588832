import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { asUnreadable, openBytes } from '../../files/input-file.ts';

/**
 * Reads a file whole: decoders then see one and the same content on every pass, and no path to put in their messages.
 * Throws SayehError 'unreadable' or 'too-large'.
 */
export async function readFile(file: string, maxBytes: number): Promise<Uint8Array> {
  const bytes = await openBytes(file);
  try {
    if (bytes.size > maxBytes) {
      throw new SayehError(
        'too-large',
        `${path.basename(file)} has ${bytes.size} bytes, the limit for photos is ${maxBytes}`,
      );
    }
    return await bytes.read(0, bytes.size);
  } catch (error) {
    throw asUnreadable(error, file);
  } finally {
    await bytes.close();
  }
}
