import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';
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
  expect(stdout).toMatch(
    /not clean dirty\.jpg {2}jpeg photo\n {2}APP1: .*\n.*none is open to see\nclean clean\.png/,
  );
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

test('says whether a face is open to see, in photos and films, whoever made them', async () => {
  await writeFile(at('faces.jpg'), await readFile(samplePhoto(4)));
  await sayeh('strip', at('faces.jpg'), '--in-place');
  const shown = await sayeh('verify', at('faces.jpg'));
  expect(shown.code).toBe(3);
  expect(shown.stdout).toMatch(
    /^clean faces\.jpg {2}jpeg photo\n.*what looks like a face in \d+ places\n {4}\d+ pixels wide at \d+, \d+/,
  );
  expect((await sayeh('verify', at('faces.jpg'), '--metadata-only')).code).toBe(0);

  const pan = panOver(4, { width: 640, height: 480, seconds: 1, rate: 25 });
  await ffmpeg(...pan, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', at('faces.mp4'));
  // Another tool that covers one half of the picture, and with it one of two people.
  await ffmpeg('-i', at('faces.mp4'), '-vf', 'drawbox=x=0:w=320:c=gray:t=fill', at('half.mp4'));
  const half = await sayeh('verify', at('half.mp4'), '--json');
  expect(half.code).toBe(3);
  const { faces } = JSON.parse(half.stdout);
  expect(faces.examined).toBeGreaterThanOrEqual(6);
  expect(faces.places.length).toBeGreaterThanOrEqual(1);
  for (const { from, to, box } of faces.places) {
    expect(to).toBeGreaterThan(from);
    expect(box.x + box.width).toBeGreaterThan(320);
  }

  for (const name of ['faces.jpg', 'faces.mp4']) {
    const safe = at(`safe-${name}`);
    await sayeh('protect', at(name), '-o', safe);
    const { code, stdout } = await sayeh('verify', safe, '--against', at(name), '--json');
    expect(code, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'clean', faces: { places: [] } });
  }
  await writeFile(at('cut.jpg'), (await readFile(at('safe-faces.jpg'))).subarray(0, 9000));
  const cut = await sayeh('verify', at('cut.jpg'));
  expect(cut.code).toBe(3);
  expect(cut.stdout).toContain('the picture could not be looked at');
});
