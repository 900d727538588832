import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { registration } from '../../../../src/core/metadata/mpegts/codecs.ts';
import { mpegts } from '../../../../src/core/metadata/mpegts/index.ts';
import { cleanPmt, MAP_PID } from '../../../../src/core/metadata/mpegts/tables.ts';
import { writePacket, writeSection } from '../../../../src/core/metadata/mpegts/write-packet.ts';
import { expectCleans } from '../matroska/contract.ts';
import { ffprobe, inMemory, make, PICTURE, stripped, TONE } from '../matroska/ffmpeg.ts';

const SECRET = 'Mahsa 35.7,51.4';
const SERVICE = ['-metadata', `service_name=${SECRET}`, '-metadata', `service_provider=${SECRET}`];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-c:a', 'aac'];

const dirty = (name: string, ...codecs: readonly string[]): string =>
  make(name, ...PICTURE, ...TONE, ...codecs, ...SERVICE, '-metadata:s:a', 'language=per');

/** An AVCHD camera's recording data, as unregistered SEI: a UUID, `MDPM`, then tags with date and position. */
function withMdpm(file: string): Uint8Array {
  const bytes = fs.readFileSync(file);
  const at = bytes.indexOf('x264 - core');
  bytes.write('MDPM', at, 'latin1');
  return new Uint8Array(bytes);
}

describe('MPEG transport streams', () => {
  test('reads what a film betrays', async () => {
    const findings = await mpegts.inspect(inMemory(dirty('h264.ts', ...H264)));
    expect(findings.find(({ betrays }) => betrays === 'who')?.value).toBe(`${SECRET} / ${SECRET}`);
    expect(findings.find(({ betrays }) => betrays === 'where')?.value).toBe('per');
    expect(findings.some(({ value }) => value?.includes('x264'))).toBe(true);
  });

  test("reads an AVCHD camera's date and position", async () => {
    const film = bytesInMemory(withMdpm(dirty('h264.ts', ...H264)));
    expect((await mpegts.inspect(film)).some(({ label }) => label.includes('MDPM'))).toBe(true);
    expect(Buffer.from((await stripped(mpegts, film)).bytes).includes('MDPM')).toBe(false);
  });

  test.each([
    ['h264.ts', H264, ['x264', 'Lavc', 'FFmpeg']],
    [
      'hevc.ts',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=0', '-c:a', 'libopus'],
      ['x265'],
    ],
    ['mpeg2.ts', ['-c:v', 'mpeg2video', '-c:a', 'mp2'], ['FFmpeg']],
    [
      'avchd.m2ts',
      ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'ac3', '-mpegts_m2ts_mode', '1'],
      ['x264'],
    ],
    [
      'dvb.ts',
      ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'ac3', '-mpegts_flags', 'system_b'],
      ['x264'],
    ],
  ])('cleans %s', async (name, codecs, signatures) => {
    const clean = await expectCleans(mpegts, dirty(name, ...codecs), SECRET, ...signatures);
    expect(ffprobe('-show_entries', 'program_tags:stream_tags', clean)).not.toContain('tag:');
  });

  test('leaves out positions in a KLV stream', async () => {
    const { bytes } = await stripped(mpegts, inMemory(dirty('h264.ts', ...H264)));
    const none = new Uint8Array(0);
    const klv = { type: 0x06, descriptors: registration('KLVA') };
    const types = [0x1b, 0x0f].map((type) => ({ type, descriptors: none }));
    const [map] = writeSection(MAP_PID, cleanPmt(0x100, none, [...types, klv]), 0);
    const position = writePacket(0x102, true, 0, undefined, Buffer.from(SECRET.padEnd(184, '.')));
    const whole = Buffer.concat([bytes, position]);
    for (let at = 0; at < whole.length; at += 188)
      if ((whole.readUInt16BE(at + 1) & 0x1fff) === MAP_PID) whole.set(map, at);
    const film = bytesInMemory(new Uint8Array(whole));
    expect(await mpegts.inspect(film)).toMatchObject([{ betrays: 'where', part: 'PID 0x102' }]);
    expect(await mpegts.verify(film)).not.toEqual([]);
    expect(Buffer.from((await stripped(mpegts, film)).bytes).includes(SECRET)).toBe(false);
  });

  test('refuses to lose sound that it does not know', async () => {
    const sound = ['-c:v', 'libx264', '-c:a', 's302m', '-strict', '-2', '-ar', '48000', '-ac', '2'];
    const file = make('s302m.ts', ...PICTURE, ...TONE, ...sound);
    await expect(mpegts.strip(inMemory(file), { write: async () => {} })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  test('moves times that count from a clock', async () => {
    const late = make('late.ts', ...PICTURE, ...H264, '-output_ts_offset', '50000');
    expect((await mpegts.inspect(inMemory(late))).some(({ betrays }) => betrays === 'when')).toBe(true);
    await expectCleans(mpegts, late);
  });

  test('reports and refuses damage', async () => {
    const bytes = new Uint8Array(fs.readFileSync(dirty('h264.ts', ...H264)));
    bytes.fill(0, 20_000, 21_000);
    const film = bytesInMemory(bytes);
    expect((await mpegts.walk(film)).some(({ what }) => what.includes('damaged'))).toBe(true);
    expect((await mpegts.verify(film)).some(({ reason }) => reason.includes('damaged'))).toBe(true);
    await expect(mpegts.strip(film, { write: async () => {} })).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('no unknown PID survives', async () => {
    const { bytes } = await stripped(mpegts, inMemory(dirty('h264.ts', ...H264)));
    const count = bytes.length / 188;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 0x1fff }).filter((pid) => ![0x100, 0x101, 0x1000].includes(pid)),
        fc.integer({ min: 0, max: count }),
        async (pid, index) => {
          const planted = writePacket(pid, false, 0, undefined, Buffer.from(SECRET.padEnd(184, '.')));
          const at = index * 188;
          const whole = Buffer.concat([bytes.subarray(0, at), planted, bytes.subarray(at)]);
          const film = bytesInMemory(new Uint8Array(whole));
          expect(await mpegts.verify(film)).not.toEqual([]);
          expect(Buffer.from((await stripped(mpegts, film)).bytes).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('private data in adaptation fields and null packets is found and left out', async () => {
    const { bytes } = await stripped(mpegts, inMemory(dirty('h264.ts', ...H264)));
    const nothing = new Uint8Array(0);
    const planted = Buffer.from(writePacket(0x100, false, 0, undefined, nothing));
    // transport_private_data_flag, its length, its content
    planted.set([0x02, SECRET.length, ...Buffer.from(SECRET)], 5);
    const film = bytesInMemory(new Uint8Array(Buffer.concat([bytes, planted])));
    expect((await mpegts.inspect(film)).map(({ label }) => label)).toContain(
      'private data in the heads of packets',
    );
    expect(Buffer.from((await stripped(mpegts, film)).bytes).includes(SECRET)).toBe(false);
  });

  // Found by fuzzing: the first time kept the mark that announces a second, and the result failed its check.
  test('a head that says two times and has room for one comes out clean', async () => {
    const bytes = new Uint8Array(
      fs.readFileSync(dirty('b.ts', '-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2')),
    );
    const head = Buffer.from(bytes).indexOf(Buffer.from([0xc0, 0x0a])) - 7;
    expect([...bytes.subarray(head, head + 4)]).toEqual([0, 0, 1, 0xe0]);
    bytes[head + 8] = 5;
    const clean = await stripped(mpegts, bytesInMemory(bytes));
    expect(await mpegts.verify(bytesInMemory(clean.bytes))).toEqual([]);
  });
});
