import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutPictures, stretchesToKeep } from '../../../src/core/evidence/cut-pictures.ts';
import { jsonPieces } from '../../../src/core/evidence/json-pieces.ts';
import {
  keepParts,
  MOST_BYTES_OF_FILE,
  MOST_BYTES_OF_PART,
  MOST_PARTS,
} from '../../../src/core/evidence/keep-parts.ts';
import { isSecretKey, keyLines } from '../../../src/core/evidence/key-lines.ts';
import type { Finding, Part } from '../../../src/core/metadata/format.ts';

describe('the text in pieces', () => {
  it('is that of JSON.stringify, for every value that JSON has', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
      }),
    );
    const skipped = { a: undefined, b: { c: undefined }, d: [{}, []], e: undefined };
    expect([...jsonPieces(skipped)].join('')).toBe(JSON.stringify(skipped));
  });

  it('stays in small pieces, however long the list', () => {
    const boxes = Array.from({ length: 10_000 }, (_, i) => [i, i + 1, i + 2, i + 3]);
    const longest = Math.max(...[...jsonPieces({ boxes })].map(({ length }) => length));
    expect(longest).toBeLessThan(40);
  });
});

describe('pictures in metadata', async () => {
  const jpegs = await Promise.all(
    [8, 40, 64].map((side) =>
      sharp({ create: { width: side, height: side, channels: 3, background: '#a62' } })
        .jpeg()
        .toBuffer(),
    ),
  );
  /** Bytes in which no picture begins. */
  const plain = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => bytes.map((byte) => (byte === 0xff ? 0 : byte)));

  it('are cut out whole, and every other byte is kept', () => {
    fc.assert(
      fc.property(plain, fc.array(fc.tuple(fc.nat({ max: 2 }), plain), { maxLength: 3 }), (before, pairs) => {
        const pieces = [before, ...pairs.flatMap(([which, after]) => [jpegs[which], after])];
        const bytes = Uint8Array.from(Buffer.concat(pieces));
        const { kept, pictures } = cutPictures(bytes);
        expect(pictures.map(({ length }) => length)).toEqual(pairs.map(([which]) => jpegs[which].length));
        const text = Buffer.concat(kept.map(({ at, length }) => bytes.subarray(at, at + length)));
        expect(text).toEqual(Buffer.concat([before, ...pairs.map(([, after]) => after)]));
      }),
    );
  });

  it('take with them what follows where they have no end', () => {
    const cut = Uint8Array.from(
      Buffer.concat([Buffer.from('Exif'), jpegs[1].subarray(0, -2), Buffer.from('rest')]),
    );
    const { kept, pictures } = cutPictures(cut);
    expect(kept).toEqual([{ at: 0, length: 4 }]);
    expect(pictures).toEqual([{ at: 4, length: cut.length - 4 }]);
  });

  it('of a type that is not known leave nothing to keep', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(stretchesToKeep(bytes, true).kept).toEqual([]);
    expect(stretchesToKeep(bytes, false).kept).toEqual([{ at: 0, length: 3 }]);
  });
});

describe('which parts are kept', () => {
  const part = (path: string, length: number, what: string, offset = 0): Part => ({
    path,
    offset,
    length,
    what,
  });
  const finding = (on: string, betrays: Finding['betrays'] = 'who', label = 'author'): Finding => ({
    ...{ betrays, part: on, label },
  });

  it.each([
    'coded picture',
    'coded data of track[0]',
    '120 × SimpleBlock',
    '12 × picture or sound',
    'picture and sound',
    'header of media data',
    'animation frame',
  ])('not %s', (what) => {
    expect(keepParts([part('x', 10, what)], []).chosen).toEqual([]);
  });

  it('items of a HEIF file that hold metadata, and none that holds a picture', () => {
    const parts = [1, 2, 3, 4].map((n) => part(`mdat/item[${n}]`, 50, `coded data of item[${n}]`, n));
    const findings = [
      finding('meta/item[1]'),
      finding('meta/item[2]', 'other-pictures', 'thumbnail'),
      finding('meta/item[3]', 'device', 'beside the coded picture: SEI'),
    ];
    expect(keepParts(parts, findings).chosen.map(({ part }) => part.path)).toEqual(['mdat/item[1]']);
  });

  it('large ones by their hash, and those that tell something first in line for the room', () => {
    const many = Array.from({ length: 200 }, (_, i) => part(`udta/x[${i}]`, MOST_BYTES_OF_PART, 'tag', i));
    const huge = part('udta/big', MOST_BYTES_OF_PART + 1, 'tag', 999);
    const { chosen, leftOut } = keepParts([...many, huge], [finding('udta/x[199]'), finding('udta/big')]);
    expect(leftOut).toBe(0);
    expect(chosen.map(({ part }) => part.offset)).toEqual([...many.map((_, i) => i), 999]);
    const whole = chosen.filter(({ whole }) => whole);
    expect(whole.map(({ part }) => part.path)).toContain('udta/x[199]');
    expect(whole.map(({ part }) => part.path)).not.toContain('udta/big');
    expect(whole.length * MOST_BYTES_OF_PART).toBe(MOST_BYTES_OF_FILE);
  });

  it('no more than a list can hold, and it is told how many more there were', () => {
    const parts = Array.from({ length: MOST_PARTS + 7 }, (_, i) => part(`x[${i}]`, 1, 'tag', i));
    const { chosen, leftOut } = keepParts(parts, [finding(`x[${MOST_PARTS + 3}]`)]);
    expect([chosen.length, leftOut]).toEqual([MOST_PARTS, 7]);
    expect(chosen.at(-1)?.part.path).toBe(`x[${MOST_PARTS + 3}]`);
  });
});

it('files of keys are read as age reads them', () => {
  expect(keyLines('# newsroom\r\nage1abc\r\n\n  age1def  \n#age1no\n')).toEqual([
    { value: 'age1abc', line: 2 },
    { value: 'age1def', line: 4 },
  ]);
  expect(['AGE-SECRET-KEY-1QQ', ' age-secret-key-pq-1x', 'age1abc'].map(isSecretKey)).toEqual([
    true,
    true,
    false,
  ]);
});
