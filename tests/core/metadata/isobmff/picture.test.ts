import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { SayehError } from '../../../../src/core/errors.ts';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { avif, heif } from '../../../../src/core/metadata/isobmff/index.ts';
import { tellingTags } from '../../../support/exiftool-film.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../../../support/shared.ts';
import { contains, exiftool, readBytes, strip, workFolder } from './helpers.ts';

interface HeifImage {
  get_width(): number;
  get_height(): number;
  display(empty: Pixels, done: (shown: Pixels | null) => void): void;
}
interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
const libheif = createRequire(import.meta.url)('libheif-js/wasm-bundle.js') as {
  HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] };
};

const folder = workFolder();
const dirty = path.join(folder, 'dirty.avif');
const SECRET = 'Nasrin-1401-Sanandaj';

beforeAll(async () => {
  const raw = {
    width: 96,
    height: 64,
    channels: 4 as const,
    background: { r: 190, g: 60, b: 7, alpha: 0.5 },
  };
  await sharp({ create: raw })
    .withExifMerge({ IFD0: { Artist: SECRET }, IFD3: { GPSLatitude: '35/1 41/1 21/1', GPSLatitudeRef: 'N' } })
    .withIccProfile('p3')
    .avif()
    .toFile(dirty);
  exiftool(`-XMP-dc:Creator=${SECRET}`, `-XMP-photoshop:City=${SECRET}`, dirty);
});

/** The pixels that a decoder of another house makes of a file. */
async function pixels(bytes: Uint8Array): Promise<Buffer> {
  const [image] = new libheif.HeifDecoder().decode(bytes);
  const [width, height] = [image.get_width(), image.get_height()];
  const empty = { data: new Uint8ClampedArray(width * height * 4), width, height };
  return new Promise((resolve, reject) =>
    image.display(empty, (shown) =>
      shown ? resolve(Buffer.from(shown.data)) : reject(new Error('libheif cannot decode this')),
    ),
  );
}

test('read: what was planted is found', async () => {
  const findings = await avif.inspect(bytesInMemory(readBytes(dirty)));
  expect(findings.some(({ betrays, value }) => betrays === 'who' && value?.includes(SECRET))).toBe(true);
  expect(findings.some(({ betrays, label }) => betrays === 'where' && label.includes('GPS'))).toBe(true);
  expect(findings.some(({ label }) => label.includes('XMP'))).toBe(true);
});

test('clean: nothing planted is left, every pixel is', async () => {
  const before = readBytes(dirty);
  expect(contains(before, SECRET)).toBe(true);
  const { bytes, result } = await strip(avif, before);
  expect(contains(bytes, SECRET)).toBe(false);
  expect(result.removed.some(({ path: part }) => part.startsWith('mdat/item'))).toBe(true);
  expect(await avif.verify(bytesInMemory(bytes))).toEqual([]);
  expect(await avif.inspect(bytesInMemory(bytes))).toEqual([]);
  expect((await sharp(bytes).metadata()).hasAlpha).toBe(true);
  expect((await strip(avif, bytes)).bytes).toEqual(bytes);
});

test('a picture that sharp writes without metadata is clean', async () => {
  const source = bytesInMemory(new Uint8Array(await sharp(dirty).avif().toBuffer()));
  expect(await avif.verify(source)).toEqual([]);
});

test.each([
  ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 20)],
  ['cut in the index', (bytes: Uint8Array) => bytes.subarray(0, 200)],
  ['empty', () => new Uint8Array()],
])('corrupt: %s', async (_, damage) => {
  const damaged = damage(new Uint8Array(await sharp(dirty).avif().toBuffer()));
  expect((await avif.verify(bytesInMemory(damaged))).length).toBeGreaterThan(0);
  await expect(strip(avif, damaged)).rejects.toMatchObject({ code: 'corrupt' });
});

// Found by fuzzing: a decoder passes over odd flags, while the size was left out and the new file showed nothing.
describe('damaged properties', () => {
  const made = readBytes(path.join(import.meta.dirname, '../../../fuzz/corpus/grid.heic'));
  /** The first property of a kind, `change`d where its content begins. */
  const injured = (type: string, change: (content: Buffer) => void) => {
    const bytes = Buffer.from(made);
    change(bytes.subarray(bytes.indexOf(type, 0, 'latin1') + 4));
    return new Uint8Array(bytes);
  };

  test.each(['ispe', 'pixi'])('flags of %s that mean nothing are written as none', async (type) => {
    const odd = injured(type, (content) => content.writeUIntBE(0x2f2, 1, 3));
    const { bytes } = await strip(heif, odd);
    expect(await heif.verify(bytesInMemory(bytes))).toEqual([]);
    expect(bytes).toEqual((await strip(heif, made)).bytes);
    expect((await pixels(bytes)).equals(await pixels(odd))).toBe(true);
  });

  test('a size of a version that nobody knows is refused', async () => {
    const odd = injured('ispe', (content) => content.writeUInt8(3));
    await expect(strip(heif, odd)).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe.skipIf(!hasShared)(`the pictures of the shared set${sharedNote}`, () => {
  const files = hasShared
    ? ['metadata/heic', 'metadata/heif', 'metadata/avif', 'metadata/mp4'].flatMap((each) =>
        filesBelow(path.join(SHARED, 'data', each))
          .filter((file) => /\.(heic|heif|hif|avif)$/i.test(file))
          .map((file) => path.join(SHARED, 'data', each, file)),
      )
    : [];
  /** An index without its picture, a damaged one, and sequences. */
  const REFUSED = /exiftool__QuickTime|IllegalArgument|animated/;
  /** libheif-js decodes HEVC only; sharp decodes AV1 only. */
  const AV1 = /\.avif$/;

  test.each(files)('%s', async (file) => {
    const bytes = readBytes(file);
    const parts = await heif.walk(bytesInMemory(bytes));
    expect(parts.reduce((end, part) => (part.offset === end ? end + part.length : Number.NaN), 0)).toBe(
      bytes.length,
    );
    if (REFUSED.test(file)) {
      await expect(strip(heif, bytes)).rejects.toBeInstanceOf(SayehError);
      return;
    }
    const stripped = await strip(heif, bytes);
    expect(await heif.verify(bytesInMemory(stripped.bytes))).toEqual([]);
    expect(await heif.inspect(bytesInMemory(stripped.bytes))).toEqual([]);
    const clean = path.join(folder, path.basename(file));
    fs.writeFileSync(clean, stripped.bytes);
    expect(tellingTags(clean)).toEqual({});
    if (AV1.test(file)) {
      // Taken to sRGB by the decoder: a minimal profile may round by a step.
      const [before, after] = [
        await sharp(file).raw().toBuffer(),
        await sharp(stripped.bytes).raw().toBuffer(),
      ];
      expect(after.length).toBe(before.length);
      expect(
        before.reduce((most, value, i) => Math.max(most, Math.abs(value - after[i])), 0),
      ).toBeLessThanOrEqual(3);
    } else expect((await pixels(stripped.bytes)).equals(await pixels(bytes))).toBe(true);
  });

  test('the video of a motion photo and the trailer after it are found and go', async () => {
    const bytes = readBytes(path.join(SHARED, 'data/metadata/heic/test-assets__samsung-one-ui-6.heic'));
    const labels = (await heif.inspect(bytesInMemory(bytes))).map(({ label }) => label).join();
    expect(labels).toMatch(/motion photo/);
    expect(labels).toMatch(/Samsung's trailer/);
    const stripped = await strip(heif, bytes);
    expect(stripped.result.removed.map(({ path: part }) => part)).toEqual(
      expect.arrayContaining(['mpvd', 'sefd']),
    );
    expect(contains(stripped.bytes, 'MotionPhoto')).toBe(false);
  });
});
