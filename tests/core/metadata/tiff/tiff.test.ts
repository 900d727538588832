import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { readTiff } from '../../../../src/core/metadata/exif/ifd.ts';
import { tiff } from '../../../../src/core/metadata/tiff/index.ts';
import { directoryBytes, type NewEntry } from '../../../../src/core/metadata/tiff/layout.ts';
import { inspected, pixels, stripped, verified } from '../../../support/photo-format.ts';
import { photoSuite } from '../../../support/photo-suite.ts';
import { pages, picture } from '../../../support/pictures.ts';

/** The same file with further entries in its first directory, which moves to the end. */
async function withEntries(
  bytes: Uint8Array,
  further: readonly NewEntry[],
  drop: readonly number[] = [],
): Promise<Buffer> {
  const structure = (await readTiff(bytesInMemory(bytes)))!;
  const kept = structure.ifds[0].entries
    .filter(({ tag }) => !drop.includes(tag) && !further.some((entry) => entry.tag === tag))
    .map(({ tag, type, count, valueOffset, valueLength }) => ({
      tag,
      type,
      count,
      value: bytes.subarray(valueOffset, valueOffset + valueLength),
    }));
  const entries = [...kept, ...further].sort((a, b) => a.tag - b.tag);
  const offset = bytes.length + (bytes.length % 2);
  const directory = directoryBytes(entries, offset, 0, structure);
  const whole = Buffer.concat([bytes, Buffer.alloc(offset - bytes.length), directory]);
  new DataView(whole.buffer, whole.byteOffset).setUint32(4, offset, structure.littleEndian);
  return whole;
}

/** Tags that describe, point elsewhere, or are private. */
const UNKNOWN = [
  270, 271, 272, 305, 306, 315, 316, 700, 33432, 33723, 34377, 37500, 42112, 45000, 50341, 52545, 65000,
];

photoSuite({
  name: 'tiff',
  format: tiff,
  samples: async () => [
    await picture().tiff({ compression: 'lzw' }).toBuffer(),
    await picture().tiff({ compression: 'none' }).toBuffer(),
    await picture(300, 300)
      .tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 })
      .toBuffer(),
    await picture(60, 60, 4).tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
    await picture(200, 200).tiff({ compression: 'jpeg' }).toBuffer(),
    await picture(64, 64).tiff({ compression: 'lzw', bigtiff: true }).toBuffer(),
    await picture()
      .threshold()
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer(),
    await picture()
      .withMetadata({ orientation: 6 })
      .withIccProfile('p3')
      .tiff({ compression: 'lzw' })
      .toBuffer(),
    await pages(3).tiff({ compression: 'lzw' }).toBuffer(),
  ],
  withUnknown: async (bytes, kind, content) =>
    withEntries(bytes, [
      { tag: UNKNOWN[kind % UNKNOWN.length], type: 7, count: content.length, value: content },
    ]),
  fewestSecrets: 50,
  refused: {},
});

describe('tiff', () => {
  test('bytes after the pixels of an uncompressed strip are cut off', async () => {
    const bytes = await picture().tiff({ compression: 'none' }).toBuffer();
    const clean = (await stripped(tiff, bytes)).bytes;
    const hidden = Buffer.concat([clean, Buffer.from('hidden')]);
    expect((await verified(tiff, hidden)).map(({ reason }) => reason)).toEqual([
      '6 bytes that belong to nothing',
    ]);
    expect((await inspected(tiff, hidden)).map(({ part }) => part)).toContain('unused space');
    expect(Buffer.compare((await stripped(tiff, hidden)).bytes, clean)).toBe(0);
  });

  test('metadata inside JPEG-coded strips is found and dropped', async () => {
    const bytes = await picture(64, 64).tiff({ compression: 'jpeg' }).toBuffer();
    const structure = (await readTiff(bytesInMemory(bytes)))!;
    const entry = (tag: number) => structure.ifds[0].entries.find((candidate) => candidate.tag === tag)!;
    const read = (tag: number) => bytes.readUInt32LE(entry(tag).valueOffset);
    const comment = Buffer.concat([Uint8Array.of(0xff, 0xfe, 0, 8), Buffer.from('hidden')]);
    const start = bytes.readUInt32LE(entry(273).count > 1 ? read(273) : entry(273).valueOffset);
    const length = read(279);
    const strip = bytes.subarray(start, start + length);
    const dirtyStrip = Buffer.concat([strip.subarray(0, 2), comment, strip.subarray(2)]);
    const number = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
    const dirty = await withEntries(Buffer.concat([bytes, Buffer.alloc(bytes.length % 2), dirtyStrip]), [
      { tag: 273, type: 4, count: 1, value: number(bytes.length + (bytes.length % 2)) },
      { tag: 279, type: 4, count: 1, value: number(dirtyStrip.length) },
    ]);
    expect((await inspected(tiff, dirty)).map(({ label }) => label)).toContain(
      'metadata inside JPEG-coded strips',
    );
    const result = await stripped(tiff, dirty);
    expect(Buffer.from(result.bytes).includes('hidden')).toBe(false);
    expect((await pixels(result.bytes)).equals(await pixels(bytes))).toBe(true);
  });

  test('thumbnails go, raw photographs are refused', async () => {
    const bytes = await picture().tiff({ compression: 'lzw' }).toBuffer();
    const subfile = { tag: 254, type: 4, count: 1, value: Uint8Array.of(1, 0, 0, 0) };
    await expect(stripped(tiff, await withEntries(bytes, [subfile]))).rejects.toMatchObject({
      code: 'unsupported',
    });
    const dng = { tag: 50706, type: 1, count: 4, value: Uint8Array.of(1, 4, 0, 0) };
    await expect(stripped(tiff, await withEntries(bytes, [dng]))).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  test('directories that go in circles end', async () => {
    const bytes = Buffer.from(await picture().tiff({ compression: 'lzw' }).toBuffer());
    const { ifds } = (await readTiff(bytesInMemory(bytes)))!;
    bytes.writeUInt32LE(ifds[0].offset, ifds[0].offset + ifds[0].length - 4);
    expect((await verified(tiff, bytes)).map(({ reason }) => reason)).toEqual([
      'IFD[1] repeats a directory already read',
    ]);
    await expect(stripped(tiff, bytes)).rejects.toMatchObject({ code: 'corrupt' });
  });
});
