import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detector } from '../../../src/core/detect/detector.ts';
import { loadDetector } from '../../../src/node/inference/load-detector.ts';
import { differences, type Reference, readReferences } from '../../fixtures/detectors/reference.ts';
import { readRegion } from './pictures.ts';

/**
 * The references come from another runtime, the networks as published, and another JPEG decoder, whose pixels may
 * differ by a level or two.
 */
const CLOSE = { minIou: 0.95, slack: 0.02 };
/** 8-bit integers move boxes and scores: a face at the edge of a region by an IoU of .75. */
const INT8 = { minIou: 0.7, slack: 0.1 };

for (const { name, network, clipping, close } of [
  { name: 'centerface', network: 'centerface', clipping: 'clipped', close: CLOSE },
  { name: 'centerface-int8', network: 'centerface', clipping: 'clipped', close: INT8 },
  { name: 'retinaface', network: 'retinaface', clipping: 'unclipped', close: CLOSE },
  { name: 'retinaface-int8', network: 'retinaface', clipping: 'unclipped', close: { ...INT8, split: 0.45 } },
  { name: 'yunet', network: 'yunet', clipping: 'unclipped', close: CLOSE },
] as const) {
  describe(`${name} finds what the published weights find under onnxruntime for Python`, () => {
    let detector: Detector;
    beforeAll(async () => {
      detector = await loadDetector(name);
    });
    afterAll(() => detector.dispose());

    const cases = readReferences(network).map((reference): [string, Reference] => [
      `${reference.picture} ${reference.region.join(' ')}`,
      reference,
    ]);
    test.each(cases)('%s', async (_, reference) => {
      const picture = await readRegion(reference.picture, reference.region);
      const found = await detector.detect(picture, reference.threshold);
      expect(differences(found, reference, { clipping, ...close })).toEqual([]);
    });

    test('pictures looked at side by side do not disturb each other', async () => {
      const some = cases.slice(-3).map(([, reference]) => reference);
      const results = await Promise.all(
        some.map(async ({ picture, region, threshold }) =>
          detector.detect(await readRegion(picture, region), threshold),
        ),
      );
      for (const [i, found] of results.entries()) {
        expect(differences(found, some[i], { clipping, ...close })).toEqual([]);
      }
    });
  });
}

test('retinaface, fixed at 640x640 as published, gives the same faces in a tighter picture', async () => {
  const detector = await loadDetector('retinaface');
  try {
    const reference = readReferences('retinaface').find(
      ({ picture, region }) => picture === 'sample5.jpg' && region[4] === 3,
    )!;
    // 1920 x 1398 by thirds is 640 x 466: the rows below are black in the reference.
    const picture = await readRegion('sample5.jpg', [0, 0, 640, 480, 3]);
    const found = await detector.detect(picture, reference.threshold);
    expect(differences(found, reference, { clipping: 'unclipped', minIou: 0.9, slack: 0.05 })).toEqual([]);
  } finally {
    await detector.dispose();
  }
});
