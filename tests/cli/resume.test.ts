import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Command } from '../../bench/kills/command.ts';
import { below } from '../../bench/kills/random.ts';
import { makeScene, type Scene } from '../../bench/kills/scene.ts';
import { ffmpeg, panOver } from '../support/clips.ts';
import { hasStrace, straceNote } from '../support/traced.ts';

const PATIENCE = 1_200_000;
const CHECKPOINT = /^\.[0-9a-f]{16}-[0-9a-f]{8}-\d+\.sayeh-checkpoint$/;
const GOING_ON = /an earlier run got to frame (\d+)(, the last)?: going on from there/;

let base: string;
let scene: Scene;
let film: string;
let out: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-resume-'));
  film = path.join(base, 'the-march-of-12-may.mp4');
  const half = (n: 1 | 2, name: string) =>
    ffmpeg(...panOver(n, { width: 320, height: 240, seconds: 8, rate: 15 }), '-c:v', 'libx264', name);
  const parts = [path.join(base, 'a.mp4'), path.join(base, 'b.mp4')];
  await half(1, parts[0]);
  await half(2, parts[1]);
  const list = path.join(base, 'parts.txt');
  await writeFile(list, parts.map((part) => `file '${part}'\n`).join(''));
  await ffmpeg('-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', film);
  scene = await makeScene(film, path.join(base, 'scene'));
}, PATIENCE);
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  out = await mkdtemp(path.join(base, 'out-'));
});

const at = (name: string, folder = out) => path.join(folder, name);
const start = (...args: string[]) => new Command(scene, args);
async function run(...args: string[]) {
  const ended = await start(...args).ended();
  expect(ended).toMatchObject({ code: 0 });
  return ended;
}
const protecting = (...more: string[]) => ['protect', film, '-o', at('film.mp4'), '--threads', '1', ...more];
const planning = (...more: string[]) => ['plan', film, '-o', at('plan.json'), ...more];

async function checkpoint(folder = out): Promise<{ file: string; size: number } | undefined> {
  const name = (await readdir(folder)).find((each) => CHECKPOINT.test(each));
  if (name === undefined) return undefined;
  const file = path.join(folder, name);
  return {
    file,
    size: await stat(file).then(
      (found) => found.size,
      () => 0,
    ),
  };
}

/** Kills a job once its checkpoint is longer than `size`, or where a fast machine is through with looking. */
async function killedOnce(size: number, ...args: string[]): Promise<{ file: string; size: number }> {
  const job = start(...args);
  for (;;) {
    expect(job.isOver, job.said).toBe(false);
    const found = await checkpoint();
    if (found && (found.size > size || job.said.includes('asking a second network'))) {
      job.kill(true);
      await job.ended();
      return (await checkpoint()) ?? found;
    }
    await wait(20);
  }
}

const built = (name: string) =>
  import(pathToFileURL(path.resolve(import.meta.dirname, '../../dist', name)).href);

/** Longer than head and settings: at least one record of frames. */
const SOME = 3000;

describe.skipIf(process.platform === 'win32')('a film whose analysis was killed', () => {
  let whole: Buffer;
  beforeAll(async () => {
    out = await mkdtemp(path.join(base, 'whole-'));
    await run(...protecting());
    whole = await readFile(at('film.mp4'));
  }, PATIENCE);

  it(
    'goes on where it was, twice, and becomes what it would have been, byte for byte',
    async () => {
      const first = await killedOnce(SOME, ...protecting('--resume'));
      const left = await readFile(first.file);
      expect((await stat(first.file)).mode & 0o777).toBe(0o600);
      for (const word of ['march', 'film', 'centerface', '"settings"', 'Exif', 'mdat'])
        expect(left.includes(word), word).toBe(false);
      expect(left.includes(Buffer.from(scene.filmHash.slice(0, 16)))).toBe(false);
      expect(first.file).not.toContain(scene.filmHash.slice(0, 8));

      const second = await killedOnce(first.size, ...protecting('--resume'));
      expect(second.size).toBeGreaterThanOrEqual(first.size);

      const last = await run(...protecting('--resume'));
      expect(Number(GOING_ON.exec(last.stderr)?.[1])).toBeGreaterThan(0);
      expect((await readFile(at('film.mp4'))).equals(whole)).toBe(true);
      expect(await readdir(out)).toEqual(['film.mp4']);
    },
    PATIENCE,
  );

  it(
    'after its analysis is not analysed again',
    async () => {
      const job = start(...protecting('--resume'));
      while (!/asking a second network|covering/.test(job.said)) {
        expect(job.isOver).toBe(false);
        await wait(20);
      }
      job.kill(true);
      await job.ended();
      const { stderr } = await run(...protecting('--resume'));
      expect(GOING_ON.exec(stderr)?.[2]).toBe(', the last');
      expect(stderr).not.toMatch(/finding faces|looking again/);
      expect((await readFile(at('film.mp4'))).equals(whole)).toBe(true);
      expect(await readdir(out)).toEqual(['film.mp4']);
    },
    PATIENCE,
  );

  it(
    'stopped by Ctrl-C says how to go on',
    async () => {
      const job = start(...planning('--resume'));
      while (((await checkpoint())?.size ?? 0) < SOME) {
        expect(job.isOver).toBe(false);
        await wait(20);
      }
      job.kill(true, 'SIGINT');
      const { code, stderr } = await job.ended();
      expect(code).toBe(130);
      const [name] = await readdir(out);
      expect(name).toMatch(CHECKPOINT);
      expect(stderr).toContain(`the same command goes on from here; ${name}, beside the output`);
      const ended = await run(...planning('--resume'));
      expect(ended.stderr).toMatch(GOING_ON);
      expect(await readdir(out)).toEqual(['plan.json']);
    },
    PATIENCE,
  );
});

describe.skipIf(process.platform === 'win32')('a checkpoint', () => {
  let left: string;
  let unbroken: Buffer;
  // As built: a checkpoint is for the very program that wrote it.
  let writePlan: typeof import('../../src/pipeline/write-plan.ts').writePlan;
  let detectors: import('../../src/node/inference/detectors.ts').Detectors;
  beforeAll(async () => {
    ({ writePlan } = await built('pipeline/write-plan.js'));
    const { Detectors } = await built('node/inference/detectors.js');
    detectors = new Detectors('centerface');
    out = await mkdtemp(path.join(base, 'left-'));
    await run(...planning());
    unbroken = await readFile(at('plan.json'));
    await rm(at('plan.json'));
    left = (await killedOnce(2 * SOME, ...planning('--resume'))).file;
  }, PATIENCE);
  afterAll(() => detectors.close());

  /** Resumes from a copy of what was left, changed, in this process. */
  async function resumedFrom(
    change: (bytes: Buffer) => Buffer,
    { file = film, sensitivity = 'normal' as 'normal' | 'high' } = {},
  ) {
    const folder = await mkdtemp(path.join(base, 'changed-'));
    await writeFile(at(path.basename(left), folder), change(await readFile(left)));
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await writePlan(file, at('plan.json', folder), { resume: true, sensitivity, detectors, onNote });
    const names = (await readdir(folder)).sort();
    return { plan: await readFile(at('plan.json', folder)), notes: notes.join('\n'), names };
  }

  it(
    'that is whole is used, and goes when the plan is there',
    async () => {
      const { plan, notes, names } = await resumedFrom((bytes) => bytes);
      expect(notes).toMatch(GOING_ON);
      expect(plan.equals(unbroken)).toBe(true);
      expect(names).toEqual(['plan.json']);
    },
    PATIENCE,
  );

  it(
    'that is damaged or cut anywhere never crashes and never changes the plan',
    async () => {
      const random = below(7);
      const { size } = await stat(left);
      const places = [25, 60, size - 1, random(size), random(size)];
      for (const place of places) {
        for (const change of [
          (bytes: Buffer) => bytes.subarray(0, place),
          (bytes: Buffer) =>
            Buffer.concat([
              bytes.subarray(0, place),
              Buffer.of(bytes[place] ^ 0x10),
              bytes.subarray(place + 1),
            ]),
        ]) {
          const { plan, notes, names } = await resumedFrom(change);
          expect(plan.equals(unbroken), `${change} at ${place}`).toBe(true);
          expect(notes, String(place)).toMatch(/going on from there|is not used: .*; looking anew/);
          expect(names).toEqual(['plan.json']);
        }
      }
      const garbage = await resumedFrom((bytes) => Buffer.from(bytes.map((byte, i) => byte ^ (i * 31))));
      expect(garbage.plan.equals(unbroken)).toBe(true);
      expect(garbage.notes).toMatch(/is not used: it cannot be read; looking anew/);
    },
    PATIENCE,
  );

  it(
    'of other settings is refused by name',
    async () => {
      const { plan, notes } = await resumedFrom((bytes) => bytes, { sensitivity: 'high' });
      expect(notes).toMatch(
        /what an earlier run found is not used: it looked with other settings; looking anew/,
      );
      const place = at('high.json');
      await writePlan(film, place, { sensitivity: 'high', detectors });
      expect(plan.equals(await readFile(place))).toBe(true);
      expect(plan.equals(unbroken)).toBe(false);
    },
    PATIENCE,
  );

  it(
    'of another film is not even seen, whatever the film is called',
    async () => {
      await mkdir(at('other'));
      const other = at(path.basename(film), at('other'));
      await ffmpeg(...panOver(3, { width: 320, height: 240, seconds: 1 }), '-c:v', 'libx264', other);
      const { notes, names } = await resumedFrom((bytes) => bytes, { file: other });
      expect(notes).toBe('');
      expect(names).toEqual([path.basename(left), 'plan.json']);
    },
    PATIENCE,
  );

  it(
    'is named and left alone by a run that was not asked to go on',
    async () => {
      const name = path.basename(left);
      await copyFile(left, at(name));
      const { stderr } = await run(...planning());
      expect(stderr).toContain(`an earlier run left ${name} beside the output: --resume goes on from it`);
      expect((await readFile(at(name))).equals(await readFile(left))).toBe(true);
      expect((await readFile(at('plan.json'))).equals(unbroken)).toBe(true);
    },
    PATIENCE,
  );
});

describe('--resume', () => {
  it('needs a place beside which to keep its file', async () => {
    const { code, stderr } = await start('plan', film, '--resume').ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(/--resume keeps its file beside the plan: add -o <file>/);
  });

  it(`goes on without where no checkpoint can be written${straceNote}`, {
    skip: !hasStrace,
    timeout: PATIENCE,
  }, async () => {
    await run(...planning());
    const unbroken = await readFile(at('plan.json'));
    const launcher = path.resolve(import.meta.dirname, '../../bin/sayeh.js');
    const stderr = await new Promise<string>((resolve) => {
      // Only checkpoints are handed to the disk by this call while a plan is made.
      execFile(
        'strace',
        [
          ...['-f', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=ENOSPC'],
          ...[process.execPath, launcher, ...planning('--resume', '--force')],
        ],
        (_error, _stdout, said) => resolve(said),
      );
    });
    expect(stderr).toMatch(
      /no checkpoint can be written \(the system answered ENOSPC\): the work goes on without/,
    );
    expect((await readFile(at('plan.json'))).equals(unbroken)).toBe(true);
    expect(await readdir(out)).toEqual(['plan.json']);
  });
});
