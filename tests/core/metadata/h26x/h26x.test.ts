import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapePayload, unescapePayload } from '../../../../src/core/metadata/h26x/escaping.ts';
import {
  annexBUnits,
  avcConfiguration,
  cleanAvcConfiguration,
  judgeUnit,
  lengthPrefixedUnits,
  nalHeader,
  seiMessages,
  userDataText,
} from '../../../../src/core/metadata/h26x/index.ts';
import { seiBody } from '../../../../src/core/metadata/h26x/sei.ts';

function encode(codec: 'libx264' | 'libx265'): Uint8Array {
  const format = codec === 'libx264' ? 'h264' : 'hevc';
  const from = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:duration=0.4'];
  return execFileSync('ffmpeg', ['-v', 'error', ...from, '-c:v', codec, '-f', format, '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const unit = (...bytes: number[]) => Uint8Array.from(bytes);
const whole = (bytes: Uint8Array) => ({ start: 0, end: bytes.length });

describe('what an encoder writes', () => {
  test.each([
    ['libx264', 'h264', 'x264 - core'],
    ['libx265', 'h265', 'x265 (build'],
  ] as const)('%s: its settings are found, and are the only unit to go', (encoder, codec, signature) => {
    const stream = encode(encoder);
    const units = annexBUnits(stream);
    const dropped = units.filter((each) => judgeUnit(codec, stream, each).verdict !== 'keep');
    expect(units.length).toBeGreaterThan(10);
    expect(dropped).toHaveLength(1);
    const [message] = seiMessages(stream, dropped[0], nalHeader(codec, stream, dropped[0]))!;
    expect(userDataText(message)).toContain(signature);
  });
});

test('escaping is undone by unescaping and leaves no start code', () => {
  const bytes = fc
    .array(fc.constantFrom(0, 1, 2, 3, 4, 255), { maxLength: 64 })
    .map((a) => Uint8Array.from(a));
  fc.assert(
    fc.property(bytes, (plain) => {
      const escaped = escapePayload(plain);
      expect([...unescapePayload(escaped)]).toEqual([...plain]);
      for (let i = 0; i + 2 < escaped.length; i++)
        expect(escaped[i] === 0 && escaped[i + 1] === 0 && escaped[i + 2] < 3).toBe(false);
    }),
  );
});

test('of a unit with several messages only the needed ones stay', () => {
  const light = { type: 144, payload: unit(0, 0, 1, 0) };
  const secret = { type: 5, payload: new Uint8Array(300).fill(65) };
  const bytes = unit(6, ...escapePayload(seiBody([secret, light])));
  const judgement = judgeUnit('h264', bytes, whole(bytes));
  if (judgement.verdict !== 'replace') throw new Error(judgement.verdict);
  expect(judgement.reason).toContain('unregistered user data');
  expect([...judgement.unit]).toEqual([6, ...escapePayload(seiBody([light]))]);
  expect(judgeUnit('h264', judgement.unit, whole(judgement.unit)).verdict).toBe('keep');
});

test.each([
  ['auxiliary picture', 'h264', unit(19, 1, 2)],
  ['filler', 'h264', unit(12, 255, 128)],
  ['unspecified type', 'h264', unit(30, 1)],
  ['empty unit', 'h264', unit()],
  ['delimiter with content', 'h264', unit(9, 16, 1, 2, 3)],
  ['time code in picture timing', 'h264', unit(6, ...seiBody([{ type: 1, payload: unit(1, 2, 3) }]))],
  [
    'needed message that is too long',
    'h264',
    unit(6, ...seiBody([{ type: 144, payload: new Uint8Array(9) }])),
  ],
  ['Dolby Vision', 'h265', unit(62 << 1, 1, 9)],
  ['second layer', 'h265', unit(1 << 1, 1 | (1 << 3), 9)],
] as const)('%s is dropped', (_, codec, bytes) => {
  expect(judgeUnit(codec, bytes, whole(bytes)).verdict).toBe('drop');
});

test('lengths that run past the end are told', () => {
  expect(lengthPrefixedUnits(unit(0, 0, 0, 1, 9), 4)).toEqual([{ start: 4, end: 5 }]);
  expect(lengthPrefixedUnits(unit(0, 0, 0, 2, 9), 4)).toBeUndefined();
  expect(lengthPrefixedUnits(unit(0, 0), 4)).toBeUndefined();
});

test('a configuration record loses what follows its parameter sets', () => {
  const record = unit(1, 66, 0, 30, 255, 225, 0, 2, 0x67, 66, 1, 0, 2, 0x68, 1);
  const padded = unit(...record, 83, 69, 67);
  expect(avcConfiguration(record)?.problems).toEqual([]);
  expect(avcConfiguration(padded)?.problems).toEqual(['3 bytes after the parameter sets']);
  expect([...cleanAvcConfiguration(padded)!]).toEqual([...record]);
});
