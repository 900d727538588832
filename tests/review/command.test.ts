import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/core/evidence/evidence.ts';
import { type Plan, parsePlan } from '../../src/core/plan/plan.ts';
import { parseReport } from '../../src/core/report/report.ts';
import type { PlanAnswer, Session } from '../../src/review/api.ts';
import { sayeh } from '../support/cli.ts';
import { NUMBERED, numberedFilm } from '../support/numbered-film.ts';
import { Client } from './client.ts';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');
const PLAN: Plan = {
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', ...NUMBERED, frames: 50, frameRate: 25 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0],
  tracks: [],
  risks: [],
};
const DRAW = { do: 'draw', region: { rectangle: [20, 40, 30, 30] }, frame: 5 };

let base: string;
let film: string;
let folder: string;
let planFile: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-review-command-'));
  film = path.join(base, 'film.mp4');
  await numberedFilm(50, '-c:v', 'libx264', film);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function freshFolder(): Promise<void> {
  folder = await mkdtemp(path.join(base, 'case-'));
  planFile = path.join(folder, 'march.plan.json');
  await writeFile(planFile, JSON.stringify(PLAN));
}

/** Runs a command that serves the page, until it prints the address. */
async function serve(...args: string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    const read = (bytes: Buffer) => {
      said += bytes;
      const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, client: new Client(address), ended, said: () => said };
}
const draw = (client: Client) => client.post('/api/items/0/edits', { revision: 0, edits: [DRAW] });
const readSaved = async () => parsePlan(JSON.parse(await readFile(planFile, 'utf8')));

describe('sayeh review', () => {
  it('prints the address, starts no program but what reads files, ends when the page is closed, and names no file to the page', async () => {
    await freshFolder();
    const { child, client, ended, said } = await serve(
      'review',
      film,
      '--plan',
      planFile,
      '-o',
      `${folder}/`,
    );
    if (process.platform === 'linux') {
      const commandOf = (pid: unknown) => readFile(`/proc/${pid}/cmdline`, 'utf8');
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      for (const pid of children.trim().split(' ')) expect(await commandOf(pid)).toContain('job-main.js');
      expect(await commandOf(child.pid)).not.toContain(client.token);
    }
    const session = await client.get<Session>('/api/session');
    expect(session.items).toMatchObject([{ label: '1', kind: 'video', frames: 50 }]);
    expect(JSON.stringify(session)).not.toContain('film.mp4');
    await client.post('/api/close');
    expect(await ended).toBe(0);
    expect(said()).toMatch(/show it to nobody/);
    expect(await readSaved()).toEqual(PLAN);
    expect(await readdir(folder)).toEqual(['march.plan.json']);
  });

  it('killed, it has lost nothing, and goes on from the plan', async () => {
    await freshFolder();
    const { child, client, ended } = await serve('review', film, '--plan', planFile, '-o', `${folder}/`);
    await draw(client);
    const until = performance.now() + 20_000;
    while ((await readSaved()).tracks.length === 0 && performance.now() < until) await wait(50);
    child.kill('SIGKILL');
    await ended;
    const saved = await readSaved();
    expect(saved.tracks).toMatchObject([{ standing: 'drawn', decision: 'cover' }]);
    const again = await serve('review', film, '--plan', planFile, '-o', `${folder}/`);
    const { plan, revision } = await again.client.get<PlanAnswer>('/api/items/0/plan');
    expect([plan, revision]).toEqual([saved, 0]);
  });

  it('stopped by Ctrl-C, it saves first, and its exit code says so', async () => {
    await freshFolder();
    const { child, client, ended } = await serve('review', film, '--plan', planFile, '-o', `${folder}/`);
    await draw(client);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect((await readSaved()).tracks.length).toBe(1);
  });

  it('without --plan, what was found is kept beside the output, under its neutral name', async () => {
    await freshFolder();
    const out = path.join(folder, 'out');
    const { client, ended } = await serve('review', film, '-o', `${out}/`, '--json');
    const listening = client.listen();
    await listening.until((event) => event.type === 'item' && event.item.status === 'ready');
    listening.stop();
    await client.post('/api/close');
    expect(await ended).toBe(0);
    const written = await readdir(out);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^sayeh-[0-9a-f]{12}\.plan\.json$/);
    parsePlan(JSON.parse(await readFile(path.join(out, written[0]), 'utf8')));
  });

  it('refuses what makes no sense', async () => {
    await freshFolder();
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    const other = path.join(folder, 'other.json');
    await writeFile(other, '{"sayeh":"plan"}');
    for (const [args, code, message] of [
      [[film, film.replace('film.mp4', './film.mp4'), path.join(base, 'missing.mp4')], 2, /missing\.mp4/],
      [[film, '--plan', other], 1, /not a plan/],
      [[film, '--plan', path.join(folder, 'none.json')], 2, /none\.json/],
      [[empty], 2, /nothing to review/],
      [[film, planFile], 2, /march\.plan\.json/],
    ] as const) {
      const ended = await sayeh('review', ...args);
      expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(message)]);
    }
  });
});

it('protect --review: what was not rendered was not protected, and the exit code says so', async () => {
  await freshFolder();
  const { client, ended, said } = await serve('protect', film, '--review', '-o', `${folder}/out/`);
  await client.post('/api/close'); // in the middle of the analysis
  expect(await ended).toBe(2);
  expect(said()).toMatch(/film\.mp4 was not rendered/);
});

describe('protect --review with a report and evidence', () => {
  let identity: string;
  let key: string;
  let records: string[];
  const readReport = async () => parseReport(JSON.parse(await readFile(path.join(folder, 'r.json'), 'utf8')));
  const serveRecorded = (...inputs: string[]) =>
    serve('protect', ...inputs, '--review', '-o', `${folder}/out/`, ...records, '--json');

  beforeAll(async () => {
    identity = await generateIdentity();
  });
  beforeEach(async () => {
    await freshFolder();
    key = path.join(folder, 'key.txt');
    await writeFile(key, identity);
    const recipient = await identityToRecipient(identity);
    const evidence = ['--evidence', path.join(folder, 'e.age'), '--recipient', recipient];
    records = ['--report', path.join(folder, 'r.json'), ...evidence];
  });

  it('tells of the rendering that was published last, as it was asked for on the page', async () => {
    const { client, ended } = await serveRecorded(film);
    const listening = client.listen();
    await listening.until((event) => event.type === 'item' && event.item.status === 'ready');
    await draw(client);
    for (const style of ['solid', 'pixelate']) {
      await client.post('/api/items/0/render', { settings: { style, cover: 'face', audio: 'drop' } });
      await listening.until(({ type }) => type === 'rendered');
    }
    listening.stop();
    await client.post('/api/close');
    expect(await ended).toBe(0);
    const [output, ...more] = (await readdir(path.join(folder, 'out'))).filter(
      (name) => !name.endsWith('.json'),
    );
    expect(more).toEqual([]);
    const bytes = await readFile(path.join(folder, 'out', output));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const report = await readReport();
    expect(report.settings).toMatchObject({ style: 'pixelate', cover: 'face', names: 'neutral' });
    expect(report.files).toMatchObject([
      { status: 'protected', name: output, sha256, covered: { drawn: 1 } },
    ]);
    const shown = await sayeh('evidence', 'check', path.join(folder, 'e.age'), '-i', key, '--show');
    const { files } = parseEvidence(JSON.parse(shown.stdout));
    expect(files).toMatchObject([{ given: film, output: { name: output, sha256 } }]);
    expect(files[0].plan.tracks).toMatchObject([{ standing: 'drawn' }]);
  }, 300_000);

  it('tells of what was not rendered that nothing was written, and gives it no evidence', async () => {
    const second = path.join(folder, 'second.mp4');
    await copyFile(film, second);
    const { client, ended } = await serveRecorded(film, second);
    const listening = client.listen();
    await listening.until(
      (event) => event.type === 'item' && event.item.index === 1 && event.item.status === 'ready',
    );
    await client.post('/api/items/1/render', { settings: { style: 'blur', cover: 'head', audio: 'drop' } });
    await listening.until(({ type }) => type === 'rendered');
    listening.stop();
    await client.post('/api/close');
    expect(await ended).toBe(2);
    expect((await readReport()).files).toMatchObject([
      { number: 1, status: 'failed' },
      { number: 2, status: 'protected' },
    ]);
    const shown = await sayeh('evidence', 'check', path.join(folder, 'e.age'), '-i', key, '--show');
    const { files } = parseEvidence(JSON.parse(shown.stdout));
    expect(files.map(({ given }) => given)).toEqual([second]);
  }, 300_000);

  it('a bad place is refused before the page is served', async () => {
    await mkdir(path.join(folder, 'e.age'));
    const refused = await sayeh('protect', film, '--review', '-o', `${folder}/out/`, ...records);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/is a folder/)]);
    expect(await readdir(folder)).not.toContain('out');
  });
});
