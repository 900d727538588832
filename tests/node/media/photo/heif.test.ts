import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { limitsFrom } from '../../../../src/core/limits.ts';
import { HeifDecoder } from '../../../../src/node/media/photo/heif/decode-heif.ts';
import { readHeifPicture } from '../../../../src/node/media/photo/heif/heif-thread.ts';
import { profiledTiff } from '../../../../src/node/media/photo/heif/profiled-tiff.ts';
import { openPhoto } from '../../../../src/node/media/photo/open-photo.ts';
import { GREEN, picture, quarters, RED } from '../../../support/photos.ts';
import { hasShared, SHARED, sharedNote } from '../../../support/shared.ts';

const sample = (name: string) => fs.readFileSync(path.join(SHARED, 'data/metadata', name));
const limits = limitsFrom({ seconds: 60 });

test('profiledTiff puts samples and profile before sharp', async () => {
  const samples = quarters(30, 20, [RED, GREEN, RED, GREEN]);
  const p3 = await picture(samples).withIccProfile('p3').png().toBuffer();
  const { icc } = await sharp(p3).metadata();
  const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
  const tiff = profiledTiff(stored, 30, 20, icc as Buffer);
  const back = await sharp(tiff).toColourspace('srgb').raw().toBuffer();
  for (const [i, value] of back.entries()) expect(Math.abs(value - samples.data[i])).toBeLessThanOrEqual(3);
});

test('reads AV1 under the general HEIF brand', async () => {
  const samples = quarters(30, 20, [RED, GREEN, RED, GREEN]);
  const file = await picture(samples).avif({ lossless: true }).toBuffer();
  for (let at = 8; at < file.readUInt32BE(0); at += 4) {
    if (file.toString('latin1', at, at + 4) === 'avif') file.write('mif1', at, 'latin1');
  }
  const photo = await openPhoto(file);
  expect(photo).toMatchObject({ format: 'heif', width: 30, height: 20 });
  for await (const { data } of photo.frames()) expect(Buffer.from(data).equals(samples.data)).toBe(true);
});

describe.skipIf(!hasShared)(`HEIC photos${sharedNote}`, () => {
  test.each([
    ['heic/ExifReader__test-no-meta-data.heic', 128, 128],
    ['heic/libheif__rainbow-451x461.heic', 451, 461],
    ['heic/photoprism__iphone_15_pro.heic', 3024, 4032],
    ['heic/test-assets__samsung-one-ui-6.heic', 3000, 4000],
    ['heif/exiv2__issue_9292_sony_8_left-bottom.HIF', 4672, 7008],
  ])('reads %s upright', async (name, width, height) => {
    const photo = await openPhoto(path.join(SHARED, 'data/metadata', name));
    expect(photo).toMatchObject({ format: 'heif', width, height, hasAlpha: false, frameCount: 1 });
    for await (const { data } of photo.frames()) expect(data.length).toBe(width * height * 3);
  });

  test('turns as the irot property says', async () => {
    const file = Buffer.from(sample('heic/exiv2__Stonehenge.heic'));
    const at = file.indexOf('irot', 0, 'latin1') + 4;
    expect(file[at]).toBe(0);
    const straight = new HeifDecoder(file, limits).decode();
    for (const quarterTurns of [1, 2, 3]) {
      file[at] = quarterTurns; // anti-clockwise: ISO/IEC 23008-12 section 6.5.10
      const turned = new HeifDecoder(file, limits).decode();
      const { data, info } = await picture({ ...straight, channels: 3 })
        .rotate(360 - quarterTurns * 90)
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([turned.width, turned.height]).toEqual([info.width, info.height]);
      expect(Buffer.from(turned.data).equals(data)).toBe(true);
    }
  });

  test('shows transparent places on white', async () => {
    const photo = await openPhoto(sample('heic/libheif__with-alpha-512x512.heic'));
    expect(photo.hasAlpha).toBe(false);
    expect(photo.warnings.join()).toContain('white');
    for await (const { data } of photo.frames()) expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test('refuses too large and damaged files', async () => {
    const file = sample('heic/libheif__rainbow-451x461.heic');
    await expect(openPhoto(file, { picture: (451 * 461 - 1) / 1e6 })).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('451x461'),
    });
    for (const share of [0.1, 0.5, 0.9]) {
      const cut = file.subarray(0, file.length * share);
      await expect(readHeifPicture(cut, 'cut.heic', limits)).rejects.toMatchObject({
        name: 'SayehError',
        code: 'corrupt',
        message: expect.stringContaining('cut.heic'),
      });
    }
    await expect(readHeifPicture(file, 'slow.heic', { ...limits, seconds: 0.001 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test('survives hostile files', () => {
    const whole = sample('heic/libheif__rainbow-451x461.heic');
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let refused = 0;
    for (let round = 0; round < 40; round++) {
      const file = Buffer.from(whole);
      // Half of the rounds damage the boxes, the others the coded picture too.
      const reach = round % 2 === 0 ? 700 : file.length;
      for (let i = 0; i < 6; i++) file[random(reach)] = random(256);
      try {
        const { width, height, data } = new HeifDecoder(file, limitsFrom({ picture: 4 })).decode();
        expect(data.length).toBe(width * height * 3);
      } catch (error) {
        expect((error as Error).name).toBe('SayehError');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5);
  });
});
