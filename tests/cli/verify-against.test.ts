import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { ffmpeg } from '../support/clips.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-cli-against-'));
  await ffmpeg(
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=10:d=2',
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      at('film.mp4'),
    ],
  );
  const box = "drawbox=x=96:y=64:w=48:h=48:color=gray:t=fill:enable='between(n,5,9)'";
  const remake = (name: string, filter: string) =>
    ffmpeg('-i', at('film.mp4'), '-vf', filter, '-fps_mode', 'passthrough', '-c:v', 'libx264', at(name));
  await remake('dirty.mp4', box);
  await remake('dirty-short.mp4', "select='not(eq(n,7))'");
  await sayeh('strip', at('dirty.mp4'), '-o', at('boxed.mp4'));
  await sayeh('strip', at('dirty-short.mp4'), '-o', at('short.mp4'));
  await sharp({ create: { width: 64, height: 64, channels: 3, background: '#345' } })
    .png()
    .toFile(at('photo.png'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('0 where the file is clean and every frame is there: where it differs, in words', async () => {
  const { code, stdout } = await sayeh('verify', at('boxed.mp4'), '--against', at('film.mp4'));
  expect(code).toBe(0);
  const lines = stdout.split('\n').map((line) => line.trim());
  expect(lines[0]).toMatch(/^clean boxed\.mp4/);
  expect(lines).toContain('against film.mp4: every frame is there');
  expect(lines).toContainEqual(
    expect.stringMatching(/^5 of 20 frames differ, on average 0\.\d+ % of the picture; most in frame \d: \d/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^frames 5 to 9, 00:00:00\.500 to 00:00:00\.900: (48|56|64)x(48|56|64) at (88|96),(56|64)/,
    ),
  );
  expect(lines).toContain('nothing differs in 15 of them: frames 0 to 4, frames 10 to 19');
});

test('3 where a frame is missing, though the file is clean; for programs too', async () => {
  const { code, stdout } = await sayeh('verify', at('short.mp4'), '--against', at('film.mp4'));
  expect(code).toBe(3);
  expect(stdout).toMatch(/^clean short\.mp4/);
  expect(stdout).toContain('it lacks 1 frame (7) of the original');
  const json = await sayeh('verify', at('short.mp4'), '--against', at('film.mp4'), '--json');
  expect(json.code).toBe(3);
  expect(JSON.parse(json.stdout)).toMatchObject({
    status: 'differs',
    violations: [],
    against: {
      sameFrames: false,
      missing: { count: 1, frames: [7] },
      pictures: { changed: 0, compared: 19 },
    },
  });
});

test.each([
  ['3 where the file is not clean, whatever its frames', ['dirty.mp4', '--against', 'film.mp4'], 3],
  ['2 where there is no such original', ['boxed.mp4', '--against', 'gone.mp4'], 2],
  ['2 where the original is a photo', ['boxed.mp4', '--against', 'photo.png'], 2],
  ['1 for several files', ['boxed.mp4', 'short.mp4', '--against', 'film.mp4'], 1],
  ['1 for a folder', ['-r', '.', '--against', 'film.mp4'], 1],
])('%s', async (_, args, expected) => {
  const { code } = await sayeh('verify', ...args.map((arg) => (arg.startsWith('-') ? arg : at(arg))));
  expect(code).toBe(expected);
});
