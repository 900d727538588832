import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SayehError } from '../../src/core/errors.ts';
import { avi } from '../../src/core/metadata/avi/index.ts';
import { bytesInMemory } from '../../src/core/metadata/byte-source.ts';
import { CORPUS } from '../fuzz/corpus.ts';

const STEERING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

test('a message holds nothing of a file that steers a terminal', async () => {
  const film = fs.readFileSync(path.join(CORPUS, 'mjpeg.avi'));
  // A header's chunk with a name that colours a terminal and clears it, and that is longer than the file.
  const at = film.indexOf('strf', 0, 'latin1');
  film.write('\x1b[2J', at, 'latin1');
  film.writeUInt32LE(0x7fffffff, at + 4);
  const error = await avi.strip(bytesInMemory(film), { write: async () => {} }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SayehError);
  expect(error.message).toContain('?[2J');
  expect(error.message).not.toMatch(STEERING);

  const name = 'میدان\u200cآزادی'; // a Persian name, with the joiner that Persian is written with
  expect(new SayehError('corrupt', `${name}: \u202egnp.exe\x07`).message).toBe(`${name}: ?gnp.exe?`);
  expect(new SayehError('corrupt', 'a'.repeat(100_000)).message.length).toBeLessThan(1000);
});
