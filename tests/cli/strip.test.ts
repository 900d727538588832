import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { picture } from '../support/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-cli-strip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(folder, ...parts);
const secret = () =>
  picture()
    .withExif({ IFD0: { Artist: 'Neda' } })
    .jpeg()
    .toBuffer();

test('0: a clean file under a neutral name, in a folder that does not say protected', async () => {
  await mkdir(at('one'));
  await writeFile(at('one', 'Neda.jpg'), await secret());
  const { code, stdout, stderr } = await sayeh('strip', at('one', 'Neda.jpg'));
  expect([code, stderr]).toEqual([0, expect.stringContaining('faces and voices are as they were')]);
  expect(stdout).toContain('stripped Neda.jpg ->');
  const [name, ...others] = await readdir(at('one', 'stripped'));
  expect(others).toEqual([]);
  expect(name).toMatch(/^sayeh-[0-9a-f]{12}\.jpg$/);
  expect((await readFile(at('one', 'stripped', name))).includes('Neda')).toBe(false);
  expect(await readFile(at('one', 'Neda.jpg'))).toEqual(await secret());
  expect((await sayeh('verify', at('one', 'stripped', name))).code).toBe(0);
});

test('1: -o together with --in-place; 2: a file that is there already, which stays', async () => {
  await writeFile(at('taken.jpg'), 'precious');
  await writeFile(at('in.jpg'), await secret());
  expect((await sayeh('strip', at('in.jpg'), '--in-place', '-o', at('x.jpg'))).code).toBe(1);
  expect((await sayeh('strip', at('in.jpg'), '-o', at('taken.jpg'))).code).toBe(2);
  expect(await readFile(at('taken.jpg'), 'utf8')).toBe('precious');
  expect((await sayeh('strip', at('in.jpg'), '-o', at('taken.jpg'), '--force')).code).toBe(0);
  expect((await sayeh('strip', at('in.jpg'), '-o', at('in.jpg'), '--force')).code).toBe(2);
  expect(await readFile(at('in.jpg'))).toEqual(await secret());
});

test('2: one bad file among good ones; folders walked, names and places kept, results not walked again', async () => {
  await mkdir(at('tree', 'deep'), { recursive: true });
  await writeFile(at('tree', 'a.jpg'), await secret());
  await writeFile(at('tree', 'deep', 'b.jpg'), await secret());
  await writeFile(at('tree', 'note.txt'), 'no picture');
  const { code, stdout } = await sayeh(
    ...['strip', '-r', at('tree'), '--keep-names', '--json', '-o', at('tree', 'stripped')],
  );
  expect(code).toBe(2);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records.map(({ status, code: why }) => why ?? status).sort()).toEqual([
    'stripped',
    'stripped',
    'unrecognised',
  ]);
  expect(await readdir(at('tree', 'stripped'), { recursive: true })).toEqual(
    expect.arrayContaining(['a.jpg', path.join('deep', 'b.jpg')]),
  );
  const again = await sayeh('strip', '-r', '--dry-run', '--json', at('tree'));
  expect(again.stdout.trim().split('\n')).toHaveLength(3);
});

test('--in-place keeps the name and leaves nothing else behind', async () => {
  await mkdir(at('place'));
  await writeFile(at('place', 'mine.jpg'), await secret());
  expect((await sayeh('strip', '--in-place', '-q', at('place', 'mine.jpg'))).code).toBe(0);
  expect(await readdir(at('place'))).toEqual(['mine.jpg']);
  expect((await readFile(at('place', 'mine.jpg'))).includes('Neda')).toBe(false);
});

test('--dry-run says in plain words what would go, and writes nothing', async () => {
  await mkdir(at('dry'));
  await writeFile(at('dry', 'mine.jpg'), await secret());
  for (const more of [[], ['--in-place'], ['-o', at('dry', 'out.jpg')]]) {
    const { code, stdout } = await sayeh('strip', '--dry-run', ...more, at('dry', 'mine.jpg'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/would lose[\s\S]*Who[\s\S]*APP1/);
    expect(stdout).not.toContain('Neda');
  }
  expect(await readdir(at('dry'))).toEqual(['mine.jpg']);
  expect(await readFile(at('dry', 'mine.jpg'))).toEqual(await secret());
});
