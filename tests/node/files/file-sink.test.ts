import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patchable } from '../../../src/core/metadata/patchable-sink.ts';
import { openSink } from '../../../src/node/files/file-sink.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-sink-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pieces = fc.array(fc.oneof(fc.nat(300), fc.nat(70_000), fc.nat(600_000)), {
  minLength: 1,
  maxLength: 40,
});
const PATCH = Buffer.from('patched!');

it('what is written and written over is what the file holds, and what waits in memory without a file', async () => {
  const file = path.join(folder, 'film');
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(), async (lengths, seed) => {
      await writeFile(file, '');
      const sink = await openSink(file, 'film');
      const inMemory: Uint8Array[] = [];
      const outputs = [patchable(sink), patchable({ write: async (b) => void inMemory.push(b.slice()) })];
      const expected = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
      let at = 0;
      for (const [i, length] of lengths.entries()) {
        const piece = Buffer.alloc(length, (seed + i) & 0xff);
        expected.set(piece, at);
        for (const output of outputs) await output.write(piece);
        // A sink may not keep what it was given.
        piece.fill(0x5a);
        at += length;
        if (i % 7 !== 3 || at < PATCH.length) continue;
        const place = seed % (at - PATCH.length + 1);
        expected.set(PATCH, place);
        for (const output of outputs) await output.overwrite(place, PATCH);
      }
      for (const output of outputs) {
        expect(output.written).toBe(expected.length);
        await output.finish();
      }
      await sink.finish();
      await sink.close();
      expect((await readFile(file)).equals(expected)).toBe(true);
      expect(Buffer.concat(inMemory).equals(expected)).toBe(true);
    }),
    { numRuns: 30, seed: 1 },
  );
});

it('a file that cannot be written is an error that says why and by which name, and can still be closed', async () => {
  const missing = openSink(path.join(folder, 'not-there'), 'film');
  await expect(missing).rejects.toMatchObject({ code: 'unwritable', message: /^cannot write film: / });
});

it.skipIf(process.platform !== 'linux')('a full disk is told, for small pieces and large ones', async () => {
  for (const length of [10, 100_000]) {
    const sink = await openSink('/dev/full', 'film');
    const writing = async () => {
      await sink.write(new Uint8Array(length));
      await sink.finish();
    };
    await expect(writing()).rejects.toMatchObject({ code: 'unwritable' });
    await expect(sink.close()).rejects.toThrow('no space left');
  }
});
