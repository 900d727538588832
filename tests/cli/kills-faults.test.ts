import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Command, type Ended } from '../../bench/kills/command.ts';
import { environment, makeScene, type Scene } from '../../bench/kills/scene.ts';
import { ffmpeg, panOver } from '../support/clips.ts';
import { canMount } from '../support/mounts.ts';
import { hasStrace, straceNote } from '../support/traced.ts';

const PATIENCE = 1_200_000;
const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

let base: string;
let scene: Scene;
let original: Buffer;
let whole: Buffer;
/** For one test: a copy of the film, and where its output goes. */
let film: string;
let out: string;
let folder: string;

const clip = (photo: 1 | 2) => path.join(base, `clip-${photo}.mp4`);
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-kills-faults-'));
  // Of the same size and length, so that a plan for one could be rendered from the other.
  for (const photo of [1, 2] as const)
    await ffmpeg(
      ...panOver(photo, { width: 320, height: 240, seconds: 3, rate: 15 }),
      '-c:v',
      'libx264',
      clip(photo),
    );
  scene = await makeScene(clip(1), path.join(base, 'scene'));
  folder = await mkdtemp(path.join(base, 'case-'));
  film = clip(1);
  out = path.join(folder, 'out');
  expect(await start().ended()).toMatchObject({ code: 0 });
  original = await readFile(film);
  whole = await readFile(target());
}, PATIENCE);
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
  film = path.join(folder, 'film.mp4');
  out = path.join(folder, 'out');
  await copyFile(clip(1), film);
});

const target = () => path.join(out, 'film.mp4');
const protecting = (...more: string[]) => ['protect', film, '-o', target(), '--threads', '1', ...more];
const start = (...more: string[]) => new Command(scene, protecting(...more));
const written = () => readdir(out).catch(() => [] as string[]);

async function reached(job: Command, stage: string): Promise<void> {
  while (!job.said.includes(stage)) {
    expect(job.isOver, job.said).toBe(false);
    await wait(10);
  }
}

async function expectRefused(ended: Ended, message: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toContain('    at ');
  expect(ended.code).toBe(2);
  expect(await written()).toEqual([]);
}

/**
 * The command line under strace, which makes system calls fail as it is told to. It counts the calls of each thread
 * by itself, so there is one thread for all that waits for the disk.
 */
function withFaults(...faults: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const args = ['-f', '-o', '/dev/null', ...faults, process.execPath, LAUNCHER, ...protecting()];
    const env = { ...environment(scene), UV_THREADPOOL_SIZE: '1' };
    execFile('strace', args, { cwd: scene.home, env }, (error, _stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, signal: null, stderr });
    });
  });
}

describe('the input', () => {
  const CHANGES: [what: string, stage: string, change: () => Promise<unknown>][] = [
    ['grows while faces are looked for', 'finding faces', () => appendFile(film, Buffer.alloc(100))],
    ['grows while it is written anew', 'covering', () => appendFile(film, Buffer.alloc(100))],
    ['is cut off while faces are looked for', 'finding faces', () => truncate(film, original.length >> 1)],
    ['is cut off while it is written anew', 'covering', () => truncate(film, original.length >> 1)],
    [
      'is another film, as long and as large, once faces were found, and claims the same time',
      'asking a second network',
      async () => {
        const { atime, mtime } = await stat(film);
        await copyFile(clip(2), `${film}.new`);
        await utimes(`${film}.new`, atime, mtime);
        await rename(`${film}.new`, film);
      },
    ],
    ['is gone once faces were found', 'asking a second network', () => rm(film)],
  ];
  it.each(CHANGES)(
    '%s: refused, and nothing is written',
    async (_, stage, change) => {
      const job = start();
      await reached(job, stage);
      await change();
      await expectRefused(
        await job.ended(),
        /film\.mp4 changed while it was read: nothing was written|cannot read film\.mp4: there is no such file|No such file/,
      );
    },
    PATIENCE,
  );

  it.each([1, 4, 9])(
    `cannot be read from the %ith time on: refused, and nothing is written${straceNote}`,
    { skip: !hasStrace, timeout: PATIENCE },
    async (times) => {
      await ffmpeg('-i', clip(1), '-c:v', 'libx264', '-qp', '1', film); // large enough to be read so often
      const ended = await withFaults(
        ...['-P', film, '-e', 'trace=read,pread64', '-e', `inject=read,pread64:error=EIO:when=${times}+`],
      );
      await expectRefused(ended, /film\.mp4.*(the disk reports an error|is cut off or damaged)/);
    },
  );
});

describe('the output', () => {
  it.each([0.02, 0.3, 0.7, 0.97, 1.1, 3])(
    'with room for %f of it on the disk is whole or not there',
    { skip: !canMount, timeout: PATIENCE },
    async (share) => {
      await mkdir(out);
      const size = Math.max(4096, Math.ceil((share * whole.length) / 4096) * 4096);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', out]);
      try {
        const ended = await start('--resume', '--report', path.join(out, 'report.json')).ended();
        const names = await written();
        if (names.includes('film.mp4')) {
          expect((await readFile(target())).equals(whole)).toBe(true);
          expect([0, 2]).toContain(ended.code); // 2 where there was no room for the report
          expect(names.includes('report.json')).toBe(ended.code === 0);
        } else {
          expect(ended.stderr).toMatch(/no space left on the disk/);
          expect(ended.code).toBe(2);
        }
        // What was found may be kept; nothing half-written is.
        expect(
          names.filter((name) => !/^(film\.mp4|report\.json|\..*\.sayeh-checkpoint)$/.test(name)),
        ).toEqual([]);
        expect(share < 1 && names.includes('film.mp4')).toBe(false);
        expect(share > 2 && ended.code !== 0).toBe(false);
      } finally {
        execFileSync('umount', [out]);
      }
    },
  );

  it(`that the disk will not keep is not there${straceNote}`, {
    skip: !hasStrace,
    timeout: PATIENCE,
  }, async () => {
    await expectRefused(
      await withFaults('-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO'),
      /cannot write film\.mp4: the disk reports an error/,
    );
  });

  it(`whose name cannot be given is not there, and hard links are not needed for it${straceNote}`, {
    skip: !hasStrace,
    timeout: PATIENCE,
  }, async () => {
    const naming = 'link,linkat,rename,renameat,renameat2';
    await expectRefused(
      await withFaults('-e', `trace=${naming}`, '-e', `inject=${naming}:error=EROFS`),
      /cannot write film\.mp4: the disk is read-only/,
    );
    const links = await withFaults('-e', 'trace=link,linkat', '-e', 'inject=link,linkat:error=EPERM');
    expect(links).toMatchObject({ code: 0 });
    expect((await readFile(target())).equals(whole)).toBe(true);
  });

  it.each(['finding faces', 'covering', 'checking'])(
    'whose folder is taken away while %s: refused, and the folder does not come back',
    async (stage) => {
      const job = start();
      await reached(job, stage);
      await rm(out, { recursive: true });
      const { code, stderr } = await job.ended();
      expect(code).toBe(2);
      expect(stderr).toMatch(/film\.mp4|output|No such file/);
      expect(stderr).not.toContain('    at ');
      expect(existsSync(out)).toBe(false);
    },
    PATIENCE,
  );

  it(
    'that two runs write at once is one run’s, whole; with --force either’s',
    async () => {
      const both = await Promise.all([start().ended(), start().ended()]);
      expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
      expect(both.find(({ code }) => code === 2)?.stderr).toMatch(/film\.mp4 is already there/);
      expect((await readFile(target())).equals(whole)).toBe(true);
      expect(await written()).toEqual(['film.mp4']);
      const forced = await Promise.all([
        start('--force', '--resume').ended(),
        start('--force', '--resume').ended(),
      ]);
      expect(forced.map(({ code }) => code)).toEqual([0, 0]);
      expect((await readFile(target())).equals(whole)).toBe(true);
      expect(await written()).toEqual(['film.mp4']);
    },
    PATIENCE,
  );
});

const FAKETIME = ['/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((place) => path.join(place, 'faketime/libfaketimeMT.so.1'))
  .find((file) => existsSync(file));
const faketimeNote = FAKETIME ? '' : ' (skipped: faketime is not here)';

describe(`the clock${faketimeNote}`, () => {
  it.each([
    ['the clock of the day alone', '1'],
    ['every clock', '0'],
  ])(
    'jumps by years and back while a film is worked on (%s): nothing changes',
    { skip: !FAKETIME, timeout: PATIENCE },
    async (_, keepMonotonic) => {
      const offset = path.join(folder, 'offset');
      await writeFile(offset, '+0');
      const job = new Command(scene, protecting('--resume'), {
        LD_PRELOAD: FAKETIME as string,
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: '1',
        // What is faked is the clock, not what the file system says.
        NO_FAKE_STAT: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: keepMonotonic,
        DONT_FAKE_MONOTONIC: keepMonotonic,
      });
      const stages = ['finding faces', 'asking a second network', 'covering', 'checking'];
      for (const [i, stage] of stages.entries()) {
        await Promise.race([reached(job, stage), job.ended()]);
        await writeFile(offset, ['+20y', '-3000d', '+1d', '+0'][i]);
      }
      expect(await job.ended()).toMatchObject({ code: 0 });
      expect((await readFile(target())).equals(whole)).toBe(true);
      expect(await written()).toEqual(['film.mp4']);
    },
  );
});
