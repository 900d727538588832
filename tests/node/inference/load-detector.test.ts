import { describe, expect, test } from 'vitest';
import { DETECTOR_NAMES, type DetectorName } from '../../../src/core/detect/catalogue.ts';
import { loadDetector } from '../../../src/node/inference/load-detector.ts';
import { readRegion } from './pictures.ts';

const black = (width: number, height: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3),
});

describe.each(DETECTOR_NAMES)('%s', (name) => {
  test('says its name, finds nothing in the dark, and nothing above a score of 1', async () => {
    const detector = await loadDetector(name);
    try {
      expect(detector.name).toBe(name);
      expect(await detector.detect(black(320, 256), 0.5)).toEqual([]);
      const picture = await readRegion('sample5.jpg', [0, 0, 480, 352, 4]);
      expect(await detector.detect(picture, 1)).toEqual([]);
      const scores = (await detector.detect(picture, 0.2)).map(({ score }) => score);
      expect(scores.length).toBeGreaterThan(0);
      expect(Math.max(...scores)).toBeLessThanOrEqual(1);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    } finally {
      await detector.dispose();
    }
  });

  test('looks at wide, tall and tiny pictures, one after the other', async () => {
    const detector = await loadDetector(name);
    try {
      const unit = Math.max(detector.sizeMultiple, 16);
      for (const [columns, rows] of [
        [1, 1],
        [20, 1],
        [1, 20],
        [7, 5],
      ]) {
        await expect(detector.detect(black(columns * unit, rows * unit), 0.5)).resolves.toEqual([]);
      }
    } finally {
      await detector.dispose();
    }
  });

  test('refuses a picture of the wrong size, of the wrong length, and any after dispose', async () => {
    const detector = await loadDetector(name);
    const refusal = { name: 'SayehError', code: 'usage' };
    if (detector.sizeMultiple > 1) {
      await expect(detector.detect(black(650, 480), 0.5)).rejects.toMatchObject(refusal);
      await expect(detector.detect(black(640, 470), 0.5)).rejects.toMatchObject(refusal);
    }
    await expect(detector.detect(black(0, 480), 0.5)).rejects.toMatchObject(refusal);
    await expect(detector.detect({ ...black(64, 64), width: 32 }, 0.5)).rejects.toMatchObject(refusal);
    await detector.dispose();
    await detector.dispose();
    await expect(detector.detect(black(64, 64), 0.5)).rejects.toMatchObject(refusal);
  });
});

test('a name that is not in the catalogue is a usage error that lists those that are', async () => {
  for (const name of ['yolo', '', '__proto__', 'CenterFace']) {
    const error = await loadDetector(name as DetectorName).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'SayehError', code: 'usage' });
    for (const known of DETECTOR_NAMES) expect(error.message).toContain(known);
  }
});

test('dispose gives the memory back', async () => {
  const picture = black(1280, 960);
  const once = async () => {
    const detector = await loadDetector('centerface');
    await detector.detect(picture, 0.5);
    await detector.dispose();
  };
  for (let i = 0; i < 3; i++) await once();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 8; i++) await once();
  // A picture of this size takes some 200 MB: eight that were kept would be past any noise.
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
});
