import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { webp } from '../../../../src/core/metadata/webp/index.ts';
import { stripped, verified } from '../../../support/photo-format.ts';
import { photoSuite } from '../../../support/photo-suite.ts';
import { pages, picture } from '../../../support/pictures.ts';

const UNKNOWN = ['EXIF', 'XMP ', 'C2PA', 'JUNK', 'PSAI', 'abcd', 'LIST', 'ICCP'];

const chunk = (id: string, content: Uint8Array) => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(id), size, content, Buffer.alloc(content.length % 2)]);
};

/** Appends to the end of the RIFF chunk. */
function appended(bytes: Uint8Array, extra: Uint8Array): Buffer {
  const whole = Buffer.concat([bytes, extra]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

const animation = () =>
  pages(3)
    .webp({ loop: 2, delay: [100, 200, 300] })
    .toBuffer();

photoSuite({
  name: 'webp',
  format: webp,
  samples: async () => [
    await picture(60, 60, 4).webp().toBuffer(),
    await picture().webp().toBuffer(),
    await picture().webp({ lossless: true }).toBuffer(),
    await picture(60, 60, 4).webp({ lossless: true }).toBuffer(),
    await picture().withMetadata({ orientation: 8 }).withIccProfile('p3').webp().toBuffer(),
    await animation(),
  ],
  withUnknown: async (bytes, kind, content) =>
    appended(bytes, chunk(UNKNOWN[kind % UNKNOWN.length], content)),
  fewestSecrets: 1000,
  refused: {},
});

describe('webp', () => {
  test('a chunk hidden inside an animation frame is found and dropped', async () => {
    const clean = (await stripped(webp, await animation())).bytes;
    const frame = (await webp.walk(bytesInMemory(clean))).find(({ path }) => path === 'ANMF[2]')!;
    const hidden = chunk('note', Buffer.from('who was there'));
    // The last frame reaches to the end of the file, so its size and the file's grow by as much.
    const dirty = appended(clean, hidden);
    dirty.writeUInt32LE(dirty.readUInt32LE(frame.offset + 4) + hidden.length, frame.offset + 4);
    expect((await verified(webp, dirty)).map(({ part }) => part)).toEqual(['ANMF[2]/note']);
    expect(Buffer.compare((await stripped(webp, dirty)).bytes, clean)).toBe(0);
  });

  test('flags must fit the chunks', async () => {
    const bytes = Buffer.from((await stripped(webp, await animation())).bytes);
    bytes[20] |= 0x08;
    expect((await verified(webp, bytes)).map(({ reason }) => reason).join()).toContain('flags');
  });

  test('a file made of nothing but headers is judged at once', async () => {
    const headers = Buffer.alloc(12 * 100_000, 'RIFF\x04\0\0\0WEBP', 'latin1');
    const start = performance.now();
    expect(await verified(webp, headers)).not.toEqual([]);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('a second picture that no decoder shows is a violation', async () => {
    const bytes = await picture().webp().toBuffer();
    const twice = appended(bytes, bytes.subarray(12));
    expect(await verified(webp, twice)).not.toEqual([]);
    await expect(stripped(webp, twice)).rejects.toMatchObject({ code: 'corrupt' });
  });

  // Found by fuzzing: a turn was read in a list, where no decoder looks, and written where all do.
  test('chunks in a list or in a second file are dropped and have no say', async () => {
    const turned = await picture().withMetadata({ orientation: 6 }).webp().toBuffer();
    const upright = await picture().withMetadata({ orientation: 1 }).webp().toBuffer();
    const exifOf = (file: Buffer) => file.subarray(file.indexOf('EXIF', 0, 'latin1'));
    const head = upright.subarray(0, upright.length - exifOf(upright).length);
    const inList = appended(head, chunk('LIST', Buffer.concat([Buffer.from('hdrl'), exifOf(turned)])));
    const clean = (await stripped(webp, head)).bytes;
    for (const dirty of [inList, Buffer.concat([head, turned])]) {
      expect(await verified(webp, dirty)).not.toEqual([]);
      expect(Buffer.compare((await stripped(webp, dirty)).bytes, clean)).toBe(0);
    }
    expect(Buffer.compare((await stripped(webp, appended(head, exifOf(turned)))).bytes, clean)).not.toBe(0);
  });
});
