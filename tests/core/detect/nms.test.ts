import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Detection } from '../../../src/core/detect/detection.ts';
import { nonMaximumSuppression } from '../../../src/core/detect/nms.ts';
import { iou } from '../../../src/core/geometry/box.ts';

// Integers in a small square, so that overlaps, equal boxes and equal scores are common.
const detections = fc.array(
  fc.record({
    box: fc.record({
      x: fc.integer({ min: -8, max: 24 }),
      y: fc.integer({ min: -8, max: 24 }),
      width: fc.integer({ min: 0, max: 24 }),
      height: fc.integer({ min: 0, max: 24 }),
    }),
    score: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  }),
  { maxLength: 40 },
);
const thresholds = fc.constantFrom(0, 0.2, 0.3, 0.4, 0.5, 0.9, 1);

test('the ones kept overlap by no more than the threshold and come by falling score', () => {
  fc.assert(
    fc.property(detections, thresholds, (all, threshold) => {
      const kept = nonMaximumSuppression(all, threshold);
      for (const [i, one] of kept.entries()) {
        expect(all).toContain(one);
        for (const later of kept.slice(i + 1)) {
          expect(iou(one.box, later.box)).toBeLessThanOrEqual(threshold);
          expect(later.score).toBeLessThanOrEqual(one.score);
        }
      }
    }),
  );
});

test('every one dropped overlaps a kept one whose score is no lower: no face is lost for nothing', () => {
  fc.assert(
    fc.property(detections, thresholds, (all, threshold) => {
      const kept = new Set<Detection>(nonMaximumSuppression(all, threshold));
      for (const dropped of all.filter((one) => !kept.has(one))) {
        const reason = [...kept].find(
          (one) => one.score >= dropped.score && iou(one.box, dropped.box) > threshold,
        );
        expect(reason).toBeDefined();
      }
    }),
  );
});

test('a second pass drops nothing, and the input is left as it was', () => {
  fc.assert(
    fc.property(detections, thresholds, (all, threshold) => {
      const before = structuredClone(all);
      const kept = nonMaximumSuppression(all, threshold);
      expect(all).toEqual(before);
      expect(nonMaximumSuppression(kept, threshold)).toEqual(kept);
    }),
  );
});
