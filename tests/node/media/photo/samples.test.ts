import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SayehError, type SayehErrorCode } from '../../../../src/core/errors.ts';
import { openPhoto } from '../../../../src/node/media/photo/open-photo.ts';
import { writePhoto } from '../../../../src/node/media/photo/write-photo.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../../../support/shared.ts';

/** Dirty files collected from other projects' tests: how many must open, and what becomes of the others. */
const FOLDERS: Record<string, { readonly open: number; readonly else?: SayehErrorCode }> = {
  jpeg: { open: 49, else: 'corrupt' },
  png: { open: 15, else: 'corrupt' },
  webp: { open: 12 },
  gif: { open: 7 },
  tiff: { open: 9 },
  avif: { open: 9 },
  heic: { open: 7 },
  heif: { open: 3, else: 'corrupt' },
  dng: { open: 1, else: 'unsupported' },
  cr3: { open: 0, else: 'unsupported' },
  jxl: { open: 0, else: 'unsupported' },
  svg: { open: 0, else: 'unsupported' },
};

describe.skipIf(!hasShared)(`photos of many makers${sharedNote}`, () => {
  test.each(Object.entries(FOLDERS))(
    '%s: each is read and written, or refused for a reason',
    async (type, expected) => {
      const folder = path.join(SHARED, 'data/metadata', type);
      let opened = 0;
      for (const name of filesBelow(folder)) {
        try {
          const photo = await openPhoto(path.join(folder, name));
          const format = photo.format === 'heif' ? 'jpeg' : photo.format;
          const written = await openPhoto(await writePhoto({ ...photo, format, frames: photo.frames() }));
          expect(written, name).toMatchObject({
            format,
            width: photo.width,
            height: photo.height,
            frameCount: photo.frameCount,
            loop: photo.loop,
          });
          opened++;
        } catch (error) {
          if (!(error instanceof SayehError)) throw error;
          expect(error.code, `${name}: ${error.message}`).toBe(expected.else);
          expect(error.message).toContain(name);
          expect(error.message).not.toContain(path.sep);
        }
      }
      expect(opened).toBe(expected.open);
    },
  );
});
