import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverRegion } from '../../src/core/plan/cover-region.ts';
import type { PlanTrack } from '../../src/core/plan/plan.ts';
import { covers, rasterise } from '../../src/core/redact/mask.ts';
import { draftInMiddle, nudge, regionOf } from '../../src/review/page/logic/drawing.ts';
import { dragBox, handleAt, handlesOf } from '../../src/review/page/logic/handles.ts';
import { trackAt } from '../../src/review/page/logic/hit.ts';
import { boundsOf, inside, outlineOf } from '../../src/review/page/logic/outline.ts';
import {
  frameWidth,
  lookAt,
  MOST_ZOOM,
  panBy,
  place,
  toPicture,
  toStage,
  WHOLE,
  zoomAt,
} from '../../src/review/page/logic/viewport.ts';

const size = fc.record({
  width: fc.integer({ min: 60, max: 4000 }),
  height: fc.integer({ min: 60, max: 4000 }),
});
const look = fc.record({
  zoom: fc.double({ min: 1, max: MOST_ZOOM, noNaN: true }),
  x: fc.double({ min: 0, max: 1, noNaN: true }),
  y: fc.double({ min: 0, max: 1, noNaN: true }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('looking at a picture', () => {
  it('shows all of it at first, and never lets it be pushed off the stage', () => {
    fc.assert(
      fc.property(size, size, look, fc.integer({ min: -9000, max: 9000 }), (picture, stage, seen, push) => {
        const whole = place(WHOLE, picture, stage);
        expect(whole.x).toBeGreaterThanOrEqual(0);
        expect(whole.x + picture.width * whole.scale).toBeLessThanOrEqual(stage.width + 1e-6);
        const pushed = place(panBy(seen, push, -push, picture, stage), picture, stage);
        for (const [from, length, room] of [
          [pushed.x, picture.width * pushed.scale, stage.width],
          [pushed.y, picture.height * pushed.scale, stage.height],
        ]) {
          // Either it lies inside, or it fills the stage but for the margin.
          if (length <= room) expect(from).toBeCloseTo((room - length) / 2, 5);
          else {
            expect(from).toBeLessThanOrEqual(8 + 1e-6);
            expect(from + length).toBeGreaterThanOrEqual(room - 8 - 1e-6);
          }
        }
      }),
    );
  });

  it('keeps the point under the pointer where it is while zooming in', () => {
    fc.assert(
      fc.property(
        size,
        share,
        share,
        fc.double({ min: 1.2, max: 4, noNaN: true }),
        (picture, u, v, factor) => {
          const stage = { width: 900, height: 500 };
          // From a look that fills the stage in both directions, the edges do not hold it back.
          const near = zoomAt(WHOLE, 8, { x: 450, y: 250 }, picture, stage);
          const before = place(near, picture, stage);
          if (picture.width * before.scale < 900 || picture.height * before.scale < 500) return;
          const at = { x: 900 * u, y: 500 * v };
          const after = place(zoomAt(near, factor, at, picture, stage), picture, stage);
          if (after.zoom === MOST_ZOOM) return;
          const point = toPicture(at, before);
          expect(toStage(point, after).x).toBeCloseTo(at.x, 3);
          expect(toStage(point, after).y).toBeCloseTo(at.y, 3);
        },
      ),
    );
  });

  it('brings a small face into the middle, large enough to judge', () => {
    const picture = { width: 3840, height: 2160 };
    const stage = { width: 900, height: 500 };
    const box = { x: 3000, y: 400, width: 30, height: 40 };
    const seen = place(lookAt(box, picture, stage), picture, stage);
    const middle = toStage({ x: 3015, y: 420 }, seen);
    expect(Math.hypot(middle.x - 450, middle.y - 250)).toBeLessThan(1);
    expect(box.height * seen.scale).toBeGreaterThan(100);
    expect(seen.zoom).toBeLessThanOrEqual(MOST_ZOOM);
  });

  it('asks for frames as wide as the screen can show and no wider than they are', () => {
    expect(frameWidth(3840, 0.25, 1)).toBe(960);
    expect(frameWidth(3840, 0.25, 2)).toBe(1920);
    expect(frameWidth(3840, 4, 2)).toBe(3840);
    expect(frameWidth(320, 1, 2)).toBe(320);
  });
});

const track = (
  id: number,
  box: [number, number, number, number],
  more: Partial<PlanTrack> = {},
): PlanTrack => ({
  id,
  from: 0,
  boxes: [box],
  decision: 'cover',
  standing: 'sure',
  score: 0.9,
  ...more,
});
const TRIANGLE = {
  kind: 'polygon' as const,
  points: [
    [0, 0],
    [1, 0],
    [0.5, 1],
  ] as [number, number][],
};

describe('what is drawn over the picture', () => {
  it.each([
    ['a head', {}],
    ['an ellipse', { shape: { kind: 'ellipse' as const } }],
    ['a box', { shape: { kind: 'rectangle' as const } }],
    ['a polygon', { shape: TRIANGLE }],
    ['a head that was made larger', { grow: 2 }],
  ])('shows the very pixels that rendering covers: %s', (_name, more) => {
    const shown = track(1, [220, 160, 120, 150], more);
    const corners = outlineOf(shown, 0, 'head');
    const mask = rasterise([coverRegion(shown, 0, 'head')], 640, 480);
    let open = 0;
    let beyond = 0;
    let covered = 0;
    for (let y = 0; y < 480; y += 2) {
      for (let x = 0; x < 640; x += 2) {
        const drawn = inside({ x: x + 1, y: y + 1 }, corners);
        const isCovered = covers(mask, x, y);
        if (isCovered) covered++;
        if (drawn && !isCovered) open++;
        if (!drawn && isCovered) beyond++;
      }
    }
    const { width, height } = boundsOf(corners);
    expect(covered).toBeGreaterThan(1000);
    // A cover reaches out to whole cells, so it may be a cell larger than its outline, and no smaller.
    expect(open).toBe(0);
    expect(beyond).toBeLessThan(width + height);
  });

  it('is chosen by the smallest cover under the pointer, and small faces by a finger', () => {
    const large = track(1, [100, 100, 200, 250]);
    const small = track(2, [180, 180, 30, 40]);
    const tiny = track(3, [500, 400, 8, 10]);
    const here = [large, small, tiny];
    const at = (x: number, y: number, reach = 4) => trackAt({ x, y }, here, 0, 'head', reach)?.id;
    expect(at(195, 200)).toBe(2);
    expect(at(120, 300)).toBe(1);
    expect(at(600, 100)).toBeUndefined();
    expect(at(520, 410)).toBeUndefined();
    expect(at(520, 410, 22)).toBe(3);
  });
});

describe('drawing', () => {
  const picture = { width: 640, height: 360 };

  it('makes no region of a slip of the hand', () => {
    const point = { x: 10, y: 10 };
    expect(regionOf({ kind: 'ellipse', points: [point] })).toBeUndefined();
    expect(regionOf({ kind: 'ellipse', points: [point, { x: 12, y: 60 }] })).toBeUndefined();
    expect(regionOf({ kind: 'polygon', points: [point, { x: 60, y: 60 }] })).toBeUndefined();
    expect(regionOf({ kind: 'rectangle', points: [{ x: 60, y: 50 }, point] })).toEqual({
      rectangle: [10, 10, 50, 40],
    });
  });

  it('by keys stays inside the picture, whatever is pressed', () => {
    const keys = fc.array(
      fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 }), fc.boolean()),
    );
    fc.assert(
      fc.property(keys, (presses) => {
        let draft = draftInMiddle('ellipse', { x: 320, y: 180 }, picture, picture);
        for (const [dx, dy, resize] of presses) draft = nudge(draft, dx * 40, dy * 40, resize, picture);
        const { x, y, width, height } = boundsOf(draft.points);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1e-9);
        expect(x + width).toBeLessThanOrEqual(picture.width + 1e-9);
        expect(y + height).toBeLessThanOrEqual(picture.height + 1e-9);
        expect(regionOf(draft)).toBeDefined();
      }),
    );
  });

  it('moves the side that is dragged and no other, and never turns a box inside out', () => {
    const box = { x: 100, y: 100, width: 80, height: 60 };
    for (const { handle, at } of handlesOf(box)) {
      expect(handleAt(at, box, 5)).toEqual(handle);
      const dragged = dragBox(box, handle, 13, -7);
      const right = (b: typeof box) => b.x + b.width;
      const bottom = (b: typeof box) => b.y + b.height;
      if (handle === 'body') throw new Error('no corner');
      expect(dragged.x - box.x).toBe(handle.x === -1 ? 13 : 0);
      expect(right(dragged) - right(box)).toBe(handle.x === 1 ? 13 : 0);
      expect(dragged.y - box.y).toBe(handle.y === -1 ? -7 : 0);
      expect(bottom(dragged) - bottom(box)).toBe(handle.y === 1 ? -7 : 0);
      const far = dragBox(box, handle, 500 * -(handle.x || 1), 500 * -(handle.y || 1));
      expect(Math.min(far.width, far.height)).toBeGreaterThanOrEqual(4);
    }
    expect(handleAt({ x: 140, y: 130 }, box, 5)).toBe('body');
    expect(handleAt({ x: 300, y: 130 }, box, 5)).toBeUndefined();
  });
});
