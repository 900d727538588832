import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { USUAL_LIMITS } from '../../../../src/core/limits.ts';
import { avi } from '../../../../src/core/metadata/avi/index.ts';
import { chunk } from '../../../../src/core/metadata/avi/little-endian.ts';
import { stripChunks } from '../../../../src/core/metadata/avi/strip.ts';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { Window } from '../../../../src/core/metadata/window.ts';
import { hasShared, SHARED, sharedNote } from '../../../support/shared.ts';
import { expectCleans } from '../matroska/contract.ts';
import {
  decoded,
  inMemory,
  make,
  PICTURE,
  packets,
  scratch,
  stripFile,
  stripped,
  TONE,
  tags,
} from '../matroska/ffmpeg.ts';

const SECRET = 'Mahsa 35.7,51.4';

const dirty = (name: string, ...codecs: readonly string[]): string =>
  make(
    name,
    ...[...PICTURE, ...TONE, ...codecs, '-metadata', `title=${SECRET}`, '-metadata', `artist=${SECRET}`],
    ...['-metadata', 'date=2022-09-16', '-metadata:s:v', `title=${SECRET}`],
  );

const PCM = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'];

describe('AVI', () => {
  test('reads what a film betrays', async () => {
    const findings = await avi.inspect(inMemory(dirty('mjpeg.avi', ...PCM)));
    const labels = findings.map(({ label }) => label);
    for (const label of ['title', 'author', 'date of creation', 'name of a stream', 'program or camera'])
      expect(labels).toContain(label);
    expect(labels).toContain('comment in a frame');
  });

  test.each([
    ['mjpeg.avi', PCM, ['Lavc']],
    ['mpeg4.avi', ['-c:v', 'mpeg4', '-c:a', 'mp3'], ['Lavc59']],
    ['xvid.avi', ['-c:v', 'mpeg4', '-vtag', 'xvid', '-c:a', 'ac3'], ['Lavc59']],
    ['h264.avi', ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s16le'], ['x264', 'Lavc']],
    ['raw.avi', ['-c:v', 'rawvideo', '-c:a', 'pcm_s16le'], ['Lavf']],
  ])('cleans %s', async (name, codecs, signatures) => {
    const clean = await expectCleans(avi, dirty(name, ...codecs), SECRET, ...signatures);
    expect(tags(clean)).toBe('');
    expect(execFileSync('mat2', ['--show', clean], { encoding: 'utf8' })).toContain('No metadata found');
  });

  test('leaves packets alone where there is nothing in them', async () => {
    const file = dirty('raw.avi', '-c:v', 'rawvideo', '-c:a', 'pcm_s16le');
    expect(packets(await stripFile(avi, file))).toBe(packets(file));
  });

  test('writes long films as OpenDML', async () => {
    const file = dirty('mjpeg.avi', ...PCM);
    const pieces: Uint8Array[] = [];
    await stripChunks(
      new Window(inMemory(file)),
      { write: async (b) => void pieces.push(b.slice()) },
      USUAL_LIMITS,
      50_000,
    );
    const long = path.join(scratch, 'long.avi');
    fs.writeFileSync(long, Buffer.concat(pieces));
    expect(fs.readFileSync(long).includes('AVIX')).toBe(true);
    expect(await avi.verify(inMemory(long))).toEqual([]);
    expect(decoded(long)).toBe(decoded(file));
    expect(Buffer.from((await stripped(avi, inMemory(long))).bytes).includes('AVIX')).toBe(false);
  });

  test.skipIf(!hasShared)(`reads what cameras hide${sharedNote}`, async () => {
    const folder = path.join(SHARED, 'data/metadata/avi');
    const pentax = inMemory(path.join(folder, 'exiftool__Pentax.avi'));
    const found = await avi.inspect(pentax);
    expect(found.find(({ betrays }) => betrays === 'when')?.value).toBe('2009/10/27 12:14:34');
    expect(found.map(({ label }) => label)).toContain("camera's own data (Pentax)");
    await expect(avi.strip(pentax, { write: async () => {} })).rejects.toMatchObject({ code: 'corrupt' });
    const labels = (await avi.inspect(inMemory(path.join(folder, 'exiftool__RIFF.avi')))).map(
      ({ label }) => label,
    );
    expect(labels).toContain('XMP packet');

    const copy = path.join(scratch, 'mat2.avi');
    fs.copyFileSync(path.join(folder, 'mat2__dirty.avi'), copy);
    await expectCleans(avi, copy, 'MEncoder', 'MPlayer');
  });

  test('no unknown chunk survives', async () => {
    const { bytes } = await stripped(avi, inMemory(dirty('mjpeg.avi', ...PCM)));
    const parts = await avi.walk(bytesInMemory(bytes));
    const movi = parts.find(({ path: p }) => p === 'AVI/movi')!.offset;
    const places = [movi, bytes.length];
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z_]{4}$/), fc.constantFrom(...places), async (id, at) => {
        fc.pre(!['RIFF', 'LIST'].includes(id));
        const planted = chunk(id, Buffer.from(SECRET));
        const whole = Buffer.concat([bytes.subarray(0, at), planted, bytes.subarray(at)]);
        whole.writeUInt32LE(whole.length - 8, 4);
        const film = bytesInMemory(new Uint8Array(whole));
        expect(await avi.verify(film)).not.toEqual([]);
        expect(Buffer.from((await stripped(avi, film)).bytes).includes(SECRET)).toBe(false);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  // Found by fuzzing: the frame was taken for bytes of no picture, and written empty.
  test('a motion JPEG frame that begins wrongly is not lost without a word', async () => {
    const whole = fs.readFileSync(dirty('mjpeg.avi', ...PCM));
    const frame = whole.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]));
    for (const [from, to, by] of [
      [1, 2, 0x5e],
      [2, 12, 0xff],
    ]) {
      const film = new Uint8Array(whole).fill(by, frame + from, frame + to);
      await expect(stripped(avi, bytesInMemory(film))).rejects.toMatchObject({ code: 'corrupt' });
      expect(await avi.verify(bytesInMemory(film))).not.toEqual([]);
    }
  });

  // Found by fuzzing: FFmpeg shows such a film's picture, and the new one had none.
  test("a stream's header outside its list is refused, not left out", async () => {
    const film = fs.readFileSync(dirty('mjpeg.avi', ...PCM));
    film.write('odml', film.indexOf('strl', 0, 'latin1'), 'latin1');
    const source = bytesInMemory(new Uint8Array(film));
    await expect(stripped(avi, source)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await avi.verify(source)).not.toEqual([]);
  });
});
