import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { formatOf } from '../../../../src/core/metadata/index.ts';
import type { WritableFormat } from '../../../../src/node/media/photo/encoders.ts';
import { openPhoto } from '../../../../src/node/media/photo/open-photo.ts';
import { type WritablePhoto, writePhoto } from '../../../../src/node/media/photo/write-photo.ts';
import { exiftoolTags } from '../../../support/exiftool.ts';
import {
  asFile,
  film,
  gradient,
  picture,
  type Samples,
  withAlpha,
  withTags,
} from '../../../support/photos.ts';

const FORMATS: readonly WritableFormat[] = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'];
const LOSSLESS = new Set<WritableFormat>(['png', 'tiff']);
const ANIMATED: readonly WritableFormat[] = ['gif', 'webp', 'tiff'];

/** What encoders add that tells of no one: the shape of the picture, and a resolution that is always the same. */
const HARMLESS = /^(PNG-pHYs|IFD\d+|QuickTime|Meta|File|RIFF|GIF|Composite):/;
const NEVER =
  /software|artist|date|time(?!scale)|make|model|serial|gps|comment|copyright|profilename|xmp|exif:/i;

function writable(format: WritableFormat, frames: readonly Samples[], loop?: number): WritablePhoto {
  const { width, height, channels } = frames[0];
  return {
    format,
    width,
    height,
    hasAlpha: channels === 4,
    frameCount: frames.length,
    loop,
    frames: frames.map(({ data }, index) => ({ index, delayMs: 50 + index * 30, data })),
  };
}

const framesOf = async (bytes: Uint8Array) => {
  const photo = await openPhoto(bytes);
  const frames: { delayMs: number; rgb: Uint8Array; data: Uint8Array }[] = [];
  for await (const { delayMs, data } of photo.frames()) {
    const rgb = photo.hasAlpha ? data.filter((_, i) => i % 4 !== 3) : data;
    frames.push({ delayMs, rgb, data });
  }
  return { photo, frames };
};

async function strippedOf(file: Uint8Array, format: WritableFormat): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await formatOf(format).strip(bytesInMemory(file), {
    write: async (bytes) => void pieces.push(bytes.slice()),
  });
  return Buffer.concat(pieces);
}

/** Root of the mean squared difference. */
function difference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
}

describe('writePhoto', () => {
  test.each(FORMATS)('writes %s of any size, near to the pixels given', async (format) => {
    for (const [width, height] of [
      [1, 1],
      [1, 7],
      [333, 251],
    ]) {
      const samples = gradient(width, height);
      const file = await writePhoto(writable(format, [samples]));
      const { photo, frames } = await framesOf(file);
      expect(photo).toMatchObject({ format, width, height, frameCount: 1, loop: undefined });
      if (LOSSLESS.has(format)) expect(Buffer.from(frames[0].data).equals(samples.data)).toBe(true);
      // The gradient's sawtooth edges are hard on lossy codecs; a palette of 256 is coarse.
      else expect(difference(frames[0].rgb, samples.data)).toBeLessThan(format === 'gif' ? 20 : 12);
    }
  });

  test.each(FORMATS)('writes the same %s twice', async (format) => {
    const samples = withAlpha(gradient(120, 90), (x) => Math.min(255, x * 4));
    const once = await writePhoto(writable(format, [samples]));
    const again = await writePhoto(writable(format, [samples]));
    expect(Buffer.from(once).equals(again)).toBe(true);
    const film = [gradient(60, 40), gradient(60, 40, 1), gradient(60, 40, 2)];
    if (!ANIMATED.includes(format)) return;
    const first = await writePhoto(writable(format, film, 2));
    expect(Buffer.from(first).equals(await writePhoto(writable(format, film, 2)))).toBe(true);
  });

  test.each(['jpeg', 'png', 'webp', 'tiff'] as const)(
    'tells nothing of what came with a %s',
    async (format) => {
      const bare = await picture(gradient(80, 60))[format]({ quality: 90 }).toBuffer();
      const dirty = withTags(
        bare,
        format === 'jpeg' ? 'jpg' : format,
        '-GPSLatitude=52.5',
        '-GPSLatitudeRef=N',
        '-Make=Camera',
        '-Artist=Someone',
        '-XMP:Creator=Someone',
        '-DateTimeOriginal=2024:01:02 03:04:05',
      );
      expect(dirty.length).toBeGreaterThan(bare.length);
      const rewrite = async (bytes: Uint8Array) => {
        const photo = await openPhoto(bytes);
        return writePhoto({ ...photo, format, frames: photo.frames() });
      };
      // Equal to the byte: the output is a function of the pixels alone.
      expect(Buffer.from(await rewrite(dirty)).equals(await rewrite(bare))).toBe(true);
    },
  );

  test.each(FORMATS)('writes %s without metadata, profile or comment', async (format) => {
    const films = ANIMATED.includes(format) ? [[gradient(50, 40), gradient(50, 40, 1)]] : [];
    for (const frames of [[gradient(50, 40)], [withAlpha(gradient(50, 40), (x) => x * 5)], ...films]) {
      const file = await writePhoto(writable(format, frames));
      const tags = Object.keys(asFile(file, `out.${format}`, exiftoolTags));
      expect(tags.filter((tag) => !HARMLESS.test(tag))).toEqual([]);
      expect(tags.filter((tag) => NEVER.test(tag.split(':')[1]))).toEqual([]);
      const { hasProfile, exif, xmp, iptc, comments } = await sharp(file).metadata();
      expect({ hasProfile, exif, xmp, iptc, comments }).toEqual({ hasProfile: false });
      // What the encoder adds all the same, such as PNG's pixel size, a lossless rewrite takes away.
      const stripped = await strippedOf(file, format);
      expect(await formatOf(format).inspect(bytesInMemory(stripped))).toEqual([]);
      expect(await formatOf(format).verify(bytesInMemory(stripped))).toEqual([]);
      const [before, after] = [await framesOf(file), await framesOf(stripped)];
      expect(after.photo.frameCount).toBe(before.photo.frameCount);
      for (const [i, { data }] of after.frames.entries())
        expect(Buffer.from(data).equals(before.frames[i].data)).toBe(true);
    }
  });

  test('keeps alpha where the type has it, and shows white where not', async () => {
    const samples = withAlpha(gradient(40, 30), (x) => (x < 20 ? 0 : 255));
    for (const format of FORMATS) {
      const { photo, frames } = await framesOf(await writePhoto(writable(format, [samples])));
      if (format === 'jpeg') {
        expect(photo.hasAlpha).toBe(false);
        expect(Math.min(...frames[0].data.subarray(0, 3))).toBeGreaterThan(240);
        continue;
      }
      expect(photo.hasAlpha).toBe(true);
      expect([frames[0].data[3], frames[0].data[39 * 4 + 3]]).toEqual([0, 255]);
    }
  });

  test.each(['gif', 'webp'] as const)('keeps delays, loops and the count of %s frames', async (format) => {
    const still = gradient(64, 48);
    for (const loop of [0, 1, 4]) {
      // GIF keeps frames that are alike apart; WebP shows one of them longer.
      const scenes = [gradient(64, 48, 1), still, gradient(64, 48, 2), gradient(64, 48, 3)];
      const frames = format === 'gif' ? [...scenes, gradient(64, 48, 3)] : scenes;
      const { photo, frames: read } = await framesOf(await writePhoto(writable(format, frames, loop)));
      expect(photo).toMatchObject({ format, width: 64, height: 48, frameCount: frames.length, loop });
      for (const [i, { delayMs, rgb }] of read.entries()) {
        expect(delayMs).toBe(50 + i * 30);
        expect(difference(rgb, frames[i].data)).toBeLessThan(24);
      }
    }
  });

  test('keeps the pages of a TIFF', async () => {
    const pages = [0, 1, 2, 3].map((seed) => gradient(61, 47, seed));
    const source = await openPhoto(await film(pages).tiff({ compression: 'lzw' }).toBuffer());
    const file = await writePhoto({ ...source, format: 'tiff', frames: source.frames() });
    const { photo, frames } = await framesOf(file);
    expect(photo).toMatchObject({ format: 'tiff', width: 61, height: 47, frameCount: 4 });
    for (const [i, { data }] of frames.entries()) expect(Buffer.from(data).equals(pages[i].data)).toBe(true);
  });

  test('refuses frames that are not what was announced', async () => {
    const [a, b] = [gradient(20, 10), gradient(20, 10, 1)];
    const bad: WritablePhoto[] = [
      { ...writable('png', [a]), width: 21 },
      { ...writable('gif', [a, b]), frameCount: 3 },
      { ...writable('gif', [a, b]), frameCount: 1 },
      { ...writable('png', [a]), hasAlpha: true },
      writable('jpeg', [a, b]),
    ];
    for (const photo of bad) await expect(writePhoto(photo)).rejects.toMatchObject({ code: 'internal' });
    const wide = gradient(16_384, 1);
    await expect(writePhoto(writable('webp', [wide]))).rejects.toMatchObject({ code: 'too-large' });
  });
});
