import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { chunkBytes, SIGNATURE } from '../../../../src/core/metadata/png/chunks.ts';
import { openPhoto } from '../../../../src/node/media/photo/open-photo.ts';
import type { Photo } from '../../../../src/node/media/photo/photo.ts';
import {
  BLUE,
  ffmpegAnimation,
  film,
  GREEN,
  gradient,
  picture,
  type Quarters,
  quarters,
  quartersOf,
  RED,
  type Samples,
  withAlpha,
  withTags,
  YELLOW,
} from '../../../support/photos.ts';

const only = async (photo: Photo): Promise<Uint8Array> => {
  const frames = [];
  for await (const { data } of photo.frames()) frames.push(data);
  expect(frames).toHaveLength(1);
  return frames[0];
};

const decoded = async (bytes: Uint8Array) => {
  const photo = await openPhoto(bytes);
  return { ...photo, data: await only(photo) };
};

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const STORED: Quarters = [RED, GREEN, BLUE, YELLOW];
/** Where each stored quarter comes to stand: Exif 3.0 section 4.6.5, tag Orientation, the meaning of each value. */
const UPRIGHT: readonly Quarters[] = [
  [RED, GREEN, BLUE, YELLOW],
  [GREEN, RED, YELLOW, BLUE],
  [YELLOW, BLUE, GREEN, RED],
  [BLUE, YELLOW, RED, GREEN],
  [RED, BLUE, GREEN, YELLOW],
  [BLUE, RED, YELLOW, GREEN],
  [YELLOW, GREEN, BLUE, RED],
  [GREEN, YELLOW, RED, BLUE],
];

/** Every type but HEIF, whose codec sharp does not encode. */
const ENCODED: Record<string, (samples: Samples) => Sharp> = {
  jpg: (samples) => picture(samples).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
  png: (samples) => picture(samples).png(),
  webp: (samples) => picture(samples).webp({ lossless: true }),
  tiff: (samples) => picture(samples).tiff({ compression: 'lzw' }),
  gif: (samples) => picture(samples).gif(),
  avif: (samples) => picture(samples).avif({ lossless: true }),
};
const LOSSLESS = new Set(['png', 'webp', 'tiff']);

describe('openPhoto', () => {
  test.each(['jpg', 'png', 'webp', 'tiff'])(
    'turns and mirrors %s by all eight orientations',
    async (type) => {
      const stored = await ENCODED[type](quarters(40, 24, STORED)).toBuffer();
      for (const [i, expected] of UPRIGHT.entries()) {
        const { width, height, data } = await decoded(withTags(stored, type, `-Orientation#=${i + 1}`));
        expect([width, height]).toEqual(i < 4 ? [40, 24] : [24, 40]);
        expectNear(quartersOf(data, width, height, 3).flat(), expected.flat(), 3);
      }
    },
  );

  test.each(Object.keys(ENCODED))('reads %s of odd sizes', async (type) => {
    for (const [width, height] of [
      [1, 1],
      [1, 7],
      [333, 251],
    ]) {
      const samples = gradient(width, height);
      const photo = await openPhoto(await ENCODED[type](samples).toBuffer());
      expect(photo).toMatchObject({ width, height, frameCount: 1, loop: undefined, warnings: [] });
      const data = await only(photo);
      expect(data.length).toBe(width * height * (photo.hasAlpha ? 4 : 3));
      if (LOSSLESS.has(type)) expect(Buffer.from(data).equals(samples.data)).toBe(true);
    }
  });

  test('keeps alpha, and drops colours that hide under full transparency', async () => {
    const samples = withAlpha(gradient(20, 10), (x) => (x < 5 ? 0 : x < 10 ? 128 : 255));
    for (const type of ['png', 'webp', 'tiff', 'avif']) {
      const coded =
        type === 'webp' ? picture(samples).webp({ lossless: true, exact: true }) : ENCODED[type](samples);
      const { hasAlpha, data } = await decoded(await coded.toBuffer());
      expect(hasAlpha).toBe(true);
      for (let i = 0; i < 200; i++) {
        expect(data[i * 4 + 3]).toBe(samples.data[i * 4 + 3]);
        if (i % 20 < 5) expect([...data.subarray(i * 4, i * 4 + 3)]).toEqual([0, 0, 0]);
      }
    }
  });

  test('brings every colour space to sRGB in 8 bits', async () => {
    const samples = quarters(32, 32, STORED);
    const p3 = await picture(samples).withIccProfile('p3').png().toBuffer();
    expect((await sharp(p3).metadata()).hasProfile).toBe(true);
    // The stored numbers differ, so equal colours show that the profile was applied.
    const storedNumbers = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect(Buffer.from(samples.data).equals(storedNumbers)).toBe(false);
    expectNear((await decoded(p3)).data, samples.data, 3);

    const deep = await picture(samples).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectNear((await decoded(deep)).data, samples.data, 1);
    const deepTiff = await picture(samples).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer();
    expectNear((await decoded(deepTiff)).data, samples.data, 1);

    const cmyk = await picture(samples).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    // The press colours of the profile do not reach every screen colour.
    expectNear((await decoded(cmyk)).data, samples.data, 60);

    const grey = await picture(samples).greyscale().toColourspace('b-w').png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    const { data: greyData, hasAlpha } = await decoded(grey);
    expect(hasAlpha).toBe(false);
    expect(greyData[0]).toBe(greyData[1]);
    expect(greyData[1]).toBe(greyData[2]);

    const palette = await picture(samples).png({ palette: true, colours: 16 }).toBuffer();
    expectNear((await decoded(palette)).data, samples.data, 2);
  });

  test('reads animations frame by frame with delays and loops', async () => {
    const frames = [0, 1, 2, 3, 4].map((seed) => quarters(30, 20, rotated(seed)));
    const delays = [20, 50, 100, 40, 1000];
    for (const loop of [0, 1, 3]) {
      const files = [
        await film(frames).gif({ delay: delays, loop }).toBuffer(),
        await film(frames).webp({ delay: delays, loop, lossless: true }).toBuffer(),
      ];
      for (const file of files) {
        const photo = await openPhoto(file);
        expect(photo).toMatchObject({ width: 30, height: 20, frameCount: 5, loop });
        // Twice, as analysis and rendering do.
        for (let pass = 0; pass < 2; pass++) {
          let index = 0;
          for await (const frame of photo.frames()) {
            expect(frame).toMatchObject({ index, delayMs: delays[index] });
            expectNear(
              quartersOf(frame.data, 30, 20, photo.hasAlpha ? 4 : 3).flat(),
              rotated(index).flat(),
              2,
            );
            index++;
          }
          expect(index).toBe(5);
        }
      }
    }
  });

  test('reads a long animation in batches as it would at once', async () => {
    const frames = Array.from({ length: 12 }, (_, seed) => gradient(1200, 900, seed));
    const photo = await openPhoto(await film(frames).webp({ lossless: true, effort: 0 }).toBuffer());
    expect(photo.frameCount).toBe(12);
    for await (const { index, data } of photo.frames())
      expect(Buffer.from(data).equals(frames[index].data)).toBe(true);
  });

  test('reads the pages of a TIFF, and says which it leaves out', async () => {
    const pages = [0, 1, 2].map((seed) => gradient(30, 20, seed));
    const even = await openPhoto(await film(pages).tiff({ compression: 'lzw' }).toBuffer());
    expect(even).toMatchObject({ frameCount: 3, loop: undefined, warnings: [] });
    for await (const { index, delayMs, data } of even.frames()) {
      expect(delayMs).toBe(0);
      expect(Buffer.from(data).equals(pages[index].data)).toBe(true);
    }
    const odd = await openPhoto(chainedTiff([pages[0], gradient(8, 8), pages[2]]));
    expect(odd).toMatchObject({ width: 30, height: 20, frameCount: 2 });
    expect(odd.warnings.join()).toContain('1 of 3 pages');
    const kept = [];
    for await (const { data } of odd.frames()) kept.push(data);
    expect(Buffer.from(kept[1]).equals(pages[2].data)).toBe(true);
  });

  test.each([['apng', 'png'] as const, ['avif', 'avif'] as const])(
    'reads the still picture of an animation as %s and warns',
    async (type, format) => {
      const photo = await openPhoto(ffmpegAnimation(type));
      expect(photo).toMatchObject({ format, width: 64, height: 48, frameCount: 1 });
      expect(photo.warnings.join()).toContain('animated');
      await only(photo);
    },
  );

  test('refuses what is cut off or empty', async () => {
    const samples = gradient(333, 251);
    const files = await Promise.all(Object.values(ENCODED).map((encode) => encode(samples).toBuffer()));
    files.push(
      await film([gradient(99, 80), gradient(99, 80, 1)])
        .gif()
        .toBuffer(),
    );
    files.push(
      await film([gradient(99, 80), gradient(99, 80, 1)])
        .tiff({ compression: 'lzw' })
        .toBuffer(),
    );
    for (const file of files) {
      for (const share of [0.02, 0.3, 0.6, 0.95]) {
        const cut = file.subarray(0, Math.max(16, Math.floor(file.length * share)));
        await expect(drain(cut)).rejects.toMatchObject({ name: 'SayehError', code: 'corrupt' });
      }
    }
    await expect(openPhoto(new Uint8Array())).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('refuses too many pixels, frames or bytes before decoding', async () => {
    const bomb = Buffer.concat([
      SIGNATURE,
      chunkBytes('IHDR', Uint8Array.of(0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0)),
      chunkBytes('IDAT', deflateSync(Buffer.alloc(1000))),
      chunkBytes('IEND', new Uint8Array()),
    ]);
    await expect(openPhoto(bomb)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('30000x30000'),
    });
    const frames = [0, 1, 2, 3].map((seed) => gradient(50, 40, seed));
    const animation = await film(frames).gif().toBuffer();
    const refusals = [{ frames: 3 }, { picture: 0.001999 }, { animation: 0.007999 }, { file: 1e-7 }];
    for (const limits of refusals)
      await expect(openPhoto(animation, limits)).rejects.toMatchObject({
        code: 'too-large',
        message: expect.stringMatching(`--limit ${Object.keys(limits)[0]}=[\\d.]+ if you trust this file`),
      });
    const exact = { frames: 4, picture: 0.002, animation: 0.008 };
    expect((await openPhoto(animation, exact)).frameCount).toBe(4);
  });

  test('names the kinds that it does not take', async () => {
    const refuse = (bytes: Uint8Array, code: string, words: string) =>
      expect(openPhoto(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    const text = (words: string) => Buffer.from(words.padEnd(64, '\0'), 'latin1');
    await refuse(
      text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      'unsupported',
      'SVG',
    );
    await refuse(text('\xff\x0a'), 'unsupported', 'JPEG XL');
    await refuse(text('\0\0\0\x18ftypcrx \0\0\0\x01'), 'unsupported', 'CR3');
    await refuse(text('FUJIFILMCCD-RAW 0201'), 'unsupported', 'Fujifilm');
    await refuse(text('\0\0\0\x18ftypisom\0\0\0\x01isom'), 'unsupported', 'film');
    await refuse(text('what is this'), 'unrecognised', 'not a photo');
    const tiff = await picture(gradient(8, 8)).tiff({ compression: 'none' }).toBuffer();
    await refuse(withTags(tiff, 'tiff', '-IFD0:DNGVersion=1 4 0 0'), 'unsupported', 'raw');
  });

  test('names a file without its folders', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-secret-folder-'));
    try {
      const file = path.join(folder, 'cut.jpg');
      fs.writeFileSync(file, (await ENCODED.jpg(gradient(99, 99)).toBuffer()).subarray(0, 2000));
      for (const missing of [file, path.join(folder, 'gone.jpg')]) {
        const error = await drain(missing).catch((caught) => caught);
        expect(error.name).toBe('SayehError');
        expect(error.message).toContain(path.basename(missing));
        expect(error.message).not.toContain('secret-folder');
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function drain(file: string | Uint8Array) {
  for await (const _ of (await openPhoto(file)).frames());
}

/** The quarters, their colours moved on by `steps`. */
function rotated(steps: number): Quarters {
  const colours = [RED, GREEN, BLUE, YELLOW];
  return [0, 1, 2, 3].map((i) => colours[(i + steps) % 4]) as unknown as Quarters;
}

/** An uncompressed TIFF whose pages may differ in size, which sharp does not write. */
function chainedTiff(pages: readonly Samples[]): Uint8Array {
  const TABLE = 2 + 9 * 12 + 4;
  const total = pages.reduce((sum, { data }) => sum + TABLE + data.length, 8);
  const file = Buffer.alloc(total);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  let at = 8;
  for (const [i, { width, height, data }] of pages.entries()) {
    const pixels = at + TABLE;
    const next = i === pages.length - 1 ? 0 : pixels + data.length;
    const entries = [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 1, 8],
      [259, 3, 1, 1],
      [262, 3, 1, 2],
      [273, 4, 1, pixels],
      [277, 3, 1, 3],
      [278, 4, 1, height],
      [279, 4, 1, data.length],
    ];
    file.writeUInt16LE(entries.length, at);
    for (const [j, [tag, type, count, value]] of entries.entries()) {
      const to = at + 2 + j * 12;
      file.writeUInt16LE(tag, to);
      file.writeUInt16LE(type, to + 2);
      file.writeUInt32LE(count, to + 4);
      file.writeUInt32LE(value, to + 8);
    }
    file.writeUInt32LE(next, pixels - 4);
    file.set(data, pixels);
    at = pixels + data.length;
  }
  return file;
}
