import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { SayehError } from '../../src/core/errors.ts';
import type { Format } from '../../src/core/metadata/format.ts';
import { exiftoolTags } from './exiftool.ts';
import {
  inspected,
  judgeSharedFiles,
  type Outcome,
  pixels,
  plant,
  SECRET,
  secretsIn,
  stripped,
  temporaryFolder,
  tilingProblem,
  verified,
} from './photo-format.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from './shared.ts';

export interface PhotoSuite {
  readonly name: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff';
  readonly format: Format;
  /** Pictures made by real encoders, plain and complicated ones. */
  readonly samples: () => Promise<Uint8Array[]>;
  /** The same picture with a part that no allowlist knows, its kind chosen by `kind`. */
  readonly withUnknown: (bytes: Uint8Array, kind: number, content: Uint8Array) => Promise<Uint8Array>;
  /** Fewest places that exiftool must have found for the secret. */
  readonly fewestSecrets: number;
  /** Shared files that are refused, and how; all others come out clean. */
  readonly refused: Readonly<Record<string, Outcome>>;
}

/** What every photo format promises: reading, cleaning, damage; properties, real files, independent witnesses. */
export function photoSuite({ name, format, samples, withUnknown, fewestSecrets, refused }: PhotoSuite): void {
  describe(`${name}: what every photo format promises`, () => {
    let made: Uint8Array[];
    beforeAll(async () => {
      made = await samples();
    });

    test('every byte belongs to exactly one part', async () => {
      for (const bytes of made) expect(await tilingProblem(format, bytes)).toBeUndefined();
    });

    test('a stripped picture is clean, has the same pixels, and stays as it is when stripped again', async () => {
      for (const bytes of made) {
        const once = (await stripped(format, bytes)).bytes;
        expect(await verified(format, once)).toEqual([]);
        expect(await inspected(format, once)).toEqual([]);
        expect((await pixels(once)).equals(await pixels(bytes))).toBe(true);
        const twice = await stripped(format, once);
        expect(twice.removed).toEqual([]);
        expect(Buffer.compare(twice.bytes, once)).toBe(0);
      }
    });

    test('no secret planted in any tag survives', async () => {
      const planted = plant(made[0], name);
      expect(secretsIn(planted)).toBeGreaterThanOrEqual(fewestSecrets);
      expect(await verified(format, planted)).not.toEqual([]);
      expect(JSON.stringify(await inspected(format, planted))).toContain(SECRET);

      const { bytes } = await stripped(format, planted);
      expect(secretsIn(bytes)).toBe(0);
      const file = path.join(temporaryFolder(), `stripped.${name}`);
      fs.writeFileSync(file, bytes);
      expect(exiftoolTags(file)).toEqual({});
      expect((await pixels(bytes)).equals(await pixels(made[0]))).toBe(true);
    });

    test('a part of an unknown kind always fails the check and never survives', async () => {
      const clean = (await stripped(format, made[0])).bytes;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(255),
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          async (kind, content) => {
            const dirty = await withUnknown(clean, kind, content);
            expect(await verified(format, dirty)).not.toEqual([]);
            expect(await inspected(format, dirty)).not.toEqual([]);
            const result = await stripped(format, dirty);
            expect(Buffer.compare(result.bytes, clean)).toBe(0);
            expect(result.removed).not.toEqual([]);
          },
        ),
        { numRuns: 200 },
      );
    });

    test('a picture that is cut off anywhere is refused or comes out clean', async () => {
      const [bytes] = made;
      for (let end = 0; end < bytes.length; end += Math.max(1, Math.floor(bytes.length / 300))) {
        const cut = bytes.subarray(0, end);
        expect(await verified(format, cut)).not.toEqual([]);
        await expect(stripped(format, cut)).rejects.toThrow(SayehError);
      }
    });

    test.runIf(hasShared)(`real files come out clean or are refused${sharedNote}`, async () => {
      const expected = Object.fromEntries(
        filesBelow(path.join(SHARED, 'data/metadata', name)).map((file) => [file, refused[file] ?? 'clean']),
      );
      expect(await judgeSharedFiles(format, name)).toEqual(expected);
    });

    test.runIf(hasShared)(`every byte of real files has its part${sharedNote}`, async () => {
      const folder = path.join(SHARED, 'data/metadata', name);
      for (const file of filesBelow(folder))
        expect(await tilingProblem(format, fs.readFileSync(path.join(folder, file)))).toBeUndefined();
    });
  });
}
