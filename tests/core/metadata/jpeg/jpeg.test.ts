import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { jpeg } from '../../../../src/core/metadata/jpeg/index.ts';
import { inspected, pixels, stripped, verified } from '../../../support/photo-format.ts';
import { photoSuite } from '../../../support/photo-suite.ts';
import { picture } from '../../../support/pictures.ts';

const segment = (marker: number, content: Uint8Array | string) => {
  const data = Buffer.from(content as string, 'latin1');
  const length = data.length + 2;
  return Buffer.concat([Uint8Array.of(0xff, marker, length >> 8, length), data]);
};
const afterStart = (bytes: Uint8Array, ...inserted: Uint8Array[]) =>
  Buffer.concat([bytes.subarray(0, 2), ...inserted, bytes.subarray(2)]);

/** Markers of application data, comments and extensions. */
const UNKNOWN = [0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe9, 0xea, 0xeb, 0xed, 0xef, 0xf0, 0xfd, 0xfe];

photoSuite({
  name: 'jpeg',
  format: jpeg,
  samples: () =>
    Promise.all([
      picture().jpeg().toBuffer(),
      picture(200, 120).jpeg({ progressive: true, quality: 92 }).toBuffer(),
      picture().grayscale().jpeg().toBuffer(),
      picture().toColourspace('cmyk').jpeg().toBuffer(),
      picture().withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg().toBuffer(),
      picture().jpeg({ mozjpeg: true }).toBuffer(),
    ]),
  withUnknown: async (bytes, kind, content) =>
    afterStart(bytes, segment(UNKNOWN[kind % UNKNOWN.length], content)),
  fewestSecrets: 1000,
  refused: {
    // A table and no scan; a picture without data before its video.
    'exiv2__table.jpg': 'refused: corrupt',
    'nom-exif__motion_photo_pixel_synth.jpg': 'refused: corrupt',
  },
});

describe('jpeg', () => {
  const plain = () => picture().jpeg().toBuffer();

  test('orientation stays, as the only thing in its EXIF block', async () => {
    const turned = await picture()
      .withExif({ IFD0: { Artist: 'Neda' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { bytes, notes } = await stripped(jpeg, turned);
    expect(notes.join()).toContain('orientation (6)');
    expect(Buffer.from(bytes).includes('Exif\0\0')).toBe(true);
    expect(Buffer.from(bytes).includes('Neda')).toBe(false);
  });

  test('further pictures, videos and anything else after the end are named and dropped', async () => {
    const first = await plain();
    const video = Buffer.concat([
      Uint8Array.of(0, 0, 0, 16),
      Buffer.from('ftypmp42\0\0\0\0'),
      Uint8Array.of(0, 0, 0, 9),
      Buffer.from('mdatX'),
    ]);
    const whole = Buffer.concat([first, first, video, Buffer.from('left over')]);
    const labels = (await inspected(jpeg, whole)).map(({ betrays, part }) => `${betrays} ${part}`);
    expect(labels).toContain('other-pictures after the end/picture');
    expect(labels).toContain('other-pictures after the end/video');
    expect(labels).toContain('unknown after the end/other');
    expect((await verified(jpeg, whole)).map(({ part }) => part)).toContain('after the end/video');
    expect((await stripped(jpeg, whole)).bytes).toEqual((await stripped(jpeg, first)).bytes);
  });

  test('thumbnails are found wherever they are', async () => {
    const jfif = Buffer.concat([Buffer.from('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9)]);
    const photoshop = Buffer.concat([
      Buffer.from('Photoshop 3.0\x008BIM\x04\x0c\0\0\0\0\0\x04', 'latin1'),
      Uint8Array.of(1, 2, 3, 4),
    ]);
    const dirty = afterStart(
      await plain(),
      segment(0xe0, jfif),
      segment(0xe0, 'JFXX\0\x10'),
      segment(0xed, photoshop),
    );
    const labels = (await inspected(jpeg, dirty)).map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining(['thumbnail (JFIF)', 'thumbnail (JFIF extension)', 'thumbnail (Photoshop)']),
    );
  });

  test('quantisation tables of a camera are named, and the note says that stripping keeps them', async () => {
    const bytes = Buffer.from(await plain());
    const table = bytes.indexOf(Uint8Array.of(0xff, 0xdb)) + 5;
    bytes[table + 20] += 1;
    expect((await inspected(jpeg, bytes)).map(({ label }) => label).join()).toContain('quantisation tables');
    expect((await stripped(jpeg, bytes)).notes.join()).toContain('quantisation tables');
    expect((await pixels((await stripped(jpeg, bytes)).bytes)).equals(await pixels(bytes))).toBe(true);
  });

  test('a CMYK picture keeps how its colours are coded', async () => {
    const cmyk = await picture().toColourspace('cmyk').jpeg().toBuffer();
    const names = (await jpeg.walk(bytesInMemory((await stripped(jpeg, cmyk)).bytes))).map(
      ({ path }) => path,
    );
    expect(names).toContain('APP14');
  });

  test('bytes behind the last block of a scan are told and go, with any sampling and restart markers', async () => {
    const HIDDEN = Buffer.from('Neda was here');
    const made = [
      await plain(),
      await picture(75, 53).jpeg({ chromaSubsampling: '4:4:4', quality: 97 }).toBuffer(),
      await picture(131, 17).jpeg({ quality: 20, optimiseCoding: true }).toBuffer(),
      await picture().grayscale().jpeg().toBuffer(),
      await picture().toColourspace('cmyk').jpeg().toBuffer(),
      withRestarts(),
    ];
    for (const bytes of made) {
      expect((await verified(jpeg, bytes)).filter(({ part }) => part === 'scan')).toEqual([]);
      const end = bytes.length - 2;
      const dirty = Buffer.concat([bytes.subarray(0, end), HIDDEN, bytes.subarray(end)]);
      expect((await verified(jpeg, dirty)).map(({ reason }) => reason).join()).toContain('13 bytes behind');
      expect((await inspected(jpeg, dirty)).map(({ label }) => label).join()).toContain('13 bytes behind');
      const result = await stripped(jpeg, dirty);
      expect(Buffer.compare(result.bytes, (await stripped(jpeg, bytes)).bytes)).toBe(0);
      expect(result.notes.join()).toContain('hidden');
    }
    // Found by mutants: of a picture that claims no width, all was taken for such bytes.
    const bytes = Buffer.from(await plain());
    const frame = bytes.indexOf(Buffer.of(0xff, 0xc0));
    bytes.writeUInt16BE(0, frame + 7);
    expect(await verified(jpeg, (await stripped(jpeg, bytes)).bytes)).toEqual([]);
  });
});

/** FFmpeg's encoder writes one slice for each thread, and restart markers between them. */
function withRestarts(): Buffer {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96', '-frames:v', '1', '-bitexact'];
  const coded = ['-c:v', 'mjpeg', '-threads', '1', '-slices', '6', '-f', 'mjpeg', '-'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', ...source, ...coded]);
  expect(bytes.includes(Buffer.of(0xff, 0xd0))).toBe(true);
  return bytes;
}
