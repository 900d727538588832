import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { SayehError } from '../../../../src/core/errors.ts';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { mp4 } from '../../../../src/core/metadata/isobmff/index.ts';
import { BITEXACT, contains, ffmpeg, readBytes, SOURCE, secretBox, strip, workFolder } from './helpers.ts';

const folder = workFolder();
const film = path.join(folder, 'film.mp4');
let bytes: Uint8Array;

beforeAll(async () => {
  ffmpeg(
    ...SOURCE,
    ...BITEXACT,
    '-c:v',
    'libx264',
    '-t',
    '0.4',
    '-bsf:v',
    'filter_units=remove_types=6',
    film,
  );
  bytes = readBytes(film);
});

describe('a box that nobody knows', () => {
  const SECRET = 'kesi-az-ma-namordeh';
  // Where it is put: after any box of a level that holds boxes, whose lengths are raised to hold it.
  const places = ['', 'moov', 'moov/trak', 'moov/trak/mdia', 'moov/trak/mdia/minf/stbl', 'moov/udta'];
  const types = fc
    .stringMatching(/^[a-zA-Z0-9 ]{4}$/)
    .filter((type) => !['free', 'skip', 'wide', 'mdat', 'moov', 'moof', 'meta', 'uuid'].includes(type));

  test('fails verification and does not survive stripping, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(types, fc.constantFrom(...places), async (type, place) => {
        const dirty = insertBox(bytes, place, secretBox(type, SECRET));
        expect(contains(dirty, SECRET)).toBe(true);
        expect(await mp4.verify(bytesInMemory(dirty))).not.toEqual([]);
        try {
          expect(contains((await strip(mp4, dirty)).bytes, SECRET)).toBe(false);
        } catch (error) {
          // A second box of a kind that is needed may make the file contradict itself.
          if (!(error instanceof SayehError)) throw error;
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test('and so do other hiding places', async () => {
    const free = secretBox('free', SECRET);
    const uuid = secretBox('uuid', `0123456789abcdef${SECRET}`);
    const loose = Buffer.from(SECRET);
    for (const dirty of [
      Buffer.concat([bytes, free]),
      Buffer.concat([bytes, uuid]),
      Buffer.concat([bytes, secretBox('mdat', SECRET)]),
      Buffer.concat([bytes, loose]),
    ]) {
      const violations = await mp4.verify(bytesInMemory(new Uint8Array(dirty)));
      expect(violations).not.toEqual([]);
      expect(await mp4.inspect(bytesInMemory(new Uint8Array(dirty)))).not.toEqual([]);
      expect(contains((await strip(mp4, new Uint8Array(dirty))).bytes, SECRET)).toBe(false);
    }
  });
});

/** Puts a box at the end of the first box at a path; chunk offsets after it are left wrong only at the top level. */
function insertBox(bytes: Uint8Array, place: string, box: Uint8Array): Uint8Array {
  if (place === '') return new Uint8Array(Buffer.concat([bytes, box]));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headers: number[] = [];
  let start = 0;
  let end = bytes.length;
  for (const name of place.split('/')) {
    let at = start;
    while (at < end && Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1') !== name)
      at += view.getUint32(at);
    if (at >= end) return insertBox(bytes, '', box);
    headers.push(at);
    start = at + 8;
    end = at + view.getUint32(at);
  }
  const dirty = new Uint8Array(Buffer.concat([bytes.subarray(0, end), box, bytes.subarray(end)]));
  const out = new DataView(dirty.buffer);
  for (const header of headers) out.setUint32(header, view.getUint32(header) + box.length);
  for (const table of offsetTables(dirty))
    for (let i = 0; i < out.getUint32(table + 12); i++)
      out.setUint32(table + 16 + 4 * i, out.getUint32(table + 16 + 4 * i) + box.length);
  return dirty;
}

function offsetTables(bytes: Uint8Array): number[] {
  const found: number[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf('stco'); at >= 0; at = buffer.indexOf('stco', at + 4)) found.push(at - 4);
  return found;
}
