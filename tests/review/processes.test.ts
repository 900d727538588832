import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan/plan.ts';
import type { Followed, Problem, Session } from '../../src/review/api.ts';
import { samplePhoto } from '../support/clips.ts';
import { gone, hasProc, jobsOf, procNote, statusOf } from '../support/job-processes.ts';
import { NUMBERED, numberedFilm, readNumber } from '../support/numbered-film.ts';
import { endReviewProcess, type ReviewProcess, startReviewProcess } from '../support/review-process.ts';
import { hasUnshare } from '../support/traced.ts';
import { type Answer, Client } from './client.ts';

const PATIENCE = 1_200_000;
const FRAMES = 60;
const PLAN: Plan = {
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', ...NUMBERED, frames: FRAMES, frameRate: 25 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0],
  tracks: [],
  risks: [],
};
const SETTINGS = { style: 'blur', cover: 'head', audio: 'drop' };
/** What decodes: FFmpeg, libvips, the networks' runtime. */
const NATIVE = /\.node$|libvips|onnxruntime/m;

let base: string;
let film: string;
let folder: string;
let review: ReviewProcess;
let client: Client;
const pid = () => review.child.pid as number;
const jobs = () => jobsOf(pid());

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-review-processes-'));
  film = path.join(base, 'someone-somewhere.mp4');
  await numberedFilm(FRAMES, '-c:v', 'libx264', '-x264-params', 'keyint=30', film);
}, PATIENCE);
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
});
afterEach(() => endReviewProcess(review));
afterAll(() => rm(base, { recursive: true, force: true }));

async function serve(...args: string[]): Promise<void> {
  review = await startReviewProcess(...args, '-o', path.join(folder, 'out/'));
  client = new Client(review.address);
  const isOver = ({ items }: Session) =>
    items.every(({ status }) => status === 'ready' || status === 'failed');
  while (!isOver(await client.get<Session>('/api/session'))) await wait(100);
}
async function servePlanned(...args: string[]): Promise<void> {
  const planFile = path.join(folder, 'plan.json');
  await writeFile(planFile, JSON.stringify(PLAN));
  await serve(film, '--plan', planFile, ...args);
}
const frame = (item: number, index: number, signal?: AbortSignal, query = '') =>
  client.ask('GET', `/api/items/${item}/frames/${index}${query}`, undefined, {}, signal);

/** The number burnt into a frame of the film. */
async function numberIn({ status, bytes }: Answer): Promise<number> {
  expect(status).toBe(200);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const luma = new Uint8Array(data.length / info.channels).map((_, i) => data[i * info.channels]);
  return readNumber(luma, info.width, info.width);
}
function isOpenIn(process: number, file: string): boolean {
  const folder = `/proc/${process}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(path.join(folder, name)) === file;
    } catch {
      return false; // closed meanwhile
    }
  });
}
/** The process that shows the film. */
function shower(): number {
  const found = jobs().filter((job) => isOpenIn(job, film));
  expect(found).toHaveLength(1);
  return found[0];
}
function expectNothingDecodedIn(process: number): void {
  expect(readFileSync(`/proc/${process}/maps`, 'utf8')).not.toMatch(NATIVE);
  expect(isOpenIn(process, film)).toBe(false);
}
/** Ends a process in the middle of what it is asked, for certain: it stands still until the question is there. */
async function crash(job: number, signal: NodeJS.Signals, asked: () => Promise<Answer>): Promise<Answer> {
  process.kill(job, 'SIGSTOP');
  const answer = asked();
  await client.post('/api/alive'); // comes after it
  await wait(300);
  process.kill(job, signal);
  if (signal !== 'SIGKILL') process.kill(job, 'SIGCONT'); // what is killed does not wait for it
  return answer;
}

describe.skipIf(!hasProc)(`what the review page shows is read in processes of their own${procNote}`, () => {
  it(
    'without network or privileges; a crash of one is an error of that file, and everything else goes on',
    async () => {
      const photo = path.join(folder, 'photo.jpg');
      await sharp(samplePhoto(2)).resize({ width: 320 }).toFile(photo);
      await serve(film, photo);
      const listening = client.listen();
      const met = new Set(jobs());
      expect(await numberIn(await frame(0, 3))).toBe(3);
      expect((await frame(1, 0)).status).toBe(200);
      const first = shower();
      expect(NATIVE.test(readFileSync(`/proc/${first}/maps`, 'utf8'))).toBe(true);
      expect(statusOf(first, 'NoNewPrivs')).toBe('1');
      if (hasUnshare)
        expect(readlinkSync(`/proc/${first}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));

      const region = { rectangle: [20, 40, 30, 30] };
      const follow = () => client.ask('POST', '/api/items/0/follow', { revision: 0, frame: 20, region });
      const others: Promise<Answer>[] = [];
      const failed = await crash(first, 'SIGSEGV', () => {
        others.push(follow(), frame(1, 0, undefined, '?width=64'));
        return frame(0, 40);
      });
      const [unfollowed, photoMeanwhile] = await Promise.all(others);
      for (const answer of [failed, unfollowed]) {
        expect(answer.status).toBe(500);
        expect(answer.json<Problem>().message).toMatch(/^what was reading it crashed \(SIGSEGV\)/);
      }
      expect(photoMeanwhile.status).toBe(200);
      expect(await numberIn(await frame(0, 40))).toBe(40);
      expect((await frame(1, 0, undefined, '?width=80')).status).toBe(200);
      const second = shower();
      expect(second).not.toBe(first);
      const followed = (await follow()).json<Followed>();
      expect(followed.to - followed.from).toBeGreaterThan(10);
      expect(listening.heard.some((event) => event.type === 'progress' && event.phase === 'follow')).toBe(
        true,
      );

      // When this one goes nobody waits for it; the first who asks may come before its end is known.
      process.kill(second, 'SIGKILL');
      await gone(second);
      await frame(0, 50);
      expect(await numberIn(await frame(0, 50))).toBe(50);

      const shown = jobs();
      for (const job of shown) met.add(job);
      for (const signal of ['SIGABRT', undefined] as const) {
        await client.post('/api/items/0/render', { settings: SETTINGS });
        await listening.until((event) => event.type === 'progress' && event.phase === 'render');
        const [renderer] = jobs().filter((job) => !shown.includes(job));
        met.add(renderer);
        if (signal) process.kill(renderer, signal);
        const rendered = await listening.until(({ type }) => type === 'rendered');
        expect(rendered).toMatchObject({
          result: signal
            ? { status: 'failed', code: 'crashed', message: expect.stringMatching(/crashed \(SIGABRT\)/) }
            : { status: 'done', revision: followed.revision },
        });
      }
      expect((await client.ask('GET', '/api/items/0/report')).status).toBe(200);
      expectNothingDecodedIn(pid());
      const session = await client.get<Session>('/api/session');
      expect(session.items.map(({ status }) => status)).toEqual(['ready', 'ready']);
      listening.stop();
      for (const job of jobs()) met.add(job);
      await client.post('/api/close');
      expect(await review.ended).toBe(0);
      await Promise.all([...met].map(gone));
      const kinds = (await readdir(path.join(folder, 'out'))).map((name) => name.replace(/^[^.]*/, ''));
      expect(kinds.sort()).toEqual(['.mp4', '.plan.json', '.plan.json']);
    },
    PATIENCE,
  );

  it(
    'who no longer waits ends nothing; what stands still is given up; a server that is killed takes them along',
    async () => {
      await servePlanned('--patience', '20');
      expect(await numberIn(await frame(0, 3))).toBe(3);
      const first = shower();
      process.kill(first, 'SIGSTOP');
      const leaving = new AbortController();
      const left = frame(0, 30, leaving.signal);
      await wait(300);
      leaving.abort();
      await expect(left).rejects.toThrow();
      process.kill(first, 'SIGCONT');
      expect(await numberIn(await frame(0, 31))).toBe(31);
      expect(shower()).toBe(first);

      process.kill(first, 'SIGSTOP');
      const stalled = await frame(0, 45);
      expect(stalled.status).toBe(500);
      expect(stalled.json<Problem>().message).toMatch(/^given up, nothing went on for 2\d s/);
      await gone(first);
      expect(await numberIn(await frame(0, 45))).toBe(45);

      const others = jobs();
      expect(others.length).toBeGreaterThan(0);
      review.child.kill('SIGKILL');
      await Promise.all(others.map(gone));
    },
    PATIENCE,
  );

  it(
    'one that shows nothing any more shows the next file',
    async () => {
      const PHOTOS = 8;
      for (let number = 0; number < PHOTOS; number++)
        await sharp({ create: { width: 96, height: 64, channels: 3, background: `#1${number}2030` } })
          .png()
          .toFile(path.join(folder, `${number}.png`));
      await serve(folder);
      const met = new Set<number>();
      for (let number = 0; number < 2 * PHOTOS; number++) {
        expect((await frame(number % PHOTOS, 0)).status).toBe(200);
        for (const job of jobs()) met.add(job);
      }
      expectNothingDecodedIn(pid());
      expect(met.size).toBeLessThan(PHOTOS);
    },
    PATIENCE,
  );
});
