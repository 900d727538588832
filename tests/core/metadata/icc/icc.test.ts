import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { iccFindings } from '../../../../src/core/metadata/icc/findings.ts';
import { isMinimalProfile, reduceProfile } from '../../../../src/core/metadata/icc/minimal.ts';
import { jpeg } from '../../../../src/core/metadata/jpeg/index.ts';
import { png } from '../../../../src/core/metadata/png/index.ts';
import { stripped } from '../../../support/photo-format.ts';
import { picture } from '../../../support/pictures.ts';
import { hasShared, SHARED, sharedNote } from '../../../support/shared.ts';

/** The profile that a picture brings. */
const profileOf = async (bytes: Uint8Array) => new Uint8Array((await sharp(bytes).metadata()).icc ?? []);

/** The largest difference between two pictures as a screen would show them, 0 to 255. */
async function largestDifference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = await Promise.all(
    [a, b].map((bytes) => sharp(bytes).toColourspace('srgb').raw().toBuffer()),
  );
  return one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - other[i])), 0);
}

describe('colour profiles', () => {
  test('Display P3 becomes a minimal profile that shows the same colours', async () => {
    const original = await picture().withIccProfile('p3').png().toBuffer();
    expect(iccFindings(await profileOf(original), 'iCCP')).not.toEqual([]);
    const { bytes, notes } = await stripped(png, original);
    expect(notes.join()).toContain('Display P3');
    const profile = await profileOf(bytes);
    expect(isMinimalProfile(profile)).toBe(true);
    expect(iccFindings(profile, 'iCCP')).toEqual([]);
    // libvips' own Display P3 rounds a negative number to 0; the standard's numbers differ from it by that much.
    expect(await largestDifference(original, bytes)).toBeLessThanOrEqual(4);
  });

  test('sRGB needs no profile', async () => {
    const original = await picture().withIccProfile('srgb').jpeg().toBuffer();
    const { bytes } = await stripped(jpeg, original);
    expect(await profileOf(bytes)).toHaveLength(0);
    expect(await largestDifference(original, bytes)).toBeLessThanOrEqual(2);
  });

  test('a CMYK profile cannot be reduced, and the refusal says what to do', async () => {
    const original = await picture().withIccProfile('cmyk').jpeg().toBuffer();
    expect(reduceProfile(await profileOf(original)).kind).toBe('irreducible');
    await expect(stripped(jpeg, original)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('protect'),
    });
  });

  test('a changed byte makes a minimal profile no longer minimal', async () => {
    const reduction = reduceProfile(await profileOf(await picture().withIccProfile('p3').png().toBuffer()));
    const profile = reduction.kind === 'minimal' ? reduction.profile : new Uint8Array();
    for (let at = 0; at < profile.length; at++) {
      const changed = Uint8Array.from(profile);
      changed[at] ^= 0x55;
      expect(isMinimalProfile(changed)).toBe(false);
    }
    expect(isMinimalProfile(Uint8Array.from([...profile, 0]))).toBe(false);
  });

  test.runIf(hasShared)(`Adobe RGB and ProPhoto of real files keep their colours${sharedNote}`, async () => {
    const folder = path.join(SHARED, 'data/metadata/png');
    const original = fs.readFileSync(path.join(folder, 'photoprism__example.png'));
    const { bytes, notes } = await stripped(png, original);
    expect(notes.join()).toContain('Adobe RGB');
    expect(await largestDifference(original, bytes)).toBeLessThanOrEqual(2);
  });
});
