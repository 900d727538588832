import { deflateSync, gzipSync } from 'node:zlib';
import plainSharp from 'sharp';
import { expect, it } from 'vitest';
import { chunkBytes } from '../../../../src/core/metadata/png/chunks.ts';
import { openPhoto } from '../../../../src/node/media/photo/open-photo.ts';
import { plainPng } from '../../../../src/node/media/photo/plain-png.ts';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">' +
  '<rect width="64" height="64" fill="red"/><image xlink:href="file:///etc/hostname" width="9" height="9"/></svg>';
const MSL = '<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="out.png"/></image>';

it.each([
  ['a drawing', SVG],
  ['a drawing behind a declaration', `<?xml version="1.0" encoding="UTF-8"?>\n<!-- a photo -->\n${SVG}`],
  ['a packed drawing', gzipSync(SVG)],
  ['a script of ImageMagick', MSL],
  ['a vector drawing of ImageMagick', "push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x.jpg'\n"],
  ['PostScript', '%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n'],
])('%s handed over as a photo is refused before a reader sees it', async (_, content) => {
  await expect(openPhoto(Buffer.from(content as string))).rejects.toMatchObject({
    code: expect.stringMatching(/^(unrecognised|unsupported)$/),
  });
});

it('behind the first bytes of a photo it is no drawing either', async () => {
  for (const start of ['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'GIF89a', 'II*\0', 'RIFF\0\0\0\0WEBPVP8 ']) {
    const file = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.from(SVG)]);
    const frames = async () => {
      for await (const _ of (await openPhoto(file)).frames()) throw new Error('a picture came out');
    };
    await expect(frames(), start).rejects.toMatchObject({ name: 'SayehError' });
  }
});

it('a PNG with very many packed texts costs no memory for them, and loses no pixel or colour', async () => {
  const samples = { create: { width: 64, height: 48, channels: 3, background: '#c04020' } } as const;
  const plain = await plainSharp(samples).withIccProfile('p3').png().toBuffer();
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(7_900_000, 'a'))]);
  const texts = Array.from({ length: 60 }, () => chunkBytes('zTXt', text));
  const [head, rest] = [plain.subarray(0, 33), plain.subarray(33)];
  const bomb = Buffer.concat([head, ...texts, rest.subarray(0, -12), ...texts, rest.subarray(-12)]);

  const decoded = async (file: Uint8Array) => {
    const pieces: Uint8Array[] = [];
    for await (const { data } of (await openPhoto(file)).frames()) pieces.push(data);
    return Buffer.concat(pieces);
  };
  // What libvips sees of it: nothing but the picture.
  const shown = await plainSharp(plainPng(bomb)).metadata();
  expect(shown).toMatchObject({ width: 64, height: 48 });
  expect(shown.icc).toBeDefined();
  expect(shown.comments).toBeUndefined();
  expect(plainPng(bomb).length).toBeLessThanOrEqual(plain.length);
  expect(await decoded(bomb)).toEqual(await decoded(plain));
});

it('an AVIF or HEIF that claims a picture over the limit is refused before a decoder sees it', async () => {
  const samples = { create: { width: 64, height: 48, channels: 3, background: 'red' } } as const;
  const avif = await plainSharp(samples).avif({ effort: 0 }).toBuffer();
  const heif = Buffer.from(avif);
  for (let at = heif.indexOf('avif'); at >= 0 && at < 40; at = heif.indexOf('avif', at))
    heif.write('mif1', at);
  for (const file of [avif, heif]) {
    await expect(openPhoto(file)).resolves.toMatchObject({ width: 64, height: 48 });
    const at = file.indexOf('ispe') + 8;
    file.writeUInt32BE(0x7fffffff, at);
    await expect(openPhoto(file)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('2147483647x48'),
    });
  }
});

it('libvips has no reader left for types that Sayeh does not take', async () => {
  const samples = { create: { width: 8, height: 8, channels: 3, background: 'red' } } as const;
  for (const type of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
    const coded = await plainSharp(samples).toFormat(type).toBuffer();
    await expect(plainSharp(coded).metadata(), type).resolves.toMatchObject({ width: 8 });
  }
  await expect(plainSharp(Buffer.from(SVG)).metadata()).rejects.toThrow('unsupported image format');
});
