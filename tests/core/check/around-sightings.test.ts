import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aroundSightings, type ExaminedFrame } from '../../../src/core/check/around-sightings.ts';
import type { Box } from '../../../src/core/geometry/box.ts';
import { applyToBox, IDENTITY } from '../../../src/core/geometry/similarity.ts';

const FPS = 30;
const REASON = 'found in the written file';

/** A film whose camera moves everything by (dx, dy) a frame, and what was seen open in some of its frames. */
function film(
  frames: number,
  [dx, dy]: readonly [number, number],
  seen: ReadonlyMap<number, readonly Box[]>,
  cuts: readonly number[] = [],
): ExaminedFrame[] {
  return Array.from({ length: frames }, (_, frame) => ({
    motion: {
      transform: { ...IDENTITY, tx: dx, ty: dy },
      confidence: 1,
      cut: frame === 0 || cuts.includes(frame),
    },
    open: (seen.get(frame) ?? []).map((box) => ({ box, score: 0.5 + frame / 1000 })),
  }));
}

describe('covering around what was seen open', () => {
  const box = fc.record({
    x: fc.double({ min: 0, max: 1200, noNaN: true }),
    y: fc.double({ min: 0, max: 700, noNaN: true }),
    width: fc.double({ min: 10, max: 200, noNaN: true }),
    height: fc.double({ min: 10, max: 200, noNaN: true }),
  });
  const shift = fc.double({ min: -6, max: 6, noNaN: true });

  test('every sighting is covered by its own box, and its place for half a second on both sides of it in its shot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(119), box), { minLength: 1, maxLength: 8 }),
        fc.tuple(shift, shift),
        fc.array(fc.nat(119), { maxLength: 2 }),
        (sightings, move, cuts) => {
          const seen = new Map<number, Box[]>();
          for (const [frame, place] of sightings) seen.set(frame, [...(seen.get(frame) ?? []), place]);
          const frames = film(120, move, seen, cuts);
          const openings = aroundSightings(frames, FPS, REASON);
          for (const [frame, place] of sightings) {
            const covering = openings.filter(
              ({ from, boxes }) => boxes[frame - from] && near(boxes[frame - from], place),
            );
            expect(covering.length, `frame ${frame}`).toBeGreaterThanOrEqual(1);
            const shot = {
              from: Math.max(0, ...cuts.filter((cut) => cut <= frame)),
              to: Math.min(120, ...cuts.filter((cut) => cut > frame)),
            };
            const [from, to] = [Math.max(shot.from, frame - 15), Math.min(shot.to - 1, frame + 15)];
            expect(
              covering.some((each) => each.from <= from && each.from + each.boxes.length - 1 >= to),
              `frames ${from} to ${to}`,
            ).toBe(true);
            for (const each of covering) {
              expect(each.from).toBeGreaterThanOrEqual(shot.from);
              expect(each.from + each.boxes.length).toBeLessThanOrEqual(shot.to);
            }
          }
        },
      ),
    );
  });

  test('what stays in its place is one opening, moved with the camera; two people are two', () => {
    const still = { x: 300, y: 200, width: 40, height: 50 };
    const other = { x: 700, y: 200, width: 40, height: 50 };
    const move = [3, -1] as const;
    const at = (place: Box, frame: number) => applyToBox({ ...IDENTITY, tx: 3 * frame, ty: -frame }, place);
    const seen = new Map([30, 36, 42].map((frame) => [frame, [at(still, frame), at(other, frame)]]));
    const openings = aroundSightings(film(90, move, seen), FPS, REASON);
    expect(openings.map(({ from, boxes }) => [from, boxes.length])).toEqual([
      [15, 43],
      [15, 43],
    ]);
    for (const [i, place] of [still, other].entries()) {
      for (const [n, found] of openings[i].boxes.entries()) expect(near(found, at(place, 15 + n))).toBe(true);
    }
    expect(openings[0].score).toBeCloseTo(0.542);
  });

  test('somebody who is gone and somebody else who comes elsewhere are not joined', () => {
    const first = { x: 300, y: 200, width: 100, height: 120 };
    const second = { x: 430, y: 220, width: 100, height: 120 };
    const openings = aroundSightings(
      film(
        60,
        [0, 0],
        new Map([
          [18, [first]],
          [24, [second]],
        ]),
      ),
      FPS,
      REASON,
    );
    expect(openings).toHaveLength(2);
    for (const { boxes } of openings)
      expect(boxes.every((box) => near(box, first) || near(box, second))).toBe(true);
  });
});

function near(a: Box, b: Box): boolean {
  return [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height].every((d) => Math.abs(d) < 0.01);
}
