import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../../src/core/metadata/byte-source.ts';
import { Window } from '../../../src/core/metadata/window.ts';

const SIZE = 3_000_001;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => Math.imul(i, 2654435761) >>> 24);

/** As a file is read: into the caller's array, at once or by and by. */
function fileLike(canReadNow: boolean): ByteSource {
  const fill = (into: Uint8Array, offset: number) => {
    const found = BYTES.subarray(offset, offset + into.length);
    into.set(found);
    return found.length;
  };
  return {
    size: SIZE,
    read: async () => {
      throw new Error('a window reads into its own buffer');
    },
    readInto: async (into, offset) => fill(into, offset),
    readNow: canReadNow ? fill : undefined,
  };
}

const near = fc.record({ jump: fc.integer({ min: -2000, max: 20_000 }), length: fc.nat(3000) });
const far = fc.record({ jump: fc.integer({ min: -SIZE, max: SIZE }), length: fc.nat(1_500_000) });

test('a window shows the bytes of its source, whatever is asked for in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(near, near, near, far), { maxLength: 60 }),
      fc.boolean(),
      async (steps, now) => {
        const window = new Window(fileLike(now));
        let at = 0;
        for (const { jump, length } of steps) {
          at = Math.min(SIZE, Math.max(0, at + jump));
          const expected = BYTES.subarray(at, at + length);
          const peeked = window.peek(at, length);
          const shown = await window.upTo(at, length);
          expect(Buffer.compare(shown, expected)).toBe(0);
          if (peeked) expect(Buffer.compare(peeked, expected)).toBe(0);
          if (expected.length < length)
            await expect(window.exactly(at, length)).rejects.toMatchObject({ code: 'corrupt' });
          at += length;
        }
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});
