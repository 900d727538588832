import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Decrypter } from 'age-encryption';
import { SayehError } from '../../core/errors.ts';
import { asUnreadable } from '../files/input-file.ts';
import { readKeyLines } from './recipients.ts';

/** A longer text would not fit a string of V8 (2^29 - 24 characters). */
const MOST_BYTES = 500 << 20;
const HEADER = 'age-encryption.org/v1\n';

/**
 * The text of an age-encrypted file, decrypted in memory with the keys of `identityFile` (lines
 * `AGE-SECRET-KEY-1...`, as `age-keygen` writes them).
 *
 * Throws SayehError: 'usage' for a file of keys without a key, 'unrecognised' for what age did not write,
 * 'unreadable' where no key fits, 'corrupt' for a file that is cut off or altered, 'too-large'.
 */
export async function openSealed(file: string, identityFile: string): Promise<string> {
  const name = path.basename(file);
  const decrypter = await identities(identityFile);
  const bytes = await readWhole(file, name);
  if (Buffer.from(bytes.subarray(0, HEADER.length)).toString('latin1') !== HEADER)
    throw new SayehError('unrecognised', `${name} is not a file that age encrypted`);
  try {
    return await decrypter.decrypt(bytes, 'text');
  } catch (cause) {
    throw /no identity matched/.test((cause as Error).message)
      ? new SayehError('unreadable', `no key in ${path.basename(identityFile)} opens ${name}`, { cause })
      : new SayehError('corrupt', `${name} is cut off or was altered: nothing it says can be trusted`, {
          cause,
        });
  }
}

async function identities(file: string): Promise<Decrypter> {
  const decrypter = new Decrypter();
  const lines = await readKeyLines(file);
  for (const { value, line } of lines) {
    try {
      decrypter.addIdentity(value);
    } catch {
      // Not even the cause is passed on: it may repeat the line, which may be a key with a slip in it.
      throw new SayehError(
        'usage',
        `${path.basename(file)}, line ${line}: this is no secret key of age (AGE-SECRET-KEY-1...)`,
      );
    }
  }
  if (lines.length === 0) throw new SayehError('usage', `${path.basename(file)} holds no key`);
  return decrypter;
}

async function readWhole(file: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES)
      throw new SayehError(
        'too-large',
        `${name} has ${size} bytes, the limit is ${MOST_BYTES}; \`age --decrypt\` opens it`,
      );
    return await readFile(file);
  } catch (error) {
    throw asUnreadable(error, file);
  }
}
