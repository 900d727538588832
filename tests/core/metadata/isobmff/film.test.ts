import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SayehError } from '../../../../src/core/errors.ts';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { mov, mp4 } from '../../../../src/core/metadata/isobmff/index.ts';
import { dropUserData } from '../../../../src/node/media/video/drop-user-data.ts';
import { tellingTags } from '../../../support/exiftool-film.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../../../support/shared.ts';
import {
  BITEXACT,
  contains,
  exiftool,
  ffmpeg,
  ffprobe,
  frames,
  packets,
  readBytes,
  SOURCE,
  strip,
  workFolder,
} from './helpers.ts';

const folder = workFolder();
const at = (name: string) => path.join(folder, name);
const SECRET = 'Nasrin-1401-Sanandaj';

/** Films by every coder, the first of them with all that can be planted. */
const CODERS: Readonly<Record<string, readonly string[]>> = {
  h264: ['-c:v', 'libx264'],
  h265: ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'],
  av1: ['-c:v', 'libaom-av1', '-cpu-used', '8', '-t', '0.5'],
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'],
};

beforeAll(() => {
  for (const [name, coder] of Object.entries(CODERS))
    ffmpeg(...SOURCE, '-c:a', 'aac', ...coder, at(`${name}.mp4`));
  plantEverything();
});

/** Tags, keys, chapters, subtitles, a cover, a time code, XMP, dates, and names of tracks. */
function plantEverything(): void {
  fs.writeFileSync(at('subtitle.srt'), `1\n00:00:00,000 --> 00:00:01,500\nGPS(51.3890,35.6892) ${SECRET}\n`);
  fs.writeFileSync(
    at('tags.txt'),
    `;FFMETADATA1\ntitle=${SECRET}\nartist=${SECRET}\nlocation=+35.6892+051.3890/\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=${SECRET}\n`,
  );
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1', at('cover.png'));
  const inputs = ['h264.mp4', 'subtitle.srt', 'tags.txt', 'cover.png'].flatMap((name) => ['-i', at(name)]);
  const streams = [
    '-map',
    '0:v',
    '-map',
    '0:a',
    '-map',
    '1',
    '-map',
    '3',
    '-map_metadata',
    '2',
    '-map_chapters',
    '2',
  ];
  const tags = [
    '-metadata',
    `comment=${SECRET}`,
    '-metadata:s:v:0',
    `handler_name=${SECRET}`,
    '-metadata:s:a:0',
    'language=kur',
  ];
  const time = ['-metadata', 'creation_time=2022-10-26T12:00:00Z'];
  ffmpeg(
    ...inputs,
    ...streams,
    ...tags,
    ...time,
    '-c',
    'copy',
    '-c:s',
    'mov_text',
    '-disposition:v:1',
    'attached_pic',
    at('planted.mp4'),
  );
  exiftool(
    `-Keys:Author=${SECRET}`,
    `-ItemList:Title=${SECRET}`,
    `-UserData:Comment=${SECRET}`,
    `-XMP-dc:Creator=${SECRET}`,
    '-Keys:GPSCoordinates=35.6892, 51.3890',
    '-QuickTime:CreateDate=2022:10:26 12:00:00',
    at('planted.mp4'),
  );
  ffmpeg(
    '-i',
    at('h264.mp4'),
    '-c',
    'copy',
    '-timecode',
    '12:34:56:00',
    '-metadata',
    `title=${SECRET}`,
    '-movflags',
    'use_metadata_tags',
    '-metadata',
    `com.apple.quicktime.model=${SECRET}`,
    at('planted.mov'),
  );
}

async function stripFile(name: string): Promise<string> {
  const { bytes } = await strip(mp4, readBytes(at(name)));
  const clean = at(`clean-${name}.mp4`);
  fs.writeFileSync(clean, bytes);
  return clean;
}

describe('read', () => {
  test('what was planted is found, by kind and value', async () => {
    const findings = await mp4.inspect(bytesInMemory(readBytes(at('planted.mp4'))));
    const found = (betrays: string, label: RegExp) =>
      findings.filter((each) => each.betrays === betrays && label.test(each.label));
    expect(found('who', /name|title/).some(({ value }) => value?.includes(SECRET))).toBe(true);
    expect(
      found('where', /position$/)
        .map(({ value }) => value)
        .join(),
    ).toMatch(/35\.689/);
    expect(found('where', /subtitles/)[0].value).toContain(SECRET);
    expect(found('when', /time of recording/)[0].value).toBe('2022-10-26 12:00:00');
    expect(found('who', /language/)[0].value).toBe('kur');
    expect(found('edited', /XMP/)).not.toEqual([]);
    expect(found('edited', /chapters/)).not.toEqual([]);
    expect(found('other-pictures', /cover/)).not.toEqual([]);
    expect(found('device', /signature/)[0].value).toContain('x264 - core');
    const quickTime = await mov.inspect(bytesInMemory(readBytes(at('planted.mov'))));
    expect(quickTime.some(({ label }) => label === 'track: time code')).toBe(true);
    expect(quickTime.some(({ value }) => value === SECRET)).toBe(true);
  });

  test.each(['h264', 'h265', 'av1', 'vp9'])('%s as the pipeline writes it is clean', async (name) => {
    const filter = {
      h264: ['-bsf:v', 'filter_units=remove_types=6'],
      h265: ['-x265-params', 'log-level=none:info=0'],
    };
    const file = at(`bitexact-${name}.mp4`);
    ffmpeg(...SOURCE, ...BITEXACT, ...CODERS[name], ...(filter[name as 'h264'] ?? []), file);
    await dropUserData(file);
    const source = bytesInMemory(readBytes(file));
    expect(await mp4.verify(source)).toEqual([]);
    expect(await mp4.inspect(source)).toEqual([]);
  });
});

describe('clean', () => {
  test.each(['planted.mp4', 'planted.mov'])('%s: nothing planted is left, every frame is', async (name) => {
    expect(contains(readBytes(at(name)), SECRET)).toBe(true);
    const clean = await stripFile(name);
    const bytes = readBytes(clean);
    expect(contains(bytes, SECRET)).toBe(false);
    expect(await mp4.verify(bytesInMemory(bytes))).toEqual([]);
    expect(await mp4.inspect(bytesInMemory(bytes))).toEqual([]);
    expect(frames(clean, 'v')).toEqual(frames(at(name), 'v'));
    expect(frames(clean, 'a')).toEqual(frames(at(name), 'a'));
    expect(tellingTags(clean)).toEqual({});

    const probed = ffprobe('-show_streams', '-show_format', '-show_chapters', clean);
    expect(probed.streams.map(({ codec_type }: { codec_type: string }) => codec_type)).toEqual([
      'video',
      'audio',
    ]);
    expect(probed.chapters).toEqual([]);
    expect(Object.keys(probed.format.tags).sort()).toEqual([
      'compatible_brands',
      'major_brand',
      'minor_version',
    ]);
    for (const { tags } of probed.streams)
      expect(tags).toEqual({
        language: 'und',
        handler_name: expect.stringMatching(/^(Video|Sound)Handler$/),
        vendor_id: '[0][0][0][0]',
      });
  });

  test.each(Object.keys(CODERS))('%s: the same coded packets, apart from messages', async (name) => {
    const dirty = at(`${name}.mp4`);
    const clean = await stripFile(`${name}.mp4`);
    expect(await mp4.verify(bytesInMemory(readBytes(clean)))).toEqual([]);
    expect(frames(clean, 'v')).toEqual(frames(dirty, 'v'));
    // x264 signs the first packet, FFmpeg's AAC coder the first block.
    expect(packets(clean, 'v').slice(1)).toEqual(packets(dirty, 'v').slice(1));
    expect(packets(clean, 'a').slice(1)).toEqual(packets(dirty, 'a').slice(1));
    if (name === 'vp9') expect(packets(clean, 'v')).toEqual(packets(dirty, 'v'));
  });

  test('stripping what is stripped changes nothing', async () => {
    const once = readBytes(await stripFile('planted.mp4'));
    const { bytes, result } = await strip(mp4, once);
    expect(Buffer.from(bytes).equals(once)).toBe(true);
    expect(result).toEqual({ removed: [], notes: [] });
  });

  test('fragments become one film', async () => {
    ffmpeg(
      '-i',
      at('h264.mp4'),
      '-c',
      'copy',
      '-movflags',
      '+frag_keyframe+empty_moov+default_base_moof',
      at('fragmented.mp4'),
    );
    const clean = await stripFile('fragmented.mp4');
    expect(await mp4.verify(bytesInMemory(readBytes(clean)))).toEqual([]);
    expect(frames(clean, 'v')).toEqual(frames(at('fragmented.mp4'), 'v'));
    expect(packets(clean, 'a').slice(1)).toEqual(packets(at('fragmented.mp4'), 'a').slice(1));
  });

  test('a turned picture stays turned', async () => {
    ffmpeg('-i', at('h264.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    const { bytes, result } = await strip(mp4, readBytes(at('turned.mp4')));
    fs.writeFileSync(at('turned-clean.mp4'), bytes);
    expect(result.notes.join()).toContain('orientation');
    expect(frames(at('turned-clean.mp4'), 'v')).toEqual(frames(at('turned.mp4'), 'v'));
  });
});

describe('hidden by an edit list', () => {
  test('pictures that nothing needs go; where shown ones need them the film is refused', async () => {
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x64:duration=2',
      '-c:v',
      'libx264',
      '-g',
      '10',
      '-bf',
      '0',
      at('groups.mp4'),
    );
    ffmpeg('-ss', '0.9', '-i', at('groups.mp4'), '-c', 'copy', at('cut.mp4'));
    const cut = bytesInMemory(readBytes(at('cut.mp4')));
    expect((await mp4.inspect(cut)).some(({ label }) => label.includes('never shown'))).toBe(true);
    expect((await mp4.verify(cut)).some(({ reason }) => reason.includes('never shown'))).toBe(true);
    await expect(strip(mp4, readBytes(at('cut.mp4')))).rejects.toMatchObject({ code: 'unsupported' });

    // The same film with its edit moved to the start of the second group.
    const whole = readBytes(at('groups.mp4'));
    const elst = Buffer.from(whole).indexOf('elst');
    const edited = whole.slice();
    new DataView(edited.buffer).setUint32(elst + 12, 1200);
    new DataView(edited.buffer).setInt32(elst + 16, 5120);
    const { bytes, result } = await strip(mp4, edited);
    fs.writeFileSync(at('edited.mp4'), edited);
    fs.writeFileSync(at('edited-clean.mp4'), bytes);
    expect(result.notes.join()).toMatch(/left out 20 samples/);
    expect(await mp4.verify(bytesInMemory(bytes))).toEqual([]);
    expect(frames(at('edited-clean.mp4'), 'v')).toEqual(frames(at('edited.mp4'), 'v'));
  });
});

describe('corrupt', () => {
  test.each([
    ['cut in the media data', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 500)],
    ['cut in the index', (bytes: Uint8Array) => bytes.subarray(0, 900)],
    ['empty', () => new Uint8Array()],
    ['not a film', () => new Uint8Array(Buffer.from('this is no film at all, but a letter'))],
  ])('%s', async (_, damage) => {
    const damaged = damage(readBytes(at('bitexact-h264.mp4')));
    expect((await mp4.verify(bytesInMemory(damaged))).length).toBeGreaterThan(0);
    await expect(strip(mp4, damaged)).rejects.toMatchObject({ code: 'corrupt' });
    await mp4.walk(bytesInMemory(damaged));
  });
});

describe.skipIf(!hasShared)(`the films of the shared set${sharedNote}`, () => {
  const folders = ['metadata/mp4', 'metadata/mov', 'metadata/3gp', 'metadata/m4a', 'video'];
  const files = hasShared
    ? folders.flatMap((each) =>
        filesBelow(path.join(SHARED, 'data', each))
          .filter((file) => /\.(mp4|mov|3gp|m4a)$/i.test(file))
          .map((file) => path.join(SHARED, 'data', each, file)),
      )
    : [];
  /** Headers without their media, films that are coded in ways with no allowlist, and damaged ones. */
  const REFUSED = /_init|exifcleaner|sony-a7|exiftool__QuickTime|sample\.3gp/;

  test.each(files)('%s', async (file) => {
    const bytes = readBytes(file);
    const parts = await mp4.walk(bytesInMemory(bytes));
    expect(parts.reduce((end, part) => (part.offset === end ? end + part.length : Number.NaN), 0)).toBe(
      bytes.length,
    );
    expect((await mp4.inspect(bytesInMemory(bytes))).length).toBeGreaterThan(0);
    if (REFUSED.test(file)) {
      await expect(strip(mp4, bytes)).rejects.toBeInstanceOf(SayehError);
      return;
    }
    const stripped = await strip(mp4, bytes);
    expect(await mp4.verify(bytesInMemory(stripped.bytes))).toEqual([]);
    expect(await mp4.inspect(bytesInMemory(stripped.bytes))).toEqual([]);
    const clean = at(`shared-${path.basename(file)}.mp4`);
    fs.writeFileSync(clean, stripped.bytes);
    expect(tellingTags(clean)).toEqual({});
    expect(frames(clean, 'v')).toEqual(frames(file, 'v'));
    fs.rmSync(clean);
  });
});
