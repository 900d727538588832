import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Command, type Ended } from '../../bench/kills/command.ts';
import { environment, filesIn, makeScene, type Scene } from '../../bench/kills/scene.ts';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';
import { hasStrace, straceNote, systemCalls } from '../support/traced.ts';

const PATIENCE = 1_200_000;
const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

/** What the originals say of themselves, and what they are called. */
const SECRETS = ['Shirin-Kamera', 'Azadi-Platz', '+35.6997+051.3380', 'marsch-vom-12-mai'];
/** How pictures begin, and what coded films hold. */
const PICTURES = {
  JPEG: Buffer.of(0xff, 0xd8, 0xff),
  PNG: Buffer.of(0x89, 0x50, 0x4e, 0x47),
  WebP: Buffer.from('WEBPVP8'),
  'boxes of a film': Buffer.from('moov'),
  'samples of a film': Buffer.from('mdat'),
};

let base: string;
let scene: Scene;
let photo: string;
let film: string;
let out: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-leftovers-'));
  const originals = path.join(base, 'originals');
  await mkdir(originals);
  film = path.join(originals, 'marsch-vom-12-mai.mp4');
  const tags = ['artist=Shirin-Kamera', 'comment=Azadi-Platz', 'location=+35.6997+051.3380/'];
  await ffmpeg(
    ...panOver(1, { width: 320, height: 240, seconds: 4, rate: 15 }),
    ...tags.flatMap((tag) => ['-metadata', tag]),
    ...['-movflags', 'use_metadata_tags', '-c:v', 'libx264', film],
  );
  photo = path.join(originals, 'marsch-vom-12-mai.jpg');
  await ffmpeg('-i', samplePhoto(2), '-vf', 'scale=480:-2', photo);
  execFileSync('exiftool', [
    '-q',
    '-overwrite_original',
    '-Artist=Shirin-Kamera',
    '-Comment=Azadi-Platz',
    photo,
  ]);
  for (const file of [film, photo]) expect((await readFile(file)).includes('Shirin-Kamera')).toBe(true);
  scene = await makeScene(film, base);
}, PATIENCE);
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  out = path.join(await mkdtemp(path.join(base, 'run-')), 'out');
});

/** Stretches of the original's coded pictures, which no other file may hold. */
async function stretches(): Promise<Buffer[]> {
  const bytes = await readFile(film);
  return Array.from({ length: 64 }, (_, i) => {
    const at = Math.floor(((i + 0.5) / 64) * (bytes.length - 24));
    return bytes.subarray(at, at + 24);
  }).filter((stretch) => new Set(stretch).size > 12);
}

/** Every file of the run's own places: home, cache, temporary and working folder, and where its output goes. */
const left = () => filesIn(scene.home, scene.temporary, path.dirname(out));
const names = async () => (await left()).map((file) => path.basename(file)).sort();

async function expectNothingTold(files: readonly string[]): Promise<void> {
  const coded = await stretches();
  expect(coded.length).toBeGreaterThan(30);
  for (const file of files) {
    const bytes = await readFile(file);
    expect(coded.filter((stretch) => bytes.includes(stretch))).toEqual([]);
    for (const secret of SECRETS) {
      expect(bytes.includes(secret), `${secret} in ${path.basename(file)}`).toBe(false);
      expect(path.basename(file)).not.toContain(secret);
    }
  }
}

async function expectNoPictures(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const bytes = await readFile(file);
    for (const [what, mark] of Object.entries(PICTURES))
      expect(bytes.subarray(0, 64).includes(mark), `${what} in ${path.basename(file)}`).toBe(false);
    // A file that is not one of the outputs and as large as a picture may be one.
    if (path.extname(file) !== '.sayeh-checkpoint') expect(bytes.length).toBe(0);
  }
}

/** Runs under strace and returns every path that was made or opened for writing. */
function watched(...args: string[]): Promise<Ended & { written: string[] }> {
  const log = path.join(base, 'calls.log');
  const calls =
    'trace=open,openat,openat2,creat,memfd_create,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,rename,renameat,renameat2';
  const command = ['-f', '-s', '512', '-e', calls, '-o', log, process.execPath, LAUNCHER, ...args];
  return new Promise((resolve) => {
    execFile('strace', command, { cwd: scene.home, env: environment(scene) }, async (error, _, stderr) => {
      const asked = systemCalls(await readFile(log, 'utf8'));
      await rm(log);
      const written = asked
        .filter(({ text }) => !/= -1 E/.test(text))
        .filter(
          ({ name, text }) => !name.startsWith('open') || /O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE/.test(text),
        )
        .flatMap(({ text }) => [...text.matchAll(/"([^"]*)"/g)].map(([, file]) => file));
      resolve({
        code: error ? Number(error.code ?? -1) : 0,
        signal: null,
        stderr,
        written: [...new Set(written)],
      });
    });
  });
}

/** Everything that may be written: the output, its unfinished form, and what is no file. */
const ours = () =>
  new RegExp(
    `^(${out}(/(film\\.mp4|photo\\.jpg|report\\.html|\\.[0-9a-f]{16}-\\d+\\.sayeh-partial|\\.[0-9a-f]{16}-[0-9a-f]{8}-\\d+\\.sayeh-checkpoint))?|/dev/null|/proc/self/oom_score_adj)$`,
  );

describe.skipIf(!hasStrace)(`every file that is made or opened for writing${straceNote}`, () => {
  it.each([
    ['a film', () => ['protect', film, '-o', path.join(out, 'film.mp4'), '--resume'], 0, ['film.mp4']],
    [
      'a photo, with a report',
      () => ['protect', photo, '-o', path.join(out, 'photo.jpg'), '--report', path.join(out, 'report.html')],
      0,
      ['photo.jpg', 'report.html'],
    ],
    [
      'a film that is damaged',
      () => ['protect', path.join(base, 'cut.mp4'), '-o', path.join(out, 'film.mp4')],
      2,
      [],
    ],
  ])(
    'for %s is an output, and nothing else is there afterwards',
    async (_, args, code, expected) => {
      const bytes = await readFile(film);
      await writeFile(path.join(base, 'cut.mp4'), bytes.subarray(0, bytes.length >> 1));
      const ended = await watched(...args());
      expect(ended).toMatchObject({ code });
      expect(ended.written.length).toBeGreaterThan(1);
      expect(ended.written.filter((file) => !ours().test(file))).toEqual([]);
      expect(await names()).toEqual(expected);
      await expectNothingTold(await left());
    },
    PATIENCE,
  );
});

describe.skipIf(process.platform === 'win32')('a run that is killed', () => {
  it.each([
    ['finding faces', false],
    ['finding faces', true],
    ['covering', true],
    ['checking', false],
  ])(
    'while %s (with --resume: %s) leaves covered frames at most, nothing of the original, and nothing after the next run',
    async (stage, resume) => {
      const args = ['protect', film, '-o', path.join(out, 'film.mp4'), ...(resume ? ['--resume'] : [])];
      const job = new Command(scene, args);
      while (!job.said.includes(stage)) {
        expect(job.isOver, job.said).toBe(false);
        await wait(10);
      }
      if (resume && stage === 'finding faces') await wait(2500); // a checkpoint is written after a second
      job.kill(true);
      await job.ended();
      await job.isGone();
      const after = await left();
      await expectNothingTold(after);
      await expectNoPictures(after.filter((file) => !/\.sayeh-partial$|film\.mp4$/.test(file)));
      const expected = resume ? /\.sayeh-(partial|checkpoint)$|^film\.mp4$/ : /\.sayeh-partial$|^film\.mp4$/;
      for (const file of after) expect(path.basename(file)).toMatch(expected);

      const next = await new Command(scene, [...args, '--force']).ended();
      expect(next).toMatchObject({ code: 0 });
      expect(await names()).toEqual(['film.mp4']);
      expect(await readdir(scene.temporary)).toEqual([]);
    },
    PATIENCE,
  );
});
