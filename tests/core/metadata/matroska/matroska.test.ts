import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { matroska } from '../../../../src/core/metadata/matroska/index.ts';
import { header, vint } from '../../../../src/core/metadata/matroska/write-ebml.ts';
import { expectCleans, expectTiles } from './contract.ts';
import {
  ffprobe,
  inMemory,
  make,
  PICTURE,
  packets,
  scratch,
  stripFile,
  stripped,
  TONE,
  tags,
} from './ffmpeg.ts';

const SECRET = 'Mahsa 35.7,51.4';

/** A film with a secret everywhere that FFmpeg can put one. */
function dirty(name: string, ...codecs: readonly string[]): string {
  const [notes, words, attachment] = ['notes.txt', 'words.srt', 'letter.txt'].map((n) =>
    path.join(scratch, n),
  );
  fs.writeFileSync(
    notes,
    `;FFMETADATA1\ntitle=${SECRET}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=${SECRET}\n`,
  );
  fs.writeFileSync(words, `1\n00:00:00,000 --> 00:00:01,000\n${SECRET}\n\n`);
  fs.writeFileSync(attachment, SECRET);
  const isWebm = name.endsWith('.webm');
  const extras = isWebm
    ? ['-map', '0', '-map', '1', '-map_metadata', '2']
    : ['-map', '0', '-map', '1', '-map', '3', '-c:s', 'srt', '-map_metadata', '2', '-map_chapters', '2'];
  const attach = isWebm ? [] : ['-attach', attachment, '-metadata:s:t', 'mimetype=text/plain'];
  return make(
    name,
    ...[...PICTURE, ...TONE, '-i', notes, '-i', words, ...extras, ...codecs],
    ...[
      '-metadata',
      `artist=${SECRET}`,
      '-metadata',
      `location=${SECRET}`,
      '-metadata',
      'creation_time=2022-09-16T12:00:00',
    ],
    ...['-metadata:s:v', `title=${SECRET}`, '-metadata:s:a', 'language=per', ...attach],
  );
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-c:a', 'aac'];

describe('Matroska and WebM', () => {
  test('reads what a film betrays', async () => {
    const findings = await matroska.inspect(inMemory(dirty('h264.mkv', ...H264)));
    const labels = findings.map(({ label }) => label);
    for (const label of [
      'title',
      'track name',
      'language of a track',
      'attached file',
      'name of an attached file',
      'chapter title',
      'place',
      'program that wrote the file',
      'identifier of this very recording',
      'subtitles track',
      'SEI: unregistered user data: encoder and its settings',
    ])
      expect(labels).toContain(label);
    expect(findings.find(({ label }) => label === 'title')?.value).toBe(SECRET);
    expect(findings.some(({ betrays, value }) => betrays === 'when' && value?.includes('2022-09-16'))).toBe(
      true,
    );
  });

  test.each([
    ['h264.mkv', H264, ['x264', 'Lavc', 'Lavf5']],
    [
      'hevc.mkv',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=0', '-c:a', 'flac'],
      ['x265', 'Lavc'],
    ],
    ['vp8.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis'], ['Lavc', 'libVorbis']],
    [
      'vp9.webm',
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
      ['Lavc'],
    ],
    ['mpeg4.mkv', ['-c:v', 'mpeg4', '-c:a', 'mp3'], ['Lavc59']],
    ['mpeg2.mkv', ['-c:v', 'mpeg2video', '-c:a', 'ac3'], ['Lavc']],
    ['mjpeg.mkv', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'], ['Lavc']],
    ['av1.mkv', ['-c:v', 'libsvtav1', '-preset', '12', '-c:a', 'libopus'], ['Lavc']],
  ])('cleans %s', async (name, codecs, signatures) => {
    const clean = await expectCleans(matroska, dirty(name, ...codecs), SECRET, ...signatures);
    expect(tags(clean)).toBe('format|tag:encoder=Lavf');
    expect(ffprobe('-show_entries', 'stream=codec_type', clean)).not.toContain('subtitle');
  });

  test('leaves packets alone where there is nothing in them', async () => {
    const file = dirty('vp9.webm', '-c:v', 'libvpx-vp9', '-c:a', 'libopus');
    expect(packets(await stripFile(matroska, file))).toBe(packets(file));
  });

  test('keeps transparency', async () => {
    const alpha = [
      '-vf',
      'format=yuva420p',
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-auto-alt-ref',
      '0',
    ];
    const clean = await expectCleans(matroska, make('alpha.webm', ...PICTURE, ...alpha));
    expect(tags(clean)).toContain('alpha_mode=1');
  });

  test('takes live files, whose sizes are unknown', async () => {
    await expectCleans(
      matroska,
      make('live.webm', ...PICTURE, '-c:v', 'libvpx', '-deadline', 'realtime', '-live', '1'),
    );
  });

  test('reports and refuses damage', async () => {
    const bytes = fs.readFileSync(dirty('h264.mkv', ...H264));
    const cut = bytesInMemory(new Uint8Array(bytes.subarray(0, bytes.length >> 1)));
    expect((await matroska.walk(cut)).at(-1)?.what).toContain('damaged');
    expect((await matroska.verify(cut)).some(({ reason }) => reason.includes('damaged'))).toBe(true);
    await expect(matroska.strip(cut, { write: async () => {} })).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('refuses a codec that it does not know', async () => {
    const bytes = fs.readFileSync(dirty('vp8.webm', '-c:v', 'libvpx', '-c:a', 'libvorbis'));
    const odd = new Uint8Array(Buffer.from(bytes.toString('latin1').replace('V_VP8', 'V_XX8'), 'latin1'));
    await expect(matroska.strip(bytesInMemory(odd), { write: async () => {} })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  test('no unknown element survives', async () => {
    const source = inMemory(dirty('vp8.webm', '-c:v', 'libvpx', '-c:a', 'libvorbis'));
    const { bytes } = await stripped(matroska, source);
    const segment = Buffer.from(bytes).indexOf(Buffer.from([0x18, 0x53, 0x80, 0x67]));
    const inside = segment + 12;
    const clusters = (await matroska.walk(bytesInMemory(bytes))).filter(({ path: p }) =>
      /Cluster(\[\d+\])?$/.test(p),
    );
    const places = [inside, bytes.length, ...clusters.map(({ offset }) => offset)];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0x81, max: 0xfe }).filter((id) => id !== 0xa3),
        fc.integer({ min: 0, max: places.length - 1 }),
        async (id, place) => {
          const secret = Buffer.from(SECRET);
          const planted = Buffer.concat([Buffer.from([id]), vint(secret.length), secret]);
          const at = places[place];
          const whole = Buffer.concat([bytes.subarray(0, at), planted, bytes.subarray(at)]);
          whole.set(header('Segment', whole.length - inside, 8), segment);
          const film = bytesInMemory(new Uint8Array(whole));
          await expectTiles(matroska, new Uint8Array(whole));
          expect(await matroska.verify(film)).not.toEqual([]);
          const clean = await stripped(matroska, film).catch(() => undefined);
          if (clean) expect(Buffer.from(clean.bytes).includes(SECRET)).toBe(false);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  // Found by fuzzing: the frame was taken for bytes of no picture, and written empty.
  test('a motion JPEG frame that begins wrongly is not lost without a word', async () => {
    const whole = fs.readFileSync(
      dirty('mjpeg.mkv', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'),
    );
    const frame = whole.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]));
    for (const [from, to, by] of [
      [1, 2, 0x5e],
      [2, 12, 0xff],
    ]) {
      const film = new Uint8Array(whole).fill(by, frame + from, frame + to);
      await expect(stripped(matroska, bytesInMemory(film))).rejects.toMatchObject({ code: 'corrupt' });
      expect(await matroska.verify(bytesInMemory(film))).not.toEqual([]);
    }
  });

  // Found by fuzzing: FFmpeg shows nothing behind such a block, and the new file came without it.
  test('a block of a track that is not there is no block to pass over', async () => {
    const film = fs.readFileSync(new URL('../../../fuzz/corpus/vp9.webm', import.meta.url));
    const cluster = film.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]));
    // A SimpleBlock with a size of one byte, of the second track.
    const block = film.findIndex((byte, at) => at > cluster && byte === 0xa3 && film[at + 2] === 0x82);
    film[block + 2] = 0x87;
    await expect(stripped(matroska, bytesInMemory(film))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('track 7'),
    });
    expect(await matroska.verify(bytesInMemory(film))).not.toEqual([]);
  });
});
