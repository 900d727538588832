import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';
import { canMount } from '../support/mounts.ts';

const SAYEH = path.resolve(import.meta.dirname, '../../bin/sayeh.js');
let base: string;
let folder: string;
let film: string;

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-faults-'));
  film = path.join(base, 'long.mp4');
  await ffmpeg(...panOver(1, { width: 640, height: 360, seconds: 8, rate: 25 }), '-c:v', 'libx264', film);
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function sayeh(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [SAYEH, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error ? ((error.code as unknown as number) ?? null) : 0, stdout, stderr });
    });
  });
}

const out = () => path.join(folder, 'out');
const written = () => readdir(out()).catch(() => [] as string[]);

/** Nothing was published, nothing half-written is left, the message is clear and holds no folder. */
async function expectRefused(ended: Ended, code: number, message: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toContain(folder);
  expect(ended.stderr).not.toContain('    at ');
  expect(ended.code).toBe(code);
  expect(await written()).toEqual([]);
}

describe('bad input is refused by name and reason', () => {
  it('nothing in it', async () => {
    const file = path.join(folder, 'nothing.jpg');
    await writeFile(file, '');
    await expectRefused(await sayeh('protect', file, '-o', `${out()}/`), 2, /nothing\.jpg is empty/);
  });

  it('text under the name of a film', async () => {
    const file = path.join(folder, 'text.mp4');
    await writeFile(file, 'this is no film, whatever its name says\n'.repeat(500));
    await expectRefused(
      await sayeh('protect', file, '-o', `${out()}/`),
      2,
      /text\.mp4 is not a photo or video/,
    );
  });

  it.each(['mp4', 'mkv', 'avi', 'ts'])('a %s film cut off in the middle', async (extension) => {
    const whole = path.join(folder, `whole.${extension}`);
    await ffmpeg('-i', film, '-t', '2', '-c:v', 'libx264', '-g', '10', whole);
    const bytes = await readFile(whole);
    const file = path.join(folder, `cut.${extension}`);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const ended = await sayeh('protect', file, '-o', `${out()}/`);
    // A transport stream has no end to miss: what is there may be protected, but then it must be checked and whole.
    if (extension === 'ts' && ended.code === 0) expect(await written()).toHaveLength(1);
    else await expectRefused(ended, 2, /cut\.\w+|output|reading/);
    // An MP4's index lies at its end, and that is gone.
    if (extension === 'mp4')
      expect(ended.stderr).toMatch(/cut\.mp4 cannot be opened: it is cut off or damaged/);
  });

  it('a photo cut off in the middle', async () => {
    const bytes = await readFile(samplePhoto(1));
    const file = path.join(folder, 'cut.jpg');
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    await expectRefused(await sayeh('protect', file, '-o', `${out()}/`), 2, /cut\.jpg/);
  });

  it('a picture of 30000x30000 pixels, before it is decoded', async () => {
    const file = path.join(folder, 'huge.png');
    await writeFile(file, hugePng(30_000));
    await expectRefused(await sayeh('protect', file, '-o', `${out()}/`), 2, /30000 ?x ?30000/);
  });

  it('a file that is not there, and a folder without -r', async () => {
    await expectRefused(
      await sayeh('protect', path.join(folder, 'gone.jpg'), '-o', `${out()}/`),
      2,
      /gone\.jpg.*no such file/,
    );
    await mkdir(path.join(folder, 'album'));
    await expectRefused(
      await sayeh('protect', path.join(folder, 'album'), '-o', `${out()}/`),
      2,
      /album is a folder; add -r/,
    );
  });

  it('but the right type under a wrong name is taken for what it is', async () => {
    const file = path.join(folder, 'photo.mp4');
    await copyFile(samplePhoto(2), file);
    const ended = await sayeh('protect', file, '-o', `${out()}/`);
    expect(ended.code).toBe(0);
    expect(await written()).toEqual([expect.stringMatching(/^sayeh-[0-9a-f]{12}\.jpg$/)]);
  });

  it('and one bad file does not stop the others', async () => {
    const bad = path.join(folder, 'bad.jpg');
    await writeFile(bad, 'no');
    const ended = await sayeh('protect', bad, samplePhoto(2), '-o', out(), '--json');
    expect(ended.code).toBe(2);
    const records = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map((record) => record.status)).toEqual(['failed', 'protected', 'summary']);
    expect(records[0]).toMatchObject({ code: 'unrecognised', input: bad });
    expect(await written()).toHaveLength(1);
  });
});

describe('a mistake in the command line ends with 1 and does nothing', () => {
  it.each([
    ['an unknown option', ['protect', 'x.jpg', '--colour']],
    ['an unknown style', ['protect', 'x.jpg', '--style', 'mosaic']],
    ['no input', ['protect']],
    ['an unknown command', ['publish', 'x.jpg']],
    ['threads that are no number', ['protect', 'x.jpg', '--threads', 'many']],
  ])('%s', async (_, args) => {
    const ended = await sayeh(...args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/--help explains/);
  });
});

describe('outputs', () => {
  it('never replace a file that is there, unless told to', async () => {
    const target = path.join(folder, 'kept.jpg');
    await writeFile(target, 'precious');
    const ended = await sayeh('protect', samplePhoto(2), '-o', target);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/kept\.jpg is already there/);
    expect(await readFile(target, 'utf8')).toBe('precious');
    expect((await sayeh('protect', samplePhoto(2), '-o', target, '--force')).code).toBe(0);
    expect((await readFile(target)).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('mirror the tree with --keep-names, and are named by nothing without', async () => {
    const album = path.join(folder, 'album', 'deep', 'er');
    await mkdir(album, { recursive: true });
    await copyFile(samplePhoto(2), path.join(album, 'march of 12 May.jpg'));
    expect((await sayeh('protect', '-r', path.join(folder, 'album'), '-o', out(), '--keep-names')).code).toBe(
      0,
    );
    expect((await stat(path.join(out(), 'deep', 'er', 'march of 12 May.jpg'))).isFile()).toBe(true);
    const neutral = path.join(folder, 'neutral');
    expect((await sayeh('protect', '-r', path.join(folder, 'album'), '-o', neutral)).code).toBe(0);
    expect(await readdir(neutral)).toEqual([expect.stringMatching(/^sayeh-[0-9a-f]{12}\.jpg$/)]);
  });

  it('are refused where -o names another type', async () => {
    await expectRefused(
      await sayeh('protect', samplePhoto(2), '-o', path.join(folder, 'x.png')),
      2,
      /becomes a \.jpg/,
    );
  });

  it('are readable by their owner only', { skip: process.platform === 'win32' }, async () => {
    await sayeh('protect', samplePhoto(2), '-o', `${out()}/`);
    const [name] = await written();
    expect((await stat(path.join(out(), name))).mode & 0o777).toBe(0o600);
  });

  // Root may write anywhere, so the command runs as somebody else.
  it('need a folder that may be written to', { skip: process.getuid?.() !== 0 }, async () => {
    await chmod(base, 0o755);
    await chmod(folder, 0o755);
    await mkdir(out(), { mode: 0o555 });
    const copy = path.join(folder, 'photo.jpg');
    await copyFile(samplePhoto(2), copy);
    const ended = await new Promise<Ended>((done) => {
      execFile(
        process.execPath,
        [SAYEH, 'protect', copy, '-o', `${out()}/`],
        { uid: 65534, gid: 65534 },
        (error, stdout, stderr) => done({ code: (error?.code as unknown as number) ?? 0, stdout, stderr }),
      );
    });
    await expectRefused(ended, 2, /cannot write .*no permission/);
  });

  it('need room on the disk', { skip: !canMount }, async () => {
    const small = path.join(folder, 'small');
    await mkdir(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    try {
      for (const input of [film, samplePhoto(1)]) {
        const ended = await sayeh('protect', input, '-o', `${small}/`);
        expect(ended.stderr).toMatch(/no space left on the disk/);
        expect(ended.code).toBe(2);
        expect(await readdir(small)).toEqual([]);
      }
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('stopped half-way', () => {
  const started = () =>
    spawn(process.execPath, [SAYEH, 'protect', film, '-o', path.join(out(), 'film.mp4')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const ended = (child: ChildProcess) =>
    new Promise<{ code: number | null; signal: string | null }>((done) =>
      child.once('exit', (code, signal) => done({ code, signal })),
    );
  /** Resolves once the child says that it is at the given stage. */
  const reached = (child: ChildProcess, stage: string) =>
    new Promise<void>((done) => {
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += chunk;
        if (said.includes(stage)) done();
      });
    });

  it.each(['finding faces', 'covering'])(
    'by Ctrl-C while %s: ends with 130 and leaves nothing',
    async (stage) => {
      const child = started();
      const end = ended(child);
      await reached(child, stage);
      child.kill('SIGINT');
      expect(await end).toEqual({ code: 130, signal: null });
      expect(await written()).toEqual([]);
    },
  );

  it('by kill -9: nothing is published, the input is whole, and the next run sweeps up', async () => {
    const before = await readFile(film);
    for (const delay of [0, 150, 400]) {
      const child = started();
      const end = ended(child);
      await reached(child, 'covering');
      await wait(delay);
      child.kill('SIGKILL');
      await end;
      expect((await written()).filter((name) => !name.startsWith('.'))).toEqual([]);
    }
    expect(await readFile(film)).toEqual(before);
    expect((await sayeh('protect', film, '-q', '-o', path.join(out(), 'film.mp4'))).code).toBe(0);
    expect(await written()).toEqual(['film.mp4']);
  });
});

/** A valid PNG of one grey value whose header alone tells its size. */
function hugePng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc((side + 1) * 300));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
