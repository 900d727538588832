import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packBoxes, unpackBoxes } from '../../../src/core/geometry/packed-boxes.ts';
import { LOOK_KINDS } from '../../../src/core/track/frame-looks.ts';
import { LookStore } from '../../../src/core/track/look-store.ts';

const number = fc.double({ min: -8192, max: 8192, noNaN: true });
const box = fc.record({ x: number, y: number, width: number, height: number });
const detection = fc.record({ box, score: fc.double({ min: 0, max: 1, noNaN: true }) });

it('gives back what it was given, as exactly as networks answer, whatever was kept before and after', () => {
  const look = fc.record({
    kind: fc.constantFrom(...LOOK_KINDS),
    detections: fc.array(detection, { maxLength: 60 }),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), fc.integer({ min: 1, max: 200 }), (looks, times) => {
      const store = new LookStore();
      const rounded = looks.map(({ kind, detections }) => ({
        kind,
        detections: detections.map(({ box: { x, y, width, height }, score }) => ({
          box: {
            x: Math.fround(x),
            y: Math.fround(y),
            width: Math.fround(width),
            height: Math.fround(height),
          },
          score: Math.fround(score),
        })),
      }));
      // Often enough over to pass from one piece of memory to the next.
      const kept = Array.from({ length: times }, () =>
        looks.map((each) => store.keep(each.kind, each.detections)),
      );
      for (const each of [kept[0], kept[times >> 1], kept[times - 1]]) {
        expect(each.map(({ kind, detections }) => ({ kind, detections }))).toEqual(rounded);
      }
    }),
    { numRuns: 20 },
  );
});

it('keeps a look with more detections than fit in one piece of memory', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => ({
    box: { x: i, y: i / 2, width: 10, height: 12 },
    score: (i % 128) / 128,
  }));
  const store = new LookStore();
  const [first, , last] = [many.slice(0, 3), many, many.slice(7)].map((each) => store.keep('careful', each));
  expect(first.detections).toEqual(many.slice(0, 3));
  expect(last.detections).toEqual(many.slice(7));
});

it('packed boxes come back bit by bit', () => {
  fc.assert(
    fc.property(fc.array(box), (boxes) => {
      expect(unpackBoxes(packBoxes(boxes))).toEqual(boxes);
    }),
  );
});
