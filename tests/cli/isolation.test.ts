import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';
import {
  gone,
  hasProc,
  jobsOf,
  LAUNCHER_ARGS,
  procNote,
  start,
  startAs,
  statusOf,
} from '../support/job-processes.ts';
import { hasUnshare, unshareNote } from '../support/traced.ts';

const PATIENCE = 1_200_000;

let base: string;
let folder: string;
let film: string;
let photo: string;
const at = (...names: string[]) => path.join(folder, ...names);
const written = () => readdir(at('out')).catch(() => [] as string[]);

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-isolation-'));
  film = path.join(base, 'film.mp4');
  await ffmpeg(...panOver(2, { width: 320, height: 240, seconds: 10, rate: 15 }), '-c:v', 'libx264', film);
  photo = path.join(base, 'photo.jpg');
  await sharp(samplePhoto(2)).resize({ width: 320 }).toFile(photo);
}, PATIENCE);
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
});

describe.skipIf(!hasProc)(`what reads a file is a process of its own${procNote}`, () => {
  it(
    'which the system has taken everything from that it allows to take',
    async () => {
      const run = start('protect', film, '-o', at('out/'));
      await run.said('finding faces');
      const [job] = jobsOf(run.pid);
      const limits = (pid: number) => readFileSync(`/proc/${pid}/limits`, 'utf8');
      // A limit of one byte keeps dumps from the system's collector too, which one of none does not.
      for (const pid of [run.pid, job]) expect(limits(pid)).toMatch(/Max core file size +1 +1 /);
      expect(limits(job)).toMatch(/Max data size +\d+ +\d+ /);
      expect(statusOf(job, 'NoNewPrivs')).toBe('1');
      expect(readFileSync(`/proc/${job}/oom_score_adj`, 'utf8')).toBe('1000\n');
      // What is left to root is to read and write files: CAP_CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH and FOWNER.
      const able = BigInt(`0x${statusOf(job, 'CapEff')}`);
      expect(able & ~0xfn).toBe(0n);
      if (hasUnshare) {
        expect(readlinkSync(`/proc/${job}/ns/net`)).not.toBe(readlinkSync(`/proc/${run.pid}/ns/net`));
        const interfaces = readFileSync(`/proc/${job}/net/dev`, 'utf8').match(/^ *[\w-]+(?=:)/gm);
        expect(interfaces?.map((name) => name.trim())).toEqual(['lo']);
        expect(readFileSync(`/proc/${job}/net/route`, 'utf8').trim().split('\n')).toHaveLength(1);
      }
      run.process.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 130, signal: null });
      await gone(job);
      expect(await written()).toEqual([]);
    },
    PATIENCE,
  );

  it.skipIf(!hasUnshare)(
    `and which does its work where the system allows nothing to be taken${unshareNote}`,
    async () => {
      const forbid = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"';
      const run = startAs(
        'unshare',
        '-r',
        'sh',
        '-c',
        forbid,
        'sh',
        ...LAUNCHER_ARGS,
        'protect',
        photo,
        '-o',
        at('out/'),
      );
      let own = '';
      for (let looked = false; !looked && run.process.exitCode === null; await new Promise(setImmediate)) {
        const [job] = jobsOf(run.pid);
        if (job === undefined || statusOf(job, 'NoNewPrivs') !== '1' || statusOf(job, 'Name') !== 'node')
          continue;
        own = readlinkSync(`/proc/${job}/ns/net`);
        looked = true;
      }
      expect(own).toBe(readlinkSync('/proc/self/ns/net'));
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(await written()).toHaveLength(1);
    },
    PATIENCE,
  );

  it.each(['SIGSEGV', 'SIGABRT', 'SIGKILL'] as const)(
    'its end by %s fails one file, and the others are done',
    async (signal) => {
      const run = start('protect', film, photo, '-o', at('out'));
      await run.said('covering film');
      const [job] = jobsOf(run.pid);
      process.kill(job, signal);
      expect(await run.ended).toEqual({ code: 2, signal: null });
      const why = signal === 'SIGKILL' ? 'was ended from outside' : `crashed \\(${signal}\\)`;
      expect(run.stderr()).toMatch(new RegExp(`error film\\.mp4: what was reading it ${why}`));
      expect(run.stdout()).toMatch(/1 of 2 files protected\.\n.*1 failed: 1 crashed what read them/s);
      expect(await written()).toEqual([expect.stringMatching(/^sayeh-[0-9a-f]{12}\.jpg$/)]);
    },
    PATIENCE,
  );

  it(
    'a process that did another file before may have been harmed by it: the next one is tried again',
    async () => {
      const run = start('protect', photo, film, '-o', at('out'));
      await run.said('covering film');
      const [job] = jobsOf(run.pid);
      process.kill(job, 'SIGSEGV');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toContain('All 2 files protected.');
      expect((await written()).map((name) => path.extname(name)).sort()).toEqual(['.jpg', '.mp4']);
    },
    PATIENCE,
  );

  it(
    'is given up where nothing goes on',
    async () => {
      const run = start('protect', film, '-o', at('out/'), '--patience', '20', '--verbose');
      await run.said('finding faces');
      const [job] = jobsOf(run.pid);
      process.kill(job, 'SIGSTOP');
      expect(await run.ended).toEqual({ code: 2, signal: null });
      expect(run.stderr()).toMatch(/error film\.mp4: given up, nothing went on for 2\d s/);
      await gone(job);
      expect(await written()).toEqual([]);
    },
    PATIENCE,
  );

  it.each(['finding faces', 'covering'])(
    'ends with a command that is killed while %s, and leaves nothing half-written',
    async (stage) => {
      const run = start('protect', film, '-o', at('out/'));
      await run.said(stage);
      const [job] = jobsOf(run.pid);
      process.kill(run.pid, 'SIGKILL');
      await run.ended;
      await gone(job);
      expect(await written()).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'does not outlive a second Ctrl-C, even where it does nothing any more',
    async () => {
      const run = start('protect', film, '-o', at('out/'));
      await run.said('covering');
      const [job] = jobsOf(run.pid);
      process.kill(job, 'SIGSTOP');
      run.process.kill('SIGINT');
      run.process.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 130, signal: null });
      await gone(job);
      expect(await written()).toEqual([]);
    },
    PATIENCE,
  );
});

describe('memory', () => {
  it(
    'a picture that takes more of it than it may is refused, and the others are done',
    async () => {
      const large = at('large.png');
      const plain = { width: 16_000, height: 12_000, channels: 3, background: '#445566' } as const;
      await sharp({ create: plain, limitInputPixels: false }).png().toFile(large);
      expect((await stat(large)).size).toBeLessThan(4 << 20);
      const ended = await sayeh('protect', large, photo, '-o', at('out'), '--memory', '1200', '--json');
      expect(ended.stderr).toMatch(/large\.png: it takes more than the 1\.2 GiB of memory/);
      expect(ended.code).toBe(2);
      const records = ended.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(records).toMatchObject([
        { status: 'failed', code: 'too-large' },
        { status: 'protected', input: photo },
        { status: 'summary', total: 2, protected: 1, failed: { 'too-large': 1 }, notBegun: 0 },
      ]);
      expect(await written()).toHaveLength(1);
    },
    PATIENCE,
  );
});

describe('several files side by side', () => {
  it(
    'give what one after the other gives, and a damaged one stops none of them',
    async () => {
      await mkdir(at('in'));
      for (const number of [1, 2, 3, 4] as const)
        await sharp(samplePhoto(number))
          .resize({ width: 240 })
          .toFile(at('in', `${number}.jpg`));
      const whole = await readFile(photo);
      await writeFile(at('in', '2b.jpg'), whole.subarray(0, whole.length / 2));
      await writeFile(at('in', '3b.jpg'), '');
      await writeFile(at('in', '4b.jpg'), 'no photo at all, whatever its name says');
      const run = async (jobs: string) => {
        const out = at(`out-${jobs}`);
        const args = ['--keep-names', '--json', '--jobs', jobs];
        const { code, stdout } = await sayeh('protect', '-r', at('in'), '-o', out, ...args);
        const records = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
        const files = new Map<string, string>();
        for (const name of await readdir(out))
          files.set(name, (await readFile(path.join(out, name))).toString('hex'));
        return {
          code,
          files,
          last: records.at(-1),
          inputs: records
            .map(({ input }) => input)
            .filter(Boolean)
            .sort(),
        };
      };
      const [one, two] = [await run('1'), await run('2')];
      expect(two).toEqual(one);
      expect([...one.files.keys()].sort()).toEqual(['1.jpg', '2.jpg', '3.jpg', '4.jpg']);
      expect(one.inputs).toHaveLength(7);
      expect(one.code).toBe(2);
      expect(one.last).toMatchObject({
        status: 'summary',
        total: 7,
        protected: 4,
        failed: { corrupt: 2, unrecognised: 1 },
        notBegun: 0,
      });
    },
    PATIENCE,
  );

  it(
    'are counted where Ctrl-C comes in between',
    async () => {
      const run = start('protect', photo, film, film.replace('film', 'missing'), photo, '-o', at('out'));
      await run.said('finding faces film');
      run.process.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 130, signal: null });
      expect(run.stdout()).toMatch(/1 of 3 files protected/);
      expect(await written()).toHaveLength(1);
    },
    PATIENCE,
  );
});
