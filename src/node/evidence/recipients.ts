import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Encrypter } from 'age-encryption';
import { SayehError } from '../../core/errors.ts';
import { isSecretKey, type KeyLine, keyLines } from '../../core/evidence/key-lines.ts';
import { asUnreadable } from '../files/input-file.ts';

/** Public keys for which something is encrypted, checked. */
export interface Recipients {
  readonly encrypter: Encrypter;
  readonly count: number;
}

/** A public key, and where it was read, for the message if it is none. */
interface Given {
  readonly value: string;
  readonly source: string;
}

/**
 * Takes public keys of age (`age1...`, as `age-keygen` prints them), given one by one or in files with one a line.
 * Throws SayehError: 'usage' naming the value that is no such key, or where there is none at all; 'unreadable' for
 * a file.
 */
export async function readRecipients(
  values: readonly string[],
  files: readonly string[],
): Promise<Recipients> {
  const given: Given[] = values.map((value) => ({ value: value.trim(), source: '--recipient' }));
  for (const file of files)
    for (const { value, line } of await readKeyLines(file))
      given.push({ value, source: `${path.basename(file)}, line ${line}` });
  if (given.length === 0)
    throw new SayehError(
      'usage',
      'there is no recipient: give --recipient age1... or a file with such lines',
    );
  const encrypter = new Encrypter();
  const unique = new Map(given.map((one) => [one.value, one]));
  for (const one of unique.values()) add(encrypter, one);
  return { encrypter, count: unique.size };
}

/** The lines of a file of keys. Throws SayehError('unreadable'). */
export async function readKeyLines(file: string): Promise<KeyLine[]> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw asUnreadable(error, file);
  });
  return keyLines(text);
}

function add(encrypter: Encrypter, { value, source }: Given): void {
  if (isSecretKey(value))
    throw new SayehError(
      'usage',
      `${source}: this is a secret key, which must not be given away; give the public one (age1...)`,
    );
  try {
    encrypter.addRecipient(value);
  } catch (cause) {
    throw new SayehError(
      'usage',
      `${source}: "${shortened(value)}" is no public key of age (age1..., as age-keygen prints it)`,
      { cause },
    );
  }
}

const shortened = (value: string) => (value.length > 80 ? `${value.slice(0, 80)}...` : value);
