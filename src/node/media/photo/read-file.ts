import path from 'node:path';
import { type Limits, overLimit } from '../../../core/limits.ts';
import { asUnreadable, openBytes } from '../../files/input-file.ts';

/**
 * Reads a file whole: decoders then see one and the same content on every pass, and no path to put in their messages.
 * Throws SayehError 'unreadable' or 'too-large'.
 */
export async function readFile(file: string, limits: Limits): Promise<Uint8Array> {
  const bytes = await openBytes(file);
  try {
    refuseLong(bytes.size, path.basename(file), limits);
    return await bytes.read(0, bytes.size);
  } catch (error) {
    throw asUnreadable(error, file);
  } finally {
    await bytes.close();
  }
}

/** Throws SayehError('too-large') for a photo of so many bytes. */
export function refuseLong(size: number, name: string, limits: Limits): void {
  const found = size / 2 ** 30;
  if (found > limits.file) throw overLimit('file', limits, found, `${name} has ${size} bytes`);
}
