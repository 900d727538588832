import { createHash } from 'node:crypto';
import { SayehError } from '../../core/errors.ts';
import { openBytes } from '../files/input-file.ts';

const CHUNK = 1 << 20;

/** What a file holds, in one number. */
export interface Content {
  /** SHA-256, as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Reads a file once. `before` is hashed first: the number then is nobody else's who hashes the file. Throws SayehError
 * 'unreadable' or, once `signal` is aborted, 'aborted'.
 */
export async function hashFile(file: string, signal?: AbortSignal, before = ''): Promise<Content> {
  const bytes = await openBytes(file);
  try {
    const hash = createHash('sha256').update(before);
    let size = 0;
    for (;;) {
      if (signal?.aborted) throw new SayehError('aborted', 'stopped before it was done');
      const chunk = await bytes.read(size, CHUNK);
      if (chunk.length === 0) return { sha256: hash.digest('hex'), size };
      hash.update(chunk);
      size += chunk.length;
    }
  } finally {
    await bytes.close();
  }
}
