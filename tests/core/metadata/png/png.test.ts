import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { chunkBytes, readChunks } from '../../../../src/core/metadata/png/chunks.ts';
import { png } from '../../../../src/core/metadata/png/index.ts';
import { zlibExtent } from '../../../../src/core/metadata/still/zlib-end.ts';
import { inspected, pixels, stripped, verified } from '../../../support/photo-format.ts';
import { photoSuite } from '../../../support/photo-suite.ts';
import { picture } from '../../../support/pictures.ts';

const AFTER_IHDR = 33;
const afterHeader = (bytes: Uint8Array, ...inserted: Uint8Array[]) =>
  Buffer.concat([bytes.subarray(0, AFTER_IHDR), ...inserted, bytes.subarray(AFTER_IHDR)]);

/** Types that decoders may skip. */
const UNKNOWN = [
  'tEXt',
  'zTXt',
  'iTXt',
  'tIME',
  'eXIf',
  'caBX',
  'prVt',
  'teSt',
  'npOl',
  'sPLT',
  'zxIf',
  'gIFx',
  'pHYs',
];

/** The picture twice, as an animation of two frames. */
async function animated(): Promise<Buffer> {
  const still = await picture(16, 12).png().toBuffer();
  const chunks = await readChunks(bytesInMemory(still));
  const data = Buffer.concat(
    chunks
      .filter(({ name }) => name === 'IDAT')
      .map((c) => still.subarray(c.dataOffset, c.dataOffset + c.dataLength)),
  );
  const number = (value: number) => Uint8Array.of(0, 0, 0, value);
  const control = (n: number) =>
    chunkBytes(
      'fcTL',
      Buffer.concat([
        number(n),
        number(16),
        number(12),
        number(0),
        number(0),
        Uint8Array.of(0, 1, 0, 10, 0, 0),
      ]),
    );
  return Buffer.concat([
    still.subarray(0, AFTER_IHDR),
    chunkBytes('acTL', Buffer.concat([number(2), number(0)])),
    control(0),
    chunkBytes('IDAT', data),
    control(1),
    chunkBytes('fdAT', Buffer.concat([number(2), data])),
    chunkBytes('IEND', new Uint8Array()),
  ]);
}

photoSuite({
  name: 'png',
  format: png,
  samples: async () => [
    await picture().png().toBuffer(),
    await picture(60, 60, 4).png({ progressive: true }).toBuffer(),
    await picture().png({ palette: true }).toBuffer(),
    await picture().toColourspace('rgb16').png().toBuffer(),
    await picture().withMetadata({ orientation: 3 }).withIccProfile('p3').png().toBuffer(),
    await animated(),
  ],
  withUnknown: async (bytes, kind, content) =>
    afterHeader(bytes, chunkBytes(UNKNOWN[kind % UNKNOWN.length], content)),
  fewestSecrets: 1000,
  refused: {
    // Made for tests of EXIF readers: the header's checksum is wrong.
    'nom-exif__exif-legacy-app1.png': 'refused: corrupt',
    'nom-exif__exif-legacy.png': 'refused: corrupt',
    'nom-exif__exif.png': 'refused: corrupt',
  },
});

describe('png', () => {
  test('what was cropped away and left after the end is named and dropped', async () => {
    const small = await picture(20, 20).png().toBuffer();
    const large = await picture().png().toBuffer();
    const cropped = Buffer.concat([small, large.subarray(small.length)]);
    expect((await inspected(png, cropped)).map(({ part }) => part)).toContain('after the end');
    expect((await stripped(png, cropped)).bytes).toEqual((await stripped(png, small)).bytes);
  });

  test('frames that no player shows are a violation', async () => {
    const bytes = await animated();
    const chunks = await readChunks(bytesInMemory(bytes));
    const control = chunks.find(({ name }) => name === 'acTL')!;
    const without = Buffer.concat([
      bytes.subarray(0, control.offset),
      bytes.subarray(control.offset + control.length),
    ]);
    expect(await verified(png, without)).toEqual([{ part: 'IDAT', reason: 'frames without an animation' }]);
    expect(await verified(png, (await stripped(png, without)).bytes)).toEqual([]);
  });

  test('a wrong checksum is a violation and refused', async () => {
    const bytes = Buffer.from((await stripped(png, await picture().png().toBuffer())).bytes);
    bytes[bytes.length - 20] ^= 1;
    expect((await verified(png, bytes)).map(({ reason }) => reason).join()).toContain('checksum');
    await expect(stripped(png, bytes)).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('a chunk that decoding needs and nobody knows is refused', async () => {
    const bytes = afterHeader(
      await picture().png().toBuffer(),
      chunkBytes('CgBI', Uint8Array.of(80, 0, 32, 2)),
    );
    await expect(stripped(png, bytes)).rejects.toMatchObject({ code: 'unsupported' });
  });

  describe('behind the end of the coded picture', () => {
    const HIDDEN = Buffer.from('Neda was here');
    /** The picture with its data in pieces of `size` bytes, changed in some way before. */
    async function recoded(change: (data: Buffer) => Buffer, size = 100): Promise<Buffer> {
      const bytes = await picture().png().toBuffer();
      const chunks = await readChunks(bytesInMemory(bytes));
      const own = chunks.filter(({ name }) => name === 'IDAT');
      const data = change(
        Buffer.concat(own.map((c) => bytes.subarray(c.dataOffset, c.dataOffset + c.dataLength))),
      );
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < data.length; at += size)
        pieces.push(chunkBytes('IDAT', data.subarray(at, at + size)));
      const last = own[own.length - 1];
      return Buffer.concat([
        bytes.subarray(0, own[0].offset),
        ...pieces,
        bytes.subarray(last.offset + last.length),
      ]);
    }

    test.each([1, 7, 100, 100_000])('bytes after the zlib stream go (chunks of %i)', async (size) => {
      const clean = await recoded((data) => data, size);
      const dirty = await recoded((data) => Buffer.concat([data, HIDDEN]), size);
      expect((await verified(png, clean)).filter(({ part }) => part.startsWith('IDAT'))).toEqual([]);
      expect((await verified(png, dirty)).map(({ reason }) => reason).join()).toContain('13 bytes after');
      expect((await inspected(png, dirty)).map(({ label }) => label).join()).toContain('13 bytes after');
      const { bytes, notes } = await stripped(png, dirty);
      expect(Buffer.from(bytes).includes(HIDDEN)).toBe(false);
      expect(notes.join()).toContain('hidden after the end');
      expect(await verified(png, bytes)).toEqual([]);
      expect((await pixels(bytes)).equals(await pixels(clean))).toBe(true);
    });

    test('more rows than the picture has, or a stream that is damaged: refused', async () => {
      const surplus = await recoded((data) => deflateSync(Buffer.concat([inflateSync(data), HIDDEN])));
      expect((await verified(png, surplus)).map(({ reason }) => reason).join()).toContain('13 bytes more');
      await expect(stripped(png, surplus)).rejects.toMatchObject({ code: 'unsupported' });
      const damaged = await recoded((data) => Buffer.concat([data.subarray(0, data.length >> 1), HIDDEN]));
      expect(await verified(png, damaged)).not.toEqual([]);
      await expect(stripped(png, damaged)).rejects.toMatchObject({ code: 'corrupt' });
      // Found by mutants: with another chunk first, the header went unseen, and with it the picture.
      const late = Buffer.concat([
        damaged.subarray(0, 8),
        chunkBytes('teSt', new Uint8Array(3)),
        damaged.subarray(8),
      ]);
      await expect(stripped(png, late)).rejects.toMatchObject({ code: 'corrupt' });
    });
  });

  test('the end of a zlib stream is found, however it was coded and cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 5000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(9),
        fc.nat(4),
        fc.integer({ min: 1, max: 3000 }),
        async (pattern, times, level, strategy, size) => {
          const raw = Buffer.concat(Array.from({ length: times }, () => pattern));
          const coded = deflateSync(raw, { level, strategy });
          const inPieces = (bytes: Buffer) => {
            let at = 0;
            return async () => {
              at += size;
              return bytes.subarray(at - size, at);
            };
          };
          const found = await zlibExtent(inPieces(Buffer.concat([coded, pattern])));
          expect(found).toEqual({ length: coded.length, produced: raw.length });
          expect(await zlibExtent(inPieces(coded.subarray(0, -1)))).toBeUndefined();
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });

  test('very many packed texts cost no more than a few', async () => {
    const bomb = chunkBytes(
      'zTXt',
      Buffer.concat([Buffer.from('Author\0\0'), deflateSync(Buffer.alloc(8 << 20, 'a'))]),
    );
    const count = 200;
    const bytes = afterHeader(await picture().png().toBuffer(), ...Array.from({ length: count }, () => bomb));
    const texts = (await inspected(png, bytes)).filter(({ label }) => label.includes('PNG text'));
    expect(texts).toHaveLength(count);
    const unread = texts.filter(({ label }) => label.includes('too much'));
    // 64 MiB for the file, 4 MiB for a text: those that are not read are named all the same.
    expect(unread).toHaveLength(count - 16);
    for (const { value } of unread) expect(value).toBe('Author');
    expect(await verified(png, bytes)).not.toEqual([]);
    expect((await stripped(png, bytes)).bytes.length).toBeLessThan(100_000);
  });
});
