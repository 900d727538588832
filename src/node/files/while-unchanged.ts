import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { hashFile } from '../evidence/hash-file.ts';
import { stateOf } from './file-state.ts';

/** Hashed before the content, so that a film's fingerprint is not its SHA-256, which others may have. */
const FINGERPRINT = 'sayeh fingerprint\n';

/**
 * Runs `work`, which reads `input` as often as it likes, and makes sure that it was one and the same file all along:
 * a plan made for one content and rendered from another covers the wrong places. `fingerprint` tells files with other
 * content apart and cannot be had without the file; 32 bytes.
 *
 * Throws SayehError('unreadable') where the file has another content, size or time of change afterwards; an error of
 * `work` otherwise. Costs two readings of the file.
 */
export async function whileUnchanged<T>(
  input: string,
  signal: AbortSignal | undefined,
  work: (fingerprint: Uint8Array) => Promise<T>,
): Promise<T> {
  const look = async () => {
    const { written: state } = await stateOf(input);
    return { state, content: (await hashFile(input, signal, FINGERPRINT)).sha256 };
  };
  const before = await look();
  let result: T;
  try {
    result = await work(Buffer.from(before.content, 'hex'));
  } catch (cause) {
    // What looks damaged may only have been half-written yet.
    const now = signal?.aborted ? undefined : await stateOf(input).catch(() => undefined);
    throw now && now.written !== before.state ? changed(input, cause) : cause;
  }
  const after = await look();
  if (after.state !== before.state || after.content !== before.content) throw changed(input);
  return result;
}

/** Like `whileUnchanged` by what the file system says alone, for work that takes hardly longer than a reading. */
export async function whileUntouched<T>(input: string, work: () => Promise<T>): Promise<T> {
  const before = await stateOf(input);
  const result = await work();
  if ((await stateOf(input)).written !== before.written) throw changed(input);
  return result;
}

function changed(input: string, cause?: unknown): SayehError {
  return new SayehError(
    'unreadable',
    `${path.basename(input)} changed while it was read: nothing was written; run again once nothing else writes to it`,
    { cause },
  );
}
