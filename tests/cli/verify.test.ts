import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { picture } from '../support/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-cli-verify-'));
  const dirty = picture().withExif({ IFD0: { Artist: 'Neda' } });
  await writeFile(at('dirty.jpg'), await dirty.jpeg().toBuffer());
  await writeFile(at('clean.png'), await picture().png().toBuffer());
  await writeFile(at('note.txt'), 'no picture');
  await sayeh('strip', at('clean.png'), '--in-place');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);

test.each([
  ['0 where all are clean', ['clean.png'], 0],
  ['1 without inputs', [], 1],
  ['2 where one cannot be read', ['clean.png', 'note.txt'], 2],
  ['2 where one is not there', ['clean.png', 'nothing.jpg'], 2],
  ['3 where one is not clean', ['dirty.jpg', 'clean.png'], 3],
  ['3 where one is not clean and another cannot be read', ['note.txt', 'dirty.jpg'], 3],
])('exit code %s', async (_, names, expected) => {
  expect((await sayeh('verify', ...names.map(at))).code).toBe(expected);
});

test('says which part and why, for people and for programs', async () => {
  const { stdout } = await sayeh('verify', at('dirty.jpg'), at('clean.png'));
  expect(stdout).toMatch(/not clean dirty\.jpg {2}jpeg photo\n {2}APP1: .*\nclean clean\.png/);
  const { stdout: json } = await sayeh('verify', '-r', '--json', folder);
  const byName = Object.fromEntries(
    json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ input, ...record }) => [path.basename(input), record]),
  );
  expect(byName['clean.png']).toMatchObject({ status: 'clean', format: 'png', violations: [] });
  expect(byName['dirty.jpg']).toMatchObject({ status: 'unclean', violations: [{ part: 'APP1' }] });
  expect(byName['note.txt']).toMatchObject({ status: 'failed', code: 'unrecognised' });
});
