import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { readBlocks } from '../../../../src/core/metadata/gif/blocks.ts';
import { gif } from '../../../../src/core/metadata/gif/index.ts';
import { inspected, pixels, stripped, verified } from '../../../support/photo-format.ts';
import { photoSuite } from '../../../support/photo-suite.ts';
import { pages, picture } from '../../../support/pictures.ts';

/** A chain of sub-blocks. */
function subBlocks(content: Uint8Array): Buffer {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 255) {
    const piece = content.subarray(at, at + 255);
    pieces.push(Uint8Array.of(piece.length), piece);
  }
  return Buffer.concat([...pieces, Uint8Array.of(0)]);
}

/** Plain text, comment, application, and labels that nobody has defined. */
const LABELS = [1, 254, 255, 0, 2, 0x42, 0xce, 0xf8];
const extension = (label: number, content: Uint8Array) =>
  Buffer.concat([Uint8Array.of(0x21, label), subBlocks(content)]);

const headerLength = (bytes: Uint8Array) => 13 + (bytes[10] & 0x80 ? 3 * 2 ** ((bytes[10] & 7) + 1) : 0);
const afterHeader = (bytes: Uint8Array, inserted: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, headerLength(bytes)), inserted, bytes.subarray(headerLength(bytes))]);

const animation = () =>
  pages(4)
    .gif({ loop: 3, delay: [50, 100, 150, 200] })
    .toBuffer();

photoSuite({
  name: 'gif',
  format: gif,
  samples: async () => [
    await picture().gif().toBuffer(),
    await picture(60, 60, 4).gif().toBuffer(),
    await animation(),
  ],
  withUnknown: async (bytes, kind, content) =>
    afterHeader(bytes, extension(LABELS[kind % LABELS.length], content)),
  fewestSecrets: 1000,
  refused: {},
});

describe('gif', () => {
  test('an animation keeps its repetitions and durations', async () => {
    const bytes = await animation();
    const before = (await gif.walk(bytesInMemory(bytes))).map(({ path }) => path);
    const result = await stripped(gif, bytes);
    expect((await gif.walk(bytesInMemory(result.bytes))).map(({ path }) => path)).toEqual(before);
    expect(before).toContain('application NETSCAPE2.0');
  });

  test('a loop block with more than the number of repetitions is a violation', async () => {
    const clean = (await stripped(gif, await picture().gif().toBuffer())).bytes;
    const padded = Buffer.concat([
      Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00', 'latin1'),
      subBlocks(Buffer.from('hidden')),
    ]);
    expect((await verified(gif, afterHeader(clean, padded))).map(({ reason }) => reason).join()).toContain(
      'repetitions',
    );
  });

  test('a comment is shown, and a control goes with the text that it was for', async () => {
    const bytes = await picture().gif().toBuffer();
    const comment = extension(254, Buffer.from('filmed by Neda'));
    const control = extension(249, Uint8Array.of(0, 0, 0, 0));
    const dirty = afterHeader(bytes, Buffer.concat([comment, control, extension(1, new Uint8Array(12))]));
    expect(await inspected(gif, dirty)).toContainEqual({
      betrays: 'who',
      part: 'comment',
      label: 'comment',
      value: 'filmed by Neda',
    });
    expect(Buffer.compare((await stripped(gif, dirty)).bytes, (await stripped(gif, bytes)).bytes)).toBe(0);
  });

  test('bytes behind the end of coded pixels are told and go, in any picture of an animation', async () => {
    const HIDDEN = Buffer.from('Neda was here');
    for (const bytes of [await picture().gif().toBuffer(), await animation()]) {
      const blocks = await readBlocks(bytesInMemory(bytes));
      const { offset, length } = blocks.findLast(({ kind }) => kind === 'image')!;
      const end = offset + length - 1;
      const dirty = Buffer.concat([bytes.subarray(0, end), subBlocks(HIDDEN), bytes.subarray(end + 1)]);
      const clean = (await stripped(gif, bytes)).bytes;
      expect(await verified(gif, clean)).toEqual([]);
      expect((await verified(gif, dirty)).map(({ reason }) => reason).join()).toContain('13 bytes after');
      expect((await inspected(gif, dirty)).map(({ label }) => label).join()).toContain('13 bytes after');
      const result = await stripped(gif, dirty);
      expect(Buffer.from(result.bytes).includes(HIDDEN)).toBe(false);
      expect(result.notes.join()).toContain('hidden');
      expect(await verified(gif, result.bytes)).toEqual([]);
      expect((await pixels(result.bytes)).equals(await pixels(bytes))).toBe(true);
    }
  });
});
