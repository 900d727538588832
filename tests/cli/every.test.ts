import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse, parsePlan } from '../../src/index.ts';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, panOver } from '../support/clips.ts';

const FRAMES = 45;
let folder: string;
let film: string;

// Black at first, so that who looks at the first frame alone sees nobody; a fade is no cut.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-cli-every-'));
  film = path.join(folder, 'fade.mp4');
  const pan = panOver(1, { width: 480, height: 270, seconds: FRAMES / 15 });
  pan[pan.indexOf('-vf') + 1] += `,fade=in:0:${FRAMES - 15}`;
  await ffmpeg(...pan, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', film);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function planned(...options: string[]) {
  const { code, stdout, stderr } = await sayeh('plan', film, '-q', ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return parsePlan(JSON.parse(stdout));
}

test('--every looks at every so manyth frame and at no other, and the plan says so', async () => {
  const unasked = await planned();
  expect(unasked.analysis).not.toHaveProperty('every');
  expect(unasked.tracks.length).toBeGreaterThan(0);

  const first = await planned('--every', String(FRAMES));
  expect(first.cuts).toEqual([0]);
  expect(first.analysis.every).toBe(FRAMES);
  expect(first.tracks).toEqual([]);

  // The faces are plain by the last looks, so a second frame looked at is enough to find them.
  const twice = await planned('--every', String(FRAMES - 5));
  expect(twice.analysis.every).toBe(FRAMES - 5);
  expect(twice.tracks.length).toBeGreaterThan(0);
  // A track reaches half a second beyond the frame that was looked at, and no further.
  for (const { from } of twice.tracks) expect(from).toBeGreaterThanOrEqual(FRAMES - 5 - 8);
});

test('protect --every follows it too, and says what it risks', async () => {
  const output = path.join(folder, 'once.mp4');
  const { code, stdout } = await sayeh('protect', film, '-o', output, '--json', '--every', String(FRAMES));
  expect(code).toBe(0);
  const record = JSON.parse(stdout);
  // The analysis saw nobody; whom another network saw all the same was covered before anything was written.
  const { recovered, leaksClosed } = record.check;
  expect(record).toMatchObject({ frames: FRAMES, facesCovered: recovered + leaksClosed });
  expect(recovered).toBeGreaterThan(0);
  expect(record.warnings.join()).toContain(`one frame of ${FRAMES}`);
});

test.each(['0', '-1', '1.5', 'two', ''])('--every %j makes no sense: nothing is done', async (value) => {
  const before = await readdir(folder);
  const { code, stderr } = await sayeh(
    'protect',
    film,
    '-o',
    path.join(folder, 'never.mp4'),
    `--every=${value}`,
  );
  expect(code).toBe(1);
  expect(stderr).toContain('whole number from 1');
  expect(await readdir(folder)).toEqual(before);
});

test('the library refuses what the command line refuses', async () => {
  for (const every of [0, -1, 1.5, Number.NaN]) {
    await expect(analyse(film, { every })).rejects.toMatchObject({ code: 'usage' });
  }
});
