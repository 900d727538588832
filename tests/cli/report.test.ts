import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ProtectedReport, parseReport } from '../../src/core/report/report.ts';
import { ReportWriter } from '../../src/pipeline/report-writer.ts';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, frameTimes, panOver, samplePhoto } from '../support/clips.ts';
import { withTags } from '../support/photos.ts';
import { calmPhoto, reportOn } from '../support/reports.ts';

/** Of the originals: names, and what is written in them. */
const SECRETS = [
  'Tehrani',
  'Azadi',
  'iPhone',
  'SN12345678',
  '35.7',
  '51.4',
  '35 deg',
  '2022',
  '+03:30',
  'Snapseed',
  'geheim',
];

let base: string;
let photo: string;
let film: string;
let folder: string;

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'sayeh-cli-report-'));
  photo = path.join(base, 'Tehrani-2022-10-01.jpg');
  const tags = {
    GPSLatitude: '35.7',
    GPSLatitudeRef: 'N',
    GPSLongitude: '51.4',
    GPSLongitudeRef: 'E',
    Make: 'Apple',
    Model: 'iPhone 13',
    Artist: 'Tehrani',
    SerialNumber: 'SN12345678',
    DateTimeOriginal: '2022:10:01 12:00:00',
    OffsetTimeOriginal: '+03:30',
    Software: 'Snapseed',
    'XMP:City': 'Azadi',
    Comment: 'geheim',
  };
  const given = Object.entries(tags).map(([name, value]) => `-${name}=${value}`);
  await writeFile(
    photo,
    withTags(await sharp(samplePhoto(4)).resize({ width: 640 }).jpeg().toBuffer(), 'jpg', ...given),
  );
  film = path.join(base, 'Azadi march.mp4');
  const pan = panOver(1, { width: 480, height: 270, seconds: 2 });
  // The first second is a frame every fifteenth of a second, the second one three times as slow.
  pan[pan.indexOf('-vf') + 1] += ",setpts='if(lt(N,15),N,15+(N-15)*3)/15/TB'";
  const sound = ['-f', 'lavfi', '-t', '2', '-i', 'sine=440'];
  const said = [
    '-metadata',
    'artist=Tehrani',
    '-metadata',
    'location=+35.7+051.4/',
    '-metadata',
    'creation_time=2022-10-01',
  ];
  const [video, filter] = [pan.slice(0, pan.indexOf('-vf')), pan.slice(pan.indexOf('-vf'), -1)];
  await ffmpeg(...video, ...sound, ...filter, '-fps_mode', 'vfr', ...said, '-pix_fmt', 'yuv420p', film);
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
});

/** Seconds on a machine of its own, minutes on one that is shared. */
vi.setConfig({ testTimeout: 600_000 });

const out = () => path.join(folder, 'out');
const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
const readReport = async (file: string) => parseReport(JSON.parse(await readFile(file, 'utf8')));

test('several files: what was done to each is said, and nothing of what they were', async () => {
  const broken = path.join(base, 'Tehrani-notes.jpg');
  await writeFile(broken, 'geheim');
  const inputs = [photo, broken, film, path.join(base, 'Azadi-gone.png')];
  const place = path.join(folder, 'reports');
  const { code, stdout } = await sayeh('protect', ...inputs, '-o', out(), '--report', `${place}/`, '--json');
  expect(code).toBe(2);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records.at(-1)).toEqual({
    status: 'reported',
    report: ['sayeh-report.html', 'sayeh-report.json'].map((name) => path.join(place, name)),
  });
  expect((await readdir(place)).sort()).toEqual(['sayeh-report.html', 'sayeh-report.json']);

  const report = await readReport(path.join(place, 'sayeh-report.json'));
  expect(report.date).toBeUndefined();
  expect(report.settings.names).toBe('neutral');
  expect(report.files.map((file) => [file.number, file.status])).toEqual([
    [1, 'protected'],
    [2, 'failed'],
    [3, 'protected'],
    [4, 'failed'],
  ]);
  expect(report.files[1]).toMatchObject({ code: 'unrecognised' });
  expect(report.files[3]).toMatchObject({ code: 'unreadable' });

  for (const number of [1, 3]) {
    const file = report.files[number - 1] as ProtectedReport;
    const record = records.find(({ output }) => output && path.basename(output) === file.name);
    expect(record.input).toBe(inputs[number - 1]);
    expect(file.sha256).toBe(await sha256(record.output));
    expect(file.covered.faces).toBe(record.facesCovered);
    expect(file.covered.faces).toBeGreaterThan(0);
    expect(file.risks).toHaveLength(record.risks);
    expect(file.check).toEqual(record.check);
    for (const name of file.check?.networks ?? []) {
      const known = JSON.parse(
        await readFile(new URL('../../models/manifest.json', import.meta.url), 'utf8'),
      );
      expect(report.networks).toContainEqual({ name, sha256: known[name].sha256 });
    }
    const removed = new Map(file.removed?.map(({ kind, topics }) => [kind, topics]));
    expect(removed.get('where')).toContain('position');
    expect(removed.get('who')).toContain('names');
    expect(removed.get('when')).toContain('dates');
  }

  // Times are those that an independent program reads in the written film, slow half included.
  const shown = report.files[2] as ProtectedReport;
  expect(shown).toMatchObject({ kind: 'video', frames: 30, sound: 'dropped' });
  const times = await frameTimes(path.join(out(), shown.name ?? ''));
  expect(times).toHaveLength(30);
  expect(times[29] - times[28]).toBeCloseTo(0.2, 2);
  expect(shown.covered.spans.length).toBeGreaterThan(0);
  for (const { from, to, start, end } of shown.covered.spans) {
    expect(start).toBeCloseTo(times[from], 2);
    if (to < 30) expect(end).toBeCloseTo(times[to], 2);
    else expect(end).toBeGreaterThan(times[29]);
  }

  const html = await readFile(path.join(place, 'sayeh-report.html'), 'utf8');
  for (const [name, text] of [
    ['html', html],
    ['json', JSON.stringify(report)],
  ]) {
    for (const secret of [...SECRETS, hostname(), base, folder, 'Azadi', 'notes.jpg', 'Asia/', 'GMT']) {
      // A hash may hold any few digits.
      expect(text.replace(/[0-9a-f]{32}/g, '').toLowerCase(), `${secret} in ${name}`).not.toContain(
        secret.toLowerCase(),
      );
    }
  }
  expect(html).toContain('2 files are not protected');
  for (const name of ['sayeh-report.html', 'sayeh-report.json']) {
    const { mtime, mode } = await stat(path.join(place, name));
    expect(mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z');
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
  }
});

test('kept names and sound are pointed out; the report still does not say the name, and a day only if asked', async () => {
  const report = path.join(folder, 'report.html');
  const options = ['--keep-names', '--audio', 'keep', '--report-language', 'ar', '--report-date'];
  const { code, stdout } = await sayeh('protect', film, '-o', `${out()}/`, '--report', report, ...options);
  expect({ code, said: stdout.includes(`report -> ${report}`) }).toEqual({ code: 0, said: true });
  expect(await readdir(out())).toEqual(['Azadi march.mp4']);
  const html = await readFile(report, 'utf8');
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(html).toContain('أُبقيت أسماء الملفات');
  expect(html).toContain('أُبقي الصوت');
  expect(html).toContain(new Date().toISOString().slice(0, 10));
  expect(html).toContain((await sha256(path.join(out(), 'Azadi march.mp4'))).slice(0, 32));
  expect(html).not.toContain('Azadi');
});

test('render reports on what a plan made of a photo, whoever was left visible included', async () => {
  const { stdout } = await sayeh('plan', photo, '-q');
  const plan = JSON.parse(stdout);
  plan.tracks[0].decision = 'keep';
  plan.risks = [{ from: 0, to: 1, at: 0, level: 0.9, reasons: ['geheim'], box: [0, 0, 10, 10] }];
  const file = path.join(folder, 'plan.json');
  await writeFile(file, JSON.stringify(plan));
  const report = path.join(folder, 'report.JSON');
  const to = ['-o', path.join(folder, 'shown.jpg'), '--report', report, '--style', 'solid'];
  const { code } = await sayeh('render', photo, '--plan', file, ...to);
  expect(code).toBe(0);
  const { settings, files } = await readReport(report);
  expect(settings).toMatchObject({ style: 'solid', names: 'chosen' });
  const [only] = files as ProtectedReport[];
  expect(only.covered.leftVisible).toBe(1);
  expect(only.name).toBeUndefined();
  expect(only.risks.some(({ reasons }) => reasons.includes('other'))).toBe(true);
  expect(JSON.stringify(files)).not.toContain('geheim');
});

describe('a report that cannot be is said before anything is done', () => {
  test.each([
    ['a type that reports are not', 'report.pdf', 1, /\.html or \.json file, or a folder, not report\.pdf/],
    ['a name that is taken', 'taken.html', 2, /taken\.html is already there/],
    ['a folder in which one is already', 'full', 2, /sayeh-report\.json is already there/],
    ['a folder that is a file', path.join('taken.html', 'report.html'), 2, /cannot write report\.html/],
  ])('%s', async (_what, place, exit, message) => {
    await writeFile(path.join(folder, 'taken.html'), 'mine');
    await mkdir(path.join(folder, 'full'));
    await writeFile(path.join(folder, 'full', 'sayeh-report.json'), 'mine');
    const before = (await readdir(folder, { recursive: true })).sort();
    const { code, stderr } = await sayeh('protect', photo, '-o', out(), '--report', path.join(folder, place));
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(folder);
    expect(code).toBe(exit);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(before);
    expect(await readFile(path.join(folder, 'taken.html'), 'utf8')).toBe('mine');
  });

  test('--force replaces one', async () => {
    const report = path.join(folder, 'report.html');
    await writeFile(report, 'old');
    const { code } = await sayeh('protect', photo, '-o', out(), '--report', report, '--force', '-q');
    expect(code).toBe(0);
    expect(await readFile(report, 'utf8')).toContain('Protection report');
  });
});

/** Runs the command line and calls `meanwhile` once the report has a place and the work has begun. */
async function during(args: string[], meanwhile: (child: ReturnType<typeof spawn>) => Promise<unknown>) {
  const launcher = path.resolve(import.meta.dirname, '../../bin/sayeh.js');
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  while (!stderr.includes('finding faces') && child.exitCode === null) await wait(5);
  await meanwhile(child);
  return { code: await ended, stderr };
}

test('a report that is lost on the way: the protected file stands, and message and exit code say what is missing', async () => {
  const place = path.join(folder, 'gone');
  const args = ['protect', film, '-o', `${out()}/`, '--report', path.join(place, 'report.html')];
  const { code, stderr } = await during(args, () => rm(place, { recursive: true }));
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /cannot write report\.html: .*\n.*there is no report; what was published is safe and stays/,
  );
  expect(
    (await readdir(out())).filter((name) => name.endsWith('.mp4')),
    stderr,
  ).toHaveLength(1);
  expect(existsSync(place)).toBe(false);
});

test('a run that is stopped leaves no report and nothing half-written', async () => {
  const args = ['protect', film, '-o', `${out()}/`, '--report', path.join(folder, 'report.html')];
  const { code, stderr } = await during(args, async (child) => child.kill('SIGINT'));
  expect(code).toBe(130);
  expect(stderr).toContain('no report was written');
  expect(await readdir(folder)).toEqual(['out']);
  expect(await readdir(out())).toEqual([]);
});

test('where the name was taken meanwhile, neither report is written', async () => {
  const writer = await ReportWriter.open(`${folder}/`, { overwrite: false });
  await copyFile(photo, path.join(folder, 'sayeh-report.html'));
  await expect(writer.write(reportOn(calmPhoto()), 'en')).rejects.toMatchObject({ code: 'exists' });
  expect(await readdir(folder)).toEqual(['sayeh-report.html']);
});
