import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectFolders } from '../../src/core/metadata/file-name.ts';
import { positionIn } from '../../src/core/metadata/isobmff/telemetry.ts';
import { inspect } from '../../src/pipeline/inspect.ts';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, samplePhoto } from '../support/clips.ts';
import { hasShared, SHARED, sharedNote } from '../support/shared.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-inspect-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(folder, ...parts);
const labels = async (file: string, betrays: string) =>
  (await inspect(file)).findings
    .filter((finding) => finding.betrays === betrays)
    .map(({ label, value }) => (value ? `${label}: ${value}` : label));

describe('a picture inside the picture', () => {
  const STRANGE = /shows something else than the photo/;
  const exiftool = (...args: string[]) => execFileSync('exiftool', ['-q', '-overwrite_original', ...args]);

  /** A photo with a thumbnail of another size, and the photo then changed in some way. */
  async function withThumbnail(name: string, change: (photo: Sharp) => Sharp): Promise<string> {
    const whole = await sharp(samplePhoto(3)).resize(720, 480, { fit: 'cover' }).png().toBuffer();
    // As cameras make them: 4:3, with bars above and below.
    await sharp(whole).resize(160, 120, { fit: 'contain' }).jpeg({ quality: 60 }).toFile(at('thumbnail.jpg'));
    await change(sharp(whole)).jpeg().toFile(at(name));
    exiftool(`-ThumbnailImage<=${at('thumbnail.jpg')}`, at(name));
    return at(name);
  }

  test.each([
    ['as it is', (photo: Sharp) => photo],
    ['a little lighter', (photo: Sharp) => photo.modulate({ brightness: 1.15 })],
    ['turned', (photo: Sharp) => photo.rotate(90)],
  ])('%s: it shows the same', async (name, change) => {
    const found = await labels(await withThumbnail(`${name}.jpg`, change), 'other-pictures');
    expect(found.join()).toMatch(/thumbnail/);
    expect(found.join()).not.toMatch(STRANGE);
  });

  const patch = { create: { width: 110, height: 130, channels: 3 as const, background: '#777' } };
  test.each([
    ['a face covered', (photo: Sharp) => photo.composite([{ input: patch, left: 300, top: 80 }])],
    ['cut', (photo: Sharp) => photo.extract({ left: 360, top: 0, width: 360, height: 480 })],
  ])('%s: it shows what was there before', async (name, change) => {
    const found = await labels(await withThumbnail(`${name}.jpg`, change), 'other-pictures');
    expect(found.join()).toMatch(STRANGE);
  });

  test('nothing of a picture gets into the answer', async () => {
    const file = await withThumbnail('json.jpg', (photo) => photo.negate());
    const { stdout } = await sayeh('inspect', '--json', file);
    const { findings } = JSON.parse(stdout);
    expect(findings.find(({ label }: { label: string }) => STRANGE.test(label)).value).toBe('160x120');
    for (const finding of findings)
      for (const value of Object.values(finding)) expect(typeof value).toBe('string');
  });
});

describe('beside the file', () => {
  test('the folders that it lies in', () => {
    const found = (place: string) => inspectFolders(place).map(({ betrays, value }) => `${betrays} ${value}`);
    expect(found('/home/neda/2022-09-21 Azadi')).toEqual([
      'who neda',
      'when 2022-09-21 Azadi',
      'unknown 2022-09-21 Azadi',
    ]);
    expect(found('/Users/neda/DCIM/100APPLE')).toEqual(
      expect.arrayContaining(['who neda', 'device DCIM', 'device 100APPLE']),
    );
    expect(found('C:\\Users\\neda\\Pictures')).toContain('who neda');
    expect(found('/')).toEqual([]);
  });

  // Asks for Linux's package attr, which writes attributes too.
  const setfattr = spawnSync('setfattr', ['--version']).status === 0;
  test.skipIf(!setfattr)(`extended attributes${setfattr ? '' : ' (skipped: no setfattr here)'}`, async () => {
    const file = at('downloaded.jpg');
    await sharp(samplePhoto(1)).resize(64).jpeg().toFile(file);
    execFileSync('setfattr', ['-n', 'user.xdg.origin.url', '-v', 'https://example.org/neda', file]);
    expect(await labels(file, 'who')).toContainEqual(expect.stringMatching(/download.*example\.org\/neda/));
    expect((await inspect(file)).notLookedAt).toEqual([]);
  });

  test('where attributes cannot be read the answer says so', async () => {
    const { notLookedAt, findings } = await inspect(samplePhoto(1));
    const looked = fs.existsSync('/usr/bin/getfattr') || process.platform === 'win32';
    expect(notLookedAt.join()).toMatch(looked ? /^$/ : /extended attributes/);
    expect(findings.some(({ part }) => part === 'file system')).toBe(true);
  });
});

test('kinds of file that are not taken are called by name', async () => {
  const heads: [string, string, string][] = [
    ['x.jxl', '\xff\x0a', 'JPEG XL'],
    ['x.cr3', '\0\0\0\x18ftypcrx \0\0\0\x01', 'CR3'],
    ['x.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'],
    ['x.m4a', '\0\0\0\x18ftypM4A \0\0\0\0', 'sound'],
    ['x.pdf', '%PDF-1.7', 'PDF'],
  ];
  for (const [name, head, word] of heads) {
    await writeFile(at(name), Buffer.from(head.padEnd(64, '\0'), 'latin1'));
    const { code, stderr } = await sayeh('inspect', at(name));
    expect([code, stderr]).toEqual([2, expect.stringContaining(word)]);
    expect(stderr).not.toContain(folder);
  }
});

describe('positions in telemetry', () => {
  test('camera motion metadata, types 5 and 6', () => {
    const sample = (type: number, offset: number) => {
      const bytes = Buffer.alloc(60);
      bytes.writeUInt16LE(type, 2);
      bytes.writeDoubleLE(35.6892, offset);
      bytes.writeDoubleLE(51.389, offset + 8);
      return bytes;
    };
    expect(positionIn('camm', sample(5, 4))).toBe('35.68920, 51.38900');
    expect(positionIn('camm', sample(6, 16))).toBe('35.68920, 51.38900');
    expect(positionIn('camm', sample(2, 4))).toBeUndefined();
    expect(positionIn('camm', sample(5, 4).subarray(0, 15))).toBeUndefined();
  });

  test.skipIf(!hasShared)(`GoPro's, in a film of theirs${sharedNote}`, async () => {
    const film = path.join(SHARED, 'data/metadata/mp4/gpmf-parser__max-heromode.mp4');
    expect(await labels(film, 'where')).toContainEqual(
      expect.stringMatching(/telemetry.*: 33\.1\d+, -117\.3\d+/),
    );
  });
});

test('chapters in a text track, free space, private boxes and a name as a phone gives it', async () => {
  await mkdir(at('100APPLE'));
  const film = at('100APPLE', 'VID_20220921_200000.mp4');
  await writeFile(
    at('tags.txt'),
    ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=Azadi Square\n',
  );
  await ffmpeg(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=1', '-i', at('tags.txt'), '-map_metadata', '1'],
    ...['-pix_fmt', 'yuv420p', film],
  );
  const box = (type: string, text: string) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + text.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, Buffer.from(text, 'latin1')]);
  };
  await fs.promises.appendFile(film, box('free', 'left by Neda'));
  await fs.promises.appendFile(film, box('uuid', '0123456789abcdefserial 12345'));
  const { findings } = await inspect(film);
  const found = findings.map(({ betrays, label, value }) => `${betrays} ${label} ${value}`).join('\n');
  expect(found).toMatch(/edited chapters Azadi Square/);
  expect(found).toMatch(/unknown free space that is not empty left by Neda/);
  expect(found).toMatch(/unknown private box \w+ .*serial 12345/);
  expect(found).toMatch(/when a date in the file name/);
  expect(found).toMatch(/device a folder as cameras/);
});
