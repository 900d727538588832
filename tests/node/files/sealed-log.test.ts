import { chown, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SealedLog } from '../../../src/node/files/sealed-log.ts';

const SECRET = Buffer.alloc(32, 7);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const texts = fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 8 });
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

async function written(file: string, segments: readonly Uint8Array[]): Promise<void> {
  await rm(file, { force: true });
  const log = await SealedLog.create(file, SECRET);
  for (const segment of segments) await log.append(segment);
  await log.close();
}

/** All that can be read of a log, then closed; `more` is appended to it first. */
async function readBack(file: string, { secret = SECRET, more = undefined as Uint8Array | undefined } = {}) {
  const log = await SealedLog.open(file, secret);
  if (!log) return { segments: undefined, whole: false };
  const segments: Buffer[] = [];
  const reading = log.segments();
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) segments.push(Buffer.from(step.value));
  if (more) await log.append(more);
  await log.close();
  return { segments, whole: step.value.whole };
}

describe('a sealed log', () => {
  it('gives back what was written, and only to who has the secret', async () => {
    const file = path.join(folder, 'kept');
    await fc.assert(
      fc.asyncProperty(texts, async (segments) => {
        await written(file, segments);
        expect(await readBack(file)).toEqual({
          segments: segments.map((each) => Buffer.from(each)),
          whole: true,
        });
        expect(await readBack(file, { secret: Buffer.alloc(32, 8) })).toEqual({ segments: [], whole: false });
      }),
      { numRuns: 30 },
    );
  });

  it('damaged or cut anywhere gives a beginning of what was written, and takes more after that', async () => {
    const file = path.join(folder, 'damaged');
    await fc.assert(
      fc.asyncProperty(texts, place, fc.nat(6), fc.boolean(), async (segments, where, bit, cut) => {
        await written(file, segments);
        const bytes = await readFile(file);
        const at = Math.floor(where * bytes.length);
        if (cut) await writeFile(file, bytes.subarray(0, at));
        else {
          bytes[at] ^= 1 << bit;
          await writeFile(file, bytes);
        }
        const expected = segments.map((each) => Buffer.from(each));
        const more = Buffer.from('what comes after');
        const first = await readBack(file, { more });
        if (!first.segments) return; // its head is damaged: it is none at all
        expect(first.segments).toEqual(expected.slice(0, first.segments.length));
        expect(first.segments.length).toBeLessThan(expected.length);
        const again = await readBack(file);
        // The salt may be what is damaged: then what is appended is all that there is.
        expect(again).toEqual({ segments: [...first.segments, more], whole: true });
      }),
      { numRuns: 100 },
    );
  });

  it('segments that are swapped, left out or given twice are not read', async () => {
    const file = path.join(folder, 'swapped');
    const [a, b, c] = ['one', 'two', 'six'].map((text) => Buffer.from(text));
    await written(file, [a, b, c]);
    const bytes = await readFile(file);
    const size = 4 + 12 + 3 + 16;
    const head = bytes.subarray(0, bytes.length - 3 * size);
    const [one, two, six] = [0, 1, 2].map((i) => bytes.subarray(head.length + i * size).subarray(0, size));
    for (const [parts, readable] of [
      [
        [one, two, six],
        [a, b, c],
      ],
      [[two, one, six], []],
      [[one, six], [a]],
      [[one, one, two], [a]],
    ] as const) {
      await writeFile(file, Buffer.concat([head, ...parts]));
      expect((await readBack(file)).segments).toEqual(readable);
    }
  });

  it('says nothing of what is in it, is its owner’s alone, and claims no time', async () => {
    const file = path.join(folder, 'quiet');
    const text = Buffer.from('the very same words, '.repeat(50));
    await written(file, [text, text]);
    const bytes = await readFile(file);
    expect(bytes.includes('same words')).toBe(false);
    const half = (bytes.length - 19 - 32) / 2;
    expect(bytes.subarray(-half).equals(bytes.subarray(-2 * half, -half))).toBe(false);
    const { mode, mtime } = await stat(file);
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    expect(mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z');
    await written(path.join(folder, 'other'), [text, text]);
    expect((await readFile(path.join(folder, 'other'))).equals(bytes)).toBe(false);
  });

  it('that another user could have written, or that lies elsewhere, is not read', async () => {
    const file = path.join(folder, 'theirs');
    await written(file, [Buffer.from('x')]);
    await symlink(file, path.join(folder, 'link'));
    await expect(SealedLog.open(path.join(folder, 'link'), SECRET)).rejects.toThrow(/ELOOP/);
    await expect(SealedLog.open(folder, SECRET)).rejects.toThrow(/EISDIR/);
    await writeFile(
      path.join(folder, 'text'),
      'no log, but long enough to be taken for the head of one'.repeat(3),
    );
    expect(await SealedLog.open(path.join(folder, 'text'), SECRET)).toBeUndefined();
    if (process.getuid?.() !== 0) return;
    await chown(file, 65534, 65534);
    expect(await SealedLog.open(file, SECRET)).toBeUndefined();
  });
});
