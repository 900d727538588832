import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, tupleOf } from '../../../src/core/plan/box-tuple.ts';
import { CoverIndex } from '../../../src/core/plan/cover-index.ts';
import { type Plan, parsePlan } from '../../../src/core/plan/plan.ts';
import { framesCovered } from '../../../src/pipeline/frames-covered.ts';

const plan: Plan = {
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', width: 640, height: 360, frames: 10, frameRate: 25 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0],
  tracks: [
    {
      id: 1,
      from: 2,
      boxes: [
        [1, 2, 30, 40],
        [2, 2, 30, 40],
      ],
      decision: 'cover',
      standing: 'sure',
      score: 0.9,
    },
    { id: 2, from: 3, boxes: [[100, 50, 20, 20]], decision: 'keep', standing: 'doubtful', score: 0.2 },
  ],
  risks: [{ from: 1, to: 4, at: 2, level: 0.4, reasons: ['dark'] }],
};
const change = (edit: (copy: Record<string, never> & Plan) => void) => {
  const copy = structuredClone(plan) as Record<string, never> & Plan;
  edit(copy);
  return () => parsePlan(JSON.parse(JSON.stringify(copy)));
};

describe('a plan read from outside', () => {
  it('survives writing and reading', () => {
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('is refused if it holds anything it should not', () => {
    expect(change((copy) => Object.assign(copy, { path: '/home/someone/march.mp4' }))).toThrow(/path/);
    expect(change((copy) => Object.assign(copy.tracks[0], { name: 'someone' }))).toThrow(/name/);
    expect(change((copy) => Object.assign(copy, { version: 2 }))).toThrow();
  });

  it('is refused if a number makes no sense: a mask that cannot be drawn would leave a face open', () => {
    expect(
      change((copy) => {
        copy.tracks[0].boxes[0][2] = -1;
      }),
    ).toThrow();
    expect(
      change((copy) => {
        copy.tracks[0].boxes[0][0] = Number.NaN;
      }),
    ).toThrow();
    expect(
      change((copy) => {
        copy.tracks[0].from = 9;
      }),
    ).toThrow(/past the end/);
    expect(
      change((copy) => {
        copy.tracks[0].boxes.length = 0;
      }),
    ).toThrow();
  });
});

describe('cover of a frame', () => {
  it('is every track that is to be covered and lasts', () => {
    const index = new CoverIndex(plan);
    expect([0, 1, 2, 3, 4].map((frame) => index.tracksAt(frame).length)).toEqual([0, 0, 1, 1, 0]);
    expect(framesCovered(plan)).toBe(2);
  });

  it('is the same as looking at all tracks in every frame', () => {
    const track = fc.record({
      from: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 1, max: 12 }),
      decision: fc.constantFrom('cover' as const, 'keep' as const),
    });
    fc.assert(
      fc.property(fc.array(track, { maxLength: 30 }), (made) => {
        const tracks = made.map(({ from, length, decision }, i) => ({
          ...{ id: i + 1, from, decision, standing: 'sure' as const, score: 0.5 },
          boxes: Array.from({ length }, (_, k): [number, number, number, number] => [i, k, 10, 10]),
        }));
        const film = { ...plan.film, frames: 60 };
        const index = new CoverIndex({ ...plan, film, tracks });
        let covered = 0;
        for (let frame = 0; frame < film.frames; frame++) {
          const expected = tracks
            .filter((t) => t.decision === 'cover' && frame >= t.from && frame < t.from + t.boxes.length)
            .map((t) => boxOf(t.boxes[frame - t.from]));
          const key = (box: { x: number; y: number }) => `${box.x},${box.y}`;
          expect(
            index
              .tracksAt(frame)
              .map(({ box }) => key(box))
              .sort(),
          ).toEqual(expected.map(key).sort());
          if (expected.length > 0) covered++;
        }
        expect(framesCovered({ ...plan, film, tracks })).toBe(covered);
      }),
    );
  });

  it('never shrinks by rounding', () => {
    const value = fc.double({ min: -100, max: 5000, noNaN: true });
    const side = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(value, value, side, side, (x, y, width, height) => {
        const rounded = boxOf(tupleOf({ x, y, width, height }));
        expect(rounded.x).toBeLessThanOrEqual(x);
        expect(rounded.y).toBeLessThanOrEqual(y);
        expect(rounded.x + rounded.width).toBeGreaterThanOrEqual(x + width - 1e-9);
        expect(rounded.y + rounded.height).toBeGreaterThanOrEqual(y + height - 1e-9);
      }),
    );
  });
});
