import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { inspect } from '../../src/pipeline/inspect.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { strip } from '../../src/pipeline/strip.ts';
import { ffmpeg } from '../support/clips.ts';
import { FILM_GROUPS, plant, SECRET, secretsIn } from '../support/photo-format.ts';
import { pages, picture } from '../support/pictures.ts';

/**
 * One unique word in every place that exiftool, the ffmpeg program and a writer of raw parts can reach, in every
 * type: none of it may be in what strip and protect write, as it is, in UTF-16, or compressed.
 */
let folder: string;
let detectors: Detectors;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-planted-'));
  detectors = new Detectors('centerface');
});
afterAll(async () => {
  await detectors.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => path.join(folder, name);
const LONG = 600_000;

/** Strips and protects a file in which the secret is found so often, and looks for it in both. */
async function expectGone(file: string, fewest: number, secrets: readonly string[] = []): Promise<void> {
  const before = fs.readFileSync(file);
  expect(secretsIn(before)).toBeGreaterThanOrEqual(fewest);
  for (const secret of secrets) expect(before.includes(secret), secret).toBe(true);
  expect(JSON.stringify((await inspect(file)).findings)).toContain(SECRET);
  for (const [name, work] of [
    ['stripped', (output: string) => strip(file, output)],
    ['protected', (output: string) => protect(file, output, { detectors, audio: 'keep' })],
  ] as const) {
    const output = at(`${name}-${path.basename(file)}`);
    await work(output);
    const after = fs.readFileSync(output);
    expect(secretsIn(after), name).toBe(0);
    for (const secret of secrets) expect(after.includes(secret), `${name}: ${secret}`).toBe(false);
  }
}

describe('photos, with every tag that exiftool can write', () => {
  /** With the fewest places in which exiftool must have written: of TIFF's directories it keeps most tags short. */
  const makers: Record<string, [fewest: number, () => Promise<Buffer>]> = {
    jpg: [500, () => picture(200, 150).jpeg().toBuffer()],
    png: [500, () => picture(200, 150).png().toBuffer()],
    webp: [500, () => picture(200, 150).webp().toBuffer()],
    tiff: [70, () => picture(200, 150).tiff({ compression: 'lzw' }).toBuffer()],
    gif: [500, () => pages(3).gif().toBuffer()],
    avif: [500, () => picture(200, 150).avif({ effort: 0 }).toBuffer()],
  };
  test.each(Object.entries(makers))(
    '%s',
    async (extension, [fewest, make]) => {
      const file = at(`photo.${extension}`);
      fs.writeFileSync(file, plant(await make(), extension));
      await expectGone(file, fewest);
    },
    LONG,
  );
});

/** Written with all of them at once: tags of the file and its streams, chapters, subtitles, attachments, SEI. */
async function film(name: string, ...options: string[]): Promise<string> {
  fs.writeFileSync(at('words.srt'), `1\n00:00:00,000 --> 00:00:00,900\nGPS 35.7000N 51.4000E ${SECRET}\n`);
  fs.writeFileSync(
    at('tags.txt'),
    `;FFMETADATA1\n${KEYS.map((key) => `${key}=${SECRET}`).join('\n')}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=${SECRET}\n`,
  );
  const streams = ['v', 'a'].flatMap((stream) =>
    KEYS.flatMap((key) => [`-metadata:s:${stream}`, `${key}=${SECRET}`]),
  );
  await ffmpeg(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=1', '-f', 'lavfi', '-i', 'sine=d=1'],
    ...['-i', at('words.srt'), '-i', at('tags.txt'), '-map', '0', '-map', '1'],
    ...['-map_metadata', '3', '-map_chapters', '3', ...streams, ...options, at(name)],
  );
  return at(name);
}
/** What FFmpeg's writers have a place for, and what they may pass on. */
const KEYS =
  'title artist album album_artist author comment composer copyright creation_time date description encoder genre grouping handler_name keywords language location lyrics network performer publisher service_name service_provider show synopsis track title_sort make model com.apple.quicktime.location.ISO6709 IART ISFT ICRD IKEY vendor_id encoded_by'.split(
    ' ',
  );
const H264 = [
  ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ...['-bsf:v', `h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+${SECRET}`],
];

describe('films, with all that ffmpeg can write', () => {
  test.each([
    ['tags.mov', 8, [...H264, '-movflags', 'use_metadata_tags', '-timecode', '12:34:56:00']],
    ['h264.mkv', 30, [...H264, '-map', '2', '-c:s', 'srt']],
    ['vp9.webm', 20, '-c:v libvpx-vp9 -cpu-used 8 -pix_fmt yuv420p -c:a libopus'.split(' ')],
    ['h264.ts', 2, H264],
    ['mjpeg.avi', 4, '-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le'.split(' ')],
  ])(
    '%s',
    async (name, fewest, options) => {
      await expectGone(await film(name, ...options), fewest);
    },
    LONG,
  );

  test(
    'an MP4 film, with every tag that exiftool can write as well, and boxes nobody knows',
    async () => {
      const made = await film('all.mp4', ...H264, '-map', '2', '-c:s', 'mov_text');
      const planted = plant(fs.readFileSync(made), 'mp4', FILM_GROUPS);
      fs.writeFileSync(made, Buffer.concat([planted, box('free'), box('uuid'), box('zzzz'), box('mdat')]));
      await expectGone(made, 300);
    },
    LONG,
  );
});

function box(type: string): Buffer {
  const content = `0123456789abcdef${SECRET}`;
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(content)]);
}

/** What other cleaners are known to leave (docs/metadata/table.md), one to a file. */
describe('known leaks of other cleaners', () => {
  const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=1'];
  const QUIET = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bsf:v', 'filter_units=remove_types=6'];
  const clean = async (file: string, ...secrets: (string | Buffer)[]) => {
    const before = fs.readFileSync(file);
    for (const secret of secrets) expect(before.includes(secret)).toBe(true);
    await strip(file, at(`stripped-${path.basename(file)}`));
    await protect(file, at(`protected-${path.basename(file)}`), { detectors });
    for (const made of ['stripped', 'protected']) {
      const after = fs.readFileSync(at(`${made}-${path.basename(file)}`));
      for (const secret of secrets) expect(after.includes(secret), made).toBe(false);
    }
  };

  test('positions in a subtitle track, as drones write them', async () => {
    fs.writeFileSync(at('gps.srt'), '1\n00:00:00,000 --> 00:00:00,900\nGPS 35.7000N 51.4000E\n');
    await ffmpeg(...SOURCE, '-i', at('gps.srt'), ...QUIET, '-c:s', 'mov_text', at('gps.mp4'));
    await clean(at('gps.mp4'), '35.7000N');
  });

  test('the thumbnail of the uncovered picture as a cover', async () => {
    await sharp(await picture(64, 48).png().toBuffer())
      .jpeg()
      .toFile(at('cover.jpg'));
    const cover = fs.readFileSync(at('cover.jpg')).subarray(-300);
    const both = ['-map', '0', '-map', '1', ...QUIET, '-c:v:1', 'copy', '-disposition:v:1', 'attached_pic'];
    await ffmpeg(
      ...SOURCE,
      '-i',
      at('cover.jpg'),
      ...both.map((o) => (o === '-bsf:v' ? '-bsf:v:0' : o)),
      at('cover.mp4'),
    );
    await clean(at('cover.mp4'), cover);
  });

  test("the encoder's name and settings in SEI", async () => {
    await ffmpeg(...SOURCE, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', at('sei.mp4'));
    await clean(at('sei.mp4'), 'x264 - core', 'rc_lookahead');
  });

  test('chapters and the names of handlers', async () => {
    const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=Azadi Square\n';
    fs.writeFileSync(at('chapters.txt'), chapters);
    const named = ['-map_chapters', '1', '-metadata:s:v', 'handler_name=Phone of Neda'];
    await ffmpeg(...SOURCE, '-i', at('chapters.txt'), ...named, ...QUIET, at('chapters.mp4'));
    await clean(at('chapters.mp4'), 'Azadi Square', 'Phone of Neda');
  });

  test('the unredacted thumbnail of a photo whose face was covered by another program', async () => {
    const whole = await picture(320, 240).png().toBuffer();
    await sharp(whole).resize(160, 120).jpeg().toFile(at('small.jpg'));
    const patch = { create: { width: 100, height: 100, channels: 3 as const, background: '#000' } };
    await sharp(whole)
      .composite([{ input: patch, left: 100, top: 60 }])
      .jpeg()
      .toFile(at('redacted.jpg'));
    const thumbnail = `-ThumbnailImage<=${at('small.jpg')}`;
    execFileSync('exiftool', ['-q', '-overwrite_original', thumbnail, at('redacted.jpg')]);
    await clean(at('redacted.jpg'), fs.readFileSync(at('small.jpg')).subarray(-300));
  });
});
