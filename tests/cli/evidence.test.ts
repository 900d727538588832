import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/core/evidence/evidence.ts';
import { parsePlan } from '../../src/core/plan/plan.ts';
import { readRecipients } from '../../src/node/evidence/recipients.ts';
import { EvidenceRecorder } from '../../src/pipeline/evidence.ts';
import { inspect } from '../../src/pipeline/inspect.ts';
import { ffmpeg } from '../support/clips.ts';
import { plant, SECRET } from '../support/photo-format.ts';
import { picture } from '../support/pictures.ts';
import { filesBelow } from '../support/shared.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SAYEH = path.join(ROOT, 'bin/sayeh.js');
/** A word in a name, beside `SECRET`, which is in the files. */
const PERSON = 'Neda Agha';
const hasAge = spawnSync('age', ['--version']).status === 0;

let folder: string;
let photo: string;
let film: string;
let key: string;
let other: string;
let recipient: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-evidence-'));
  for (const name of ['in', 'out', 'tmp']) await mkdir(at(name));
  [photo, film] = [at('in', `${PERSON} at Azadi.jpg`), at('in', `VID_20220921_${PERSON}.mov`)];
  // A photo of noise, so that its thumbnail has bytes that nothing else has.
  const thumbnail = await picture(160, 120).jpeg().toBuffer();
  await writeFile(at('thumbnail.jpg'), thumbnail);
  await writeFile(photo, plant(await picture(320, 240).jpeg().toBuffer(), 'jpg'));
  execFileSync('exiftool', [
    '-q',
    '-q',
    '-overwrite_original',
    `-ThumbnailImage<=${at('thumbnail.jpg')}`,
    photo,
  ]);
  await ffmpeg(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ...['-metadata', `title=${SECRET}`, '-metadata', `location=+35.7000+051.4000/`, film],
  );
  const identities = [await generateIdentity(), await generateIdentity()];
  [key, other] = [at('key.txt'), at('other.txt')];
  await writeFile(key, `# created by a test\n${identities[0]}\n`);
  await writeFile(other, identities[1]);
  recipient = await identityToRecipient(identities[0]);
  await writeFile(at('desk.txt'), `# the desk\n\n${await identityToRecipient(identities[1])}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** With a folder for temporary files of its own, so that a test can look into it. */
const environment = () => ({ ...process.env, NO_COLOR: '1', TMPDIR: at('tmp') });

function sayeh(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    const options = { env: environment(), maxBuffer: 1 << 26 };
    execFile(process.execPath, [SAYEH, ...args], options, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The word in every way that it may have been written down. */
function waysToWrite(word: string): Buffer[] {
  const plain = Buffer.from(word);
  // In base64 a text looks in three ways, by where in a group of three bytes it begins; the ends depend on neighbours.
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64');
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, -4));
  });
  return [plain, Buffer.from(word, 'utf16le'), Buffer.from(plain.toString('hex')), ...inBase64];
}

/** Names of files that hold any of the words in clear. */
async function speaking(files: readonly string[], words: readonly string[]): Promise<string[]> {
  const ways = words.flatMap(waysToWrite);
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    if (ways.some((way) => bytes.includes(way)) || words.some((word) => file.includes(word)))
      found.push(file);
  }
  return found;
}

const below = (...names: string[]) => filesBelow(at(...names)).map((name) => at(...names, name));

describe('a run with evidence', () => {
  let evidence: ReturnType<typeof parseEvidence>;
  let text: string;

  beforeAll(async () => {
    const ended = await sayeh(
      ...['protect', photo, film, '-o', at('out'), '--style', 'solid', '--evidence', at('out', 'e.age')],
      ...['--recipient', recipient, '--recipients-file', at('desk.txt')],
    );
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('evidence of 2 files') });
    text = (await sayeh('evidence', 'check', at('out', 'e.age'), '-i', key, '--show')).stdout;
    evidence = parseEvidence(JSON.parse(text));
  }, 300_000);

  it('leaves no word of it in clear in any file, and a file that only its owner can read', async () => {
    const inputs = below('in');
    expect(await speaking(inputs, [SECRET])).toEqual(inputs);
    expect(await speaking([...below('out'), ...below('tmp')], [SECRET, PERSON, '+35.7000+051.4000'])).toEqual(
      [],
    );
    const { mode, mtime } = await stat(at('out', 'e.age'));
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    expect(mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z');
    expect((await readdir(at('out'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('says what became of what, as the files themselves show', async () => {
    expect(evidence.files.map(({ given, name }) => [given, name])).toEqual(
      [photo, film].map((file) => [file, path.basename(file)]),
    );
    for (const [index, file] of [photo, film].entries()) {
      const bytes = await readFile(file);
      const entry = evidence.files[index];
      expect(entry.original).toEqual({ sha256: sha256(bytes), size: bytes.length });
      const output = await readFile(at('out', entry.output.name));
      expect(entry.output).toMatchObject({ sha256: sha256(output), size: output.length });
      expect(entry.output.path).toBe(at('out', entry.output.name));
      expect(parsePlan(entry.plan).film).toMatchObject({
        width: [320, 128][index],
        height: [240, 96][index],
      });
    }
    expect(evidence.files.map(({ outcome }) => outcome.sound)).toEqual(['none', 'none']);
    expect(evidence.settings).toMatchObject({ style: 'solid', audio: 'drop', detector: 'centerface' });
    expect(evidence.settings).not.toHaveProperty('evidence');
  });

  it('says with which Sayeh and which networks', async () => {
    const weights = await readFile(path.join(ROOT, 'models', 'centerface.onnx'));
    expect(evidence.tool.models.centerface).toBe(sha256(weights));
    const names = filesBelow(path.join(ROOT, 'dist')).filter((name) => /^(?!bench\/).*\.js$/.test(name));
    const lines = await Promise.all(
      names.map(async (name) => `${sha256(await readFile(path.join(ROOT, 'dist', name)))}  ${name}\n`),
    );
    expect(evidence.tool.codeSha256).toBe(sha256(Buffer.from(lines.join(''))));
    expect(evidence.tool.dependencies.sharp).toMatch(/^\d/);
  });

  it('keeps metadata byte by byte, and no picture', async () => {
    const bytes = await readFile(photo);
    const { metadata } = evidence.files[0];
    const kept: Buffer[] = [];
    for (const { offset, length, sha256: sum, kept: stretches = [], pictures = [] } of metadata.parts) {
      const part = bytes.subarray(offset, offset + length);
      expect(sha256(part)).toBe(sum);
      for (const { at, base64 } of stretches) {
        const stretch = Buffer.from(base64, 'base64');
        expect(stretch.equals(part.subarray(at, at + stretch.length))).toBe(true);
        kept.push(stretch);
      }
      const sum2 = [...stretches.map(({ base64 }) => Buffer.from(base64, 'base64')), ...pictures];
      if (stretches.length > 0) expect(sum2.reduce((all, { length }) => all + length, 0)).toBe(length);
    }
    expect(metadata.parts.flatMap(({ pictures = [] }) => pictures).length).toBeGreaterThan(0);
    const all = Buffer.concat(kept);
    expect(all.toString('latin1').split(SECRET).length).toBeGreaterThan(100);
    expect(all.includes((await readFile(at('thumbnail.jpg'))).subarray(-200))).toBe(false);
    expect(all.includes(Buffer.of(0xff, 0xd8, 0xff))).toBe(false);
    // The film's position and title, which are values and not bytes of one part.
    expect(JSON.stringify(evidence.files[1].metadata.findings)).toContain(SECRET);
    expect(JSON.stringify(evidence.files[1].metadata.findings)).toContain('35.7');
  });

  it.skipIf(!hasAge)(
    `opens with the age program, by either key${hasAge ? '' : ' (skipped: age is not here)'}`,
    () => {
      for (const identity of [key, other]) {
        const clear = execFileSync('age', ['--decrypt', '-i', identity, at('out', 'e.age')], {
          maxBuffer: 1 << 26,
        });
        expect(JSON.parse(clear.toString())).toEqual(JSON.parse(text));
      }
    },
  );

  it('tells which files are the ones, and ends with 3 where one is not', async () => {
    const published = evidence.files.map(({ output }) => at('out', output.name));
    const check = (...args: string[]) => sayeh('evidence', 'check', at('out', 'e.age'), '-i', key, ...args);
    const copy = at('copy of a film.mov');
    await cp(film, copy);
    const good = await check('--original', photo, copy, '--protected', ...published);
    expect(good.code).toBe(0);
    expect(good.stdout).toContain(`is the original of ${path.basename(published[1])}`);
    expect(good.stdout).toContain(`was made from ${path.basename(photo)}`);
    const json = await check('--original', photo, '--protected', ...published, '--json');
    expect(json.code).toBe(3);
    const answers = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ known }) => known)).toEqual([true, true, true]);
    expect(answers.map(({ madeFromGiven }) => madeFromGiven)).toEqual([undefined, true, false]);
    await writeFile(copy, '!', { flag: 'a' });
    const changed = await check('--original', copy);
    expect(changed.code).toBe(3);
    expect(changed.stdout).toMatch(/no .*copy of a film\.mov[\s\S]*is no original of this evidence/);
    expect((await check('--protected', photo)).code).toBe(3);
    expect((await check('--original', at('gone.jpg'))).code).toBe(2);
    const list = await check();
    expect(list).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(evidence.files[0].original.sha256),
    });
  });

  it('opens with no other key, and not if a byte of it is missing or another', async () => {
    const bytes = await readFile(at('out', 'e.age'));
    const open = (file: string, identity = key) => sayeh('evidence', 'check', file, '-i', identity);
    const stranger = at('stranger.txt');
    await writeFile(stranger, await generateIdentity());
    const wrong = await open(at('out', 'e.age'), stranger);
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('no key in stranger.txt'),
    });
    const cut = at('cut.age');
    // One byte less, and where age's own chunks of 64 KiB end.
    const start = bytes.indexOf('\n---') + 49 + 16; // header, nonce
    for (const length of [bytes.length - 1, start + 65_552, start, 100]) {
      expect(length).toBeLessThan(bytes.length);
      await writeFile(cut, bytes);
      await truncate(cut, length);
      expect(await open(cut)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('cut.age'),
      });
    }
    for (const place of [start + 5, bytes.length - 20, bytes.indexOf('\n---') + 10]) {
      const altered = Buffer.from(bytes);
      altered[place] ^= 1;
      await writeFile(cut, altered);
      expect(await open(cut)).toMatchObject({ code: 2, stdout: '' });
    }
    expect(await open(film)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not a file that age'),
    });
    const keyless = await open(at('out', 'e.age'), photo);
    expect(keyless).toMatchObject({ code: 1, stdout: '' });
    expect(await speaking([...below('out'), ...below('tmp')], [SECRET, PERSON])).toEqual([]);
  }, 300_000);

  it('never replaces a file that is there, unless told to', async () => {
    const before = await readFile(at('out', 'e.age'));
    const again = [
      'protect',
      photo,
      '-o',
      at('again'),
      '--recipient',
      recipient,
      '--evidence',
      at('out', 'e.age'),
    ];
    const refused = await sayeh(...again);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('e.age is already there') });
    expect(await readFile(at('out', 'e.age'))).toEqual(before);
    expect(await readdir(at('again')).catch(() => 'nothing')).toBe('nothing');
  });
});

describe('a mistake is refused before any work', () => {
  const secret = async () => (await readFile(key, 'utf8')).split('\n')[1];
  it.each<[string, () => Promise<string[]>, RegExp]>([
    [
      'a recipient that is none',
      async () => ['--evidence', at('x.age'), '--recipient', 'age1nonsense'],
      /"age1nonsense" is no public key/,
    ],
    [
      'one with a slip in it',
      async () => ['--evidence', at('x.age'), '--recipient', `${recipient.slice(0, -1)}x`],
      /is no public key/,
    ],
    [
      'a key for SSH',
      async () => ['--evidence', at('x.age'), '--recipient', 'ssh-ed25519 AAAA'],
      /"ssh-ed25519 AAAA" is no/,
    ],
    [
      'a file with one bad line',
      async () => ['--evidence', at('x.age'), '--recipients-file', at('thumbnail.jpg')],
      /thumbnail\.jpg, line \d+/,
    ],
    [
      'a file that is not there',
      async () => ['--evidence', at('x.age'), '--recipients-file', at('gone.txt')],
      /gone\.txt: there is no such file/,
    ],
    ['no recipient', async () => ['--evidence', at('x.age')], /there is no recipient/],
    ['no evidence', async () => ['--recipient', recipient], /add --evidence/],
    [
      'the secret key',
      async () => ['--evidence', at('x.age'), '--recipient', await secret()],
      /this is a secret key/,
    ],
    [
      'the place of an input',
      async () => ['--evidence', photo, '--recipient', recipient, '--force'],
      /needs a file of its own/,
    ],
    [
      'the place of the output',
      async () => ['--evidence', at('here', 'x.jpg'), '--recipient', recipient],
      /needs a file of its own/,
    ],
    ['a folder', async () => ['--evidence', at('in'), '--recipient', recipient, '--force'], /in is a folder/],
  ])('%s', async (name, args, message) => {
    const before = await readFile(photo);
    const ended = await sayeh('protect', photo, '-o', at('here', 'x.jpg'), ...(await args()));
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(name === 'a file that is not there' ? 2 : 1);
    expect(ended.stderr).not.toContain(await secret());
    expect(await readdir(at('here')).catch(() => [])).toEqual([]);
    expect(await stat(at('x.age')).catch(() => 'nothing')).toBe('nothing');
    expect(await readFile(photo)).toEqual(before);
  });
});

describe('a run that does not come to its end', () => {
  const canMount =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', 'true']).status === 0;

  it('keeps what it published where there is no room for the evidence, and says so', {
    skip: !canMount,
  }, async () => {
    const small = at('small');
    await mkdir(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]);
    try {
      const ended = await sayeh(
        ...['protect', photo, film, '-o', at('kept'), '--evidence', path.join(small, 'e.age')],
        ...['--recipient', recipient],
      );
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/cannot write e\.age: no space left on the disk/);
      expect(ended.stderr).toContain('safe');
      expect(await readdir(small)).toEqual([]);
      // Nothing is begun once the evidence is lost.
      expect((await readdir(at('kept'))).length).toBeLessThanOrEqual(1);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  const start = (...args: string[]) =>
    spawn(process.execPath, [SAYEH, 'protect', ...args, '--recipient', recipient], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const end = (child: ChildProcess) =>
    new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  /** Resolves once so many files are protected. */
  const protectedFiles = (child: ChildProcess, count: number) =>
    new Promise<void>((done) => {
      let said = '';
      child.stdout?.on('data', (chunk) => {
        said += chunk;
        if (said.split('protected ').length > count) done();
      });
    });

  it('stopped by Ctrl-C: the evidence speaks of what was published', async () => {
    const child = start(photo, film, '-o', at('stopped'), '--evidence', at('stopped.age'));
    const ended = end(child);
    await protectedFiles(child, 1);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const { stdout } = await sayeh('evidence', 'check', at('stopped.age'), '-i', key, '--show');
    const names = parseEvidence(JSON.parse(stdout)).files.map(({ output }) => output.name);
    expect(names).toEqual(await readdir(at('stopped')));
  });

  it('killed: there is no evidence, and what is left of it is not in clear', async () => {
    const child = start(photo, film, '-o', at('killed'), '--evidence', at('place', 'killed.age'));
    const ended = end(child);
    await protectedFiles(child, 1);
    child.kill('SIGKILL');
    await ended;
    expect(await stat(at('place', 'killed.age')).catch(() => 'nothing')).toBe('nothing');
    const left = below('place');
    expect(left).toHaveLength(1);
    expect(await speaking([...left, ...below('tmp'), ...below('killed')], [SECRET, PERSON])).toEqual([]);
  });

  it('whose original changes leaves it out', async () => {
    const file = at('changing.jpg');
    await sharp(await readFile(photo)).toFile(file);
    const recorder = await EvidenceRecorder.open(at('changing.age'), await readRecipients([recipient], []), {
      ...{ settings: {}, inputs: [file], overwrite: false, inspect },
    });
    const result = { type: { kind: 'photo', format: 'jpeg' }, plan: {}, warnings: [] } as never;
    const untouched = await recorder.look(file);
    const bytes = await readFile(file);
    await writeFile(file, bytes); // another time, the same content
    await recorder.add(untouched, photo, result);
    await writeFile(file, bytes.subarray(1));
    await expect(recorder.add(untouched, photo, result)).rejects.toMatchObject({ code: 'unreadable' });
    expect(recorder.files).toBe(1);
    await recorder.discard();
    expect(await stat(at('changing.age')).catch(() => 'nothing')).toBe('nothing');
  });
});
