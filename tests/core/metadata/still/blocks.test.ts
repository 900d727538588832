import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import { inBlocks } from '../../../../src/core/metadata/still/blocks.ts';

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);

test('answers what the source would, wherever and however much is asked', async () => {
  const [plain, blocks] = [bytesInMemory(bytes), inBlocks(bytesInMemory(bytes))];
  expect(blocks.size).toBe(bytes.length);
  const places = fc.oneof(fc.nat(bytes.length + 100), fc.constantFrom(0, 65_535, 65_536, 131_071, 2 ** 40));
  await fc.assert(
    fc.asyncProperty(places, fc.oneof(fc.nat(20), fc.nat(10_000)), async (offset, length) => {
      expect(Buffer.from(await blocks.read(offset, length)).equals(await plain.read(offset, length))).toBe(
        true,
      );
    }),
    { numRuns: 500 },
  );
});

test('asks the file once for what lies together, and hands out no memory of its own', async () => {
  let reads = 0;
  const source = bytesInMemory(bytes);
  const blocks = inBlocks({
    size: source.size,
    read(...where) {
      reads++;
      return source.read(...where);
    },
  });
  for (let at = 0; at < bytes.length; at += 12) (await blocks.read(at, 8)).fill(0);
  expect(reads).toBeLessThan(20);
  expect(Buffer.from(await blocks.read(0, 8)).equals(bytes.subarray(0, 8))).toBe(true);
});
