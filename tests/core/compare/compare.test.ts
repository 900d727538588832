import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL } from '../../../src/core/compare/cell-sums.ts';
import { ChangeDetector, type ChangeMask } from '../../../src/core/compare/change-mask.ts';
import { ChangeSpans } from '../../../src/core/compare/change-spans.ts';
import { localRange } from '../../../src/core/compare/local-range.ts';
import { type Pair, pairByNumber, pairByShowing, pairByTime } from '../../../src/core/compare/pairing.ts';
import { reducePhoto } from '../../../src/core/compare/reduce-photo.ts';
import { type ChangedRegion, regionsOf } from '../../../src/core/compare/regions.ts';
import { expandChroma, expandLuma, type SmallPicture } from '../../../src/core/compare/small-picture.ts';
import { type SmallFrame, Tally } from '../../../src/core/compare/tally.ts';
import { gradient, withAlpha } from '../../support/photos.ts';

/** A photo with structure and a little noise, made small. */
function photo(width: number, height: number, change?: (x: number, y: number) => number): SmallPicture {
  const { data } = gradient(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const at = (y * width + x) * 3 + channel;
        // Folded, so that the gradient has no jumps.
        const smooth = Math.abs(((data[at] * 2) % 510) - 255);
        data[at] = Math.max(0, Math.min(255, 0.5 * smooth + 60 + (change?.(x, y) ?? 0)));
      }
  return reducePhoto(data, width, height, 3);
}

const size = fc.record({ width: fc.integer({ min: 1, max: 150 }), height: fc.integer({ min: 1, max: 150 }) });
const kind = fc.constantFrom('photo' as const, 'video' as const);

describe('the mask of changed cells', () => {
  it('is empty for two alike, and for noise of a level or two', () => {
    fc.assert(
      fc.property(
        size,
        kind,
        fc.infiniteStream(fc.integer({ min: -2, max: 2 })),
        ({ width, height }, kind, noise) => {
          const same = photo(width, height);
          expect(new ChangeDetector(kind).compare(same, photo(width, height)).count).toBe(0);
          const noisy = photo(width, height, () => noise.next().value);
          expect(new ChangeDetector(kind).compare(same, noisy).count).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('holds every cell of a patch that differs clearly, and little around it', () => {
    const patch = fc.record({
      x: fc.nat(100),
      y: fc.nat(100),
      width: fc.integer({ min: 16, max: 60 }),
      height: fc.integer({ min: 16, max: 60 }),
    });
    fc.assert(
      fc.property(patch, kind, fc.constantFrom(-60, 60), ({ x, y, width, height }, kind, by) => {
        const inside = (px: number, py: number) => px >= x && px < x + width && py >= y && py < y + height;
        const [before, after] = [photo(180, 170), photo(180, 170, (px, py) => (inside(px, py) ? by : 0))];
        const mask = new ChangeDetector(kind).compare(before, after);
        for (let row = 0; row < mask.rows; row++)
          for (let column = 0; column < mask.columns; column++) {
            const [left, top] = [column * CELL, row * CELL];
            const isWithin = inside(left, top) && inside(left + CELL - 1, top + CELL - 1);
            const isNear =
              left + 2 * CELL > x && left - CELL < x + width && top + 2 * CELL > y && top - CELL < y + height;
            const changed = mask.changed[row * mask.columns + column];
            if (isWithin) expect(changed, `cell ${column},${row}`).toBe(1);
            if (!isNear) expect(changed, `cell ${column},${row}`).toBe(0);
          }
        const [region, ...others] = regionsOf(mask, 180, 170);
        expect(others).toEqual([]);
        expect(region.box.x).toBeLessThan(x + CELL);
        expect(region.box.x + region.box.width).toBeGreaterThanOrEqual(Math.min(180, x + width) - CELL);
        expect(region.box.x + region.box.width).toBeLessThanOrEqual(180);
        expect(region.box.y + region.box.height).toBeLessThanOrEqual(170);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same whichever of the two is the original, and from a detector that was used before', () => {
    fc.assert(
      fc.property(fc.nat(90), fc.nat(90), fc.integer({ min: 4, max: 80 }), (x, y, by) => {
        const change = (px: number, py: number) => (Math.abs(px - x) + Math.abs(py - y) < 25 ? by : 0);
        const [a, b] = [photo(110, 100), photo(110, 100, change)];
        const used = new ChangeDetector('video');
        used.compare(
          photo(40, 200),
          photo(40, 200, () => 90),
        );
        const there = Uint8Array.from(used.compare(a, b).changed);
        expect(Uint8Array.from(new ChangeDetector('video').compare(b, a).changed)).toEqual(there);
        expect(new ChangeDetector('video').compare(a, b).changed).toEqual(there);
      }),
      { numRuns: 30 },
    );
  });

  it('holds on to a change of a film that grows faint, and does not begin with a faint one', () => {
    const by = (level: number) => {
      const isIn = (pixel: number) => Math.hypot((pixel % 96) - 48, Math.floor(pixel / 96) - 48) < 20;
      const data = Uint8Array.from(
        { length: 96 * 96 * 3 },
        (_, i) => 100 + (isIn(Math.floor(i / 3)) ? level : 0),
      );
      return reducePhoto(data, 96, 96, 3);
    };
    const detector = new ChangeDetector('video');
    const seen = [9, 60, 9, 9, 0, 9].map((level) => detector.compare(by(0), by(level)).count > 0);
    expect(seen).toEqual([false, true, true, true, false, false]);
    const single = new ChangeDetector('photo');
    expect([0, 9, 0].map((level) => single.compare(by(0), by(level)).count > 0)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('sees colours that change where brightness does not', () => {
    const flat = (red: number, green: number, blue: number) =>
      reducePhoto(
        Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => [red, green, blue][i % 3]),
        64,
        64,
        3,
      );
    const [grey, tinted] = [flat(128, 128, 128), flat(255, 89, 10)]; // both of luma 128, more or less
    expect(Math.abs(grey.luma[0] - tinted.luma[0])).toBeLessThan(3);
    const mask = new ChangeDetector('video').compare(grey, tinted);
    expect(mask.count).toBe(mask.columns * mask.rows);
  });

  it('is refused for pictures of different sizes', () => {
    expect(() => new ChangeDetector('photo').compare(photo(20, 20), photo(21, 20))).toThrow(
      /different sizes/,
    );
  });
});

describe('making pictures small', () => {
  it('takes means of 4x4 pixels, and of what there is at the edges', () => {
    const data = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (Math.floor(i / 3) % 5 === 4 ? 200 : 40));
    const { width, height, luma, cb, cr } = reducePhoto(data, 5, 3, 3);
    expect([width, height, ...luma]).toEqual([2, 1, 40, 200]);
    expect([...cb, ...cr]).toEqual([128, 128, 128, 128]);
  });

  it('shows a change of transparency', () => {
    const base = gradient(32, 32);
    const small = (alpha: number) => reducePhoto(withAlpha(base, () => alpha).data, 32, 32, 4);
    expect(new ChangeDetector('photo').compare(small(255), small(0)).count).toBeGreaterThan(8);
    expect(new ChangeDetector('photo').compare(small(255), reducePhoto(base.data, 32, 32, 3)).count).toBe(0);
  });

  it('takes limited range to full range', () => {
    const luma = Uint8Array.of(0, 16, 126, 235, 255);
    expandLuma(luma);
    expect([...luma]).toEqual([0, 0, 128, 255, 255]);
    const chroma = Uint8Array.of(16, 128, 240);
    expandChroma(chroma);
    expect([...chroma]).toEqual([0, 128, 255]);
  });

  it('local range is that of the 3x3 neighbours', () => {
    const picture = fc
      .integer({ min: 1, max: 9 })
      .chain((width) =>
        fc
          .integer({ min: 1, max: 9 })
          .chain((height) =>
            fc
              .uint8Array({ minLength: width * height, maxLength: width * height })
              .map((samples) => ({ width, height, samples })),
          ),
      );
    fc.assert(
      fc.property(picture, ({ width, height, samples }) => {
        const out = new Uint8Array(samples.length);
        localRange(samples, width, height, out, {
          least: new Uint8Array(samples.length),
          most: new Uint8Array(samples.length),
        });
        const expected = samples.map((_, at) => {
          const near = samples.filter(
            (_, other) =>
              Math.abs((other % width) - (at % width)) <= 1 &&
              Math.abs(Math.floor(other / width) - Math.floor(at / width)) <= 1,
          );
          return Math.max(...near) - Math.min(...near);
        });
        expect(out).toEqual(expected);
      }),
    );
  });
});

describe('regions', () => {
  const grids = fc.integer({ min: 1, max: 12 }).chain((columns) =>
    fc.integer({ min: 1, max: 12 }).chain((rows) =>
      fc.uint8Array({ minLength: columns * rows, maxLength: columns * rows, max: 1 }).map(
        (changed): ChangeMask => ({
          columns,
          rows,
          changed,
          count: changed.reduce((a, b) => a + b, 0),
          largest: { luma: 0, colour: 0 },
        }),
      ),
    ),
  );

  it('hold every changed cell once, and two that touch are one', () => {
    fc.assert(
      fc.property(grids, (mask) => {
        const regions = regionsOf(mask, mask.columns * CELL, mask.rows * CELL);
        expect(regions.reduce((sum, { cells }) => sum + cells, 0)).toBe(mask.count);
        for (const [at, changed] of mask.changed.entries()) {
          if (!changed) continue;
          const [x, y] = [(at % mask.columns) * CELL, Math.floor(at / mask.columns) * CELL];
          expect(
            regions.some(
              ({ box }) => box.x <= x && x < box.x + box.width && box.y <= y && y < box.y + box.height,
            ),
          ).toBe(true);
        }
      }),
    );
  });

  it('end where the picture does', () => {
    const mask = {
      columns: 2,
      rows: 1,
      changed: Uint8Array.of(0, 1),
      count: 1,
      largest: { luma: 0, colour: 0 },
    };
    expect(regionsOf(mask, 13, 5)).toEqual([{ box: { x: 8, y: 0, width: 5, height: 5 }, cells: 1 }]);
  });
});

describe('changes over time', () => {
  const box = (x: number, y: number, width = 16, height = 16) => ({ x, y, width, height });
  const region = (x: number, y: number, cells = 4): ChangedRegion => ({ box: box(x, y), cells });

  it('follow a place that moves, over frames in which it cannot be seen, and end when it is gone', () => {
    const spans = new ChangeSpans();
    for (let frame = 0; frame < 40; frame++) {
      if (frame === 12) continue;
      if (frame < 30)
        spans.add(frame, [
          region(8 * frame, 0, frame === 20 ? 9 : 4),
          ...(frame > 5 ? [region(0, 200)] : []),
        ]);
      else spans.add(frame, []);
    }
    expect(spans.finish()).toEqual({
      left: 0,
      changes: [
        { from: 0, to: 30, box: box(0, 0, 8 * 29 + 16), at: 20, largest: box(160, 0) },
        { from: 6, to: 30, box: box(0, 200), at: 6, largest: box(0, 200) },
      ],
    });
  });

  it('become one where two meet', () => {
    const spans = new ChangeSpans();
    spans.add(0, [region(0, 0), region(100, 0)]);
    spans.add(1, [{ box: box(0, 0, 120), cells: 30 }]);
    expect(spans.finish().changes).toEqual([
      { from: 0, to: 2, box: box(0, 0, 120), at: 1, largest: box(0, 0, 120) },
    ]);
  });

  it('cover every region of every frame, and no frame without one at their ends', () => {
    const regions = fc.array(
      fc.record({
        x: fc.nat(20),
        y: fc.nat(20),
        width: fc.integer({ min: 1, max: 8 }),
        height: fc.integer({ min: 1, max: 8 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(regions, { maxLength: 30 }), (frames) => {
        const spans = new ChangeSpans();
        for (const [frame, boxes] of frames.entries())
          spans.add(
            frame,
            boxes.map((box) => ({ box, cells: box.width * box.height })),
          );
        const { changes } = spans.finish();
        for (const [frame, boxes] of frames.entries())
          for (const { x, y, width, height } of boxes)
            expect(
              changes.some(
                ({ from, to, box }) =>
                  from <= frame &&
                  frame < to &&
                  box.x <= x &&
                  box.y <= y &&
                  box.x + box.width >= x + width &&
                  box.y + box.height >= y + height,
              ),
            ).toBe(true);
        for (const { from, to, at } of changes) {
          for (const frame of [from, to - 1, at]) expect(frames[frame].length).toBeGreaterThan(0);
          expect(at).toBeGreaterThanOrEqual(from);
          expect(at).toBeLessThan(to);
        }
      }),
    );
  });
});

describe('pairs', () => {
  async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
    yield* items;
  }
  const all = async <A, B>(pairs: AsyncIterable<Pair<A, B>>) => {
    const list: Pair<A, B>[] = [];
    for await (const pair of pairs) list.push(pair);
    return list;
  };
  /** Times of a film with frames from 10 to 100 ms apart. */
  const film = fc
    .array(fc.integer({ min: 10, max: 100 }), { minLength: 1, maxLength: 60 })
    .map((gaps) =>
      gaps.map((_, i) => ({ time: gaps.slice(0, i).reduce((a, b) => a + b, 0) / 1000, index: i })),
    );

  it('by time: every frame comes once, in order, whatever the times are', async () => {
    await fc.assert(
      fc.asyncProperty(film, film, async (before, after) => {
        const pairs = await all(pairByTime(each(before), each(after)));
        expect(pairs.flatMap(({ before }) => (before ? [before] : []))).toEqual(before);
        expect(pairs.flatMap(({ after }) => (after ? [after] : []))).toEqual(after);
      }),
    );
  });

  it('by time: where frames are dropped and times rounded, each of the others finds its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        film,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.integer({ min: -4, max: 4 })),
        async (before, drops, jitter) => {
          const kept = before.filter(({ index }) => index === 0 || !drops.next().value);
          const after = kept.map(({ index, time }) => ({ index, time: time + jitter.next().value / 1000 }));
          const pairs = await all(pairByTime(each(before), each(after)));
          const missing = pairs.filter(({ after }) => !after).map(({ before }) => before?.index);
          expect(missing).toEqual(
            before.map(({ index }) => index).filter((index) => !kept.some((one) => one.index === index)),
          );
          for (const { before, after } of pairs) if (before && after) expect(after.index).toBe(before.index);
        },
      ),
    );
  });

  it('by number: the rest of the longer one stands alone', async () => {
    expect(await all(pairByNumber(each([1, 2, 3]), each(['a'])))).toEqual([
      { before: 1, after: 'a' },
      { before: 2 },
      { before: 3 },
    ]);
    expect(await all(pairByNumber(each<number>([]), each(['a'])))).toEqual([{ after: 'a' }]);
  });

  it('by what is shown: pictures that were joined are paired again, and lost ones are missed', async () => {
    const shown = (...times: [number, number][]) => times.map(([time, duration]) => ({ time, duration }));
    const before = shown([0, 0.1], [0.1, 0.1], [0.2, 0.1], [0.3, 0.2]);
    const numbers = async (after: { time: number; duration: number }[]) =>
      (await all(pairByShowing(each(before), each(after)))).map((pair) => [
        pair.before ? before.indexOf(pair.before) : undefined,
        pair.after?.time,
      ]);
    const joined = shown([0, 0.3], [0.3, 0.2]);
    expect(await numbers(joined)).toEqual([
      [0, 0],
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
    ]);
    expect(await numbers(shown([0, 0.1], [0.1, 0.1]))).toEqual([
      [0, 0],
      [1, 0.1],
      [2, undefined],
      [3, undefined],
    ]);
    const more = shown([0, 0.1], [0.1, 0.05], [0.15, 0.05], [0.2, 0.1], [0.3, 0.2], [0.5, 0.1]);
    expect(await numbers(more)).toEqual([
      [0, 0],
      [1, 0.1],
      [undefined, 0.15],
      [2, 0.2],
      [3, 0.3],
      [undefined, 0.5],
    ]);
  });
});

it('a tally numbers frames as the original does', () => {
  const frame = (index: number, picture = photo(64, 64)): SmallFrame => ({
    index,
    time: index / 10,
    duration: 0,
    picture,
  });
  const tally = new Tally('video');
  const changed = photo(64, 64, (x, y) => (x < 32 && y < 32 ? 80 : 0));
  tally.add({ before: frame(0), after: frame(0) });
  tally.add({ before: frame(1) });
  tally.add({ before: frame(2), after: { ...frame(1, changed), time: 0.25 } });
  tally.add({ before: frame(3), after: frame(2) });
  tally.add({ after: frame(3) });
  const { pictures, ...rest } = tally.finish();
  expect(rest).toEqual({
    originalFrames: 4,
    fileFrames: 4,
    missing: { count: 1, frames: [1] },
    extra: { count: 1, frames: [3] },
    times: { largestDifference: expect.closeTo(0.1, 9), at: 3 },
  });
  expect(pictures).toMatchObject({
    ...{
      compared: 3,
      changed: 1,
      leftOut: 0,
      unchanged: [
        { from: 0, to: 1 },
        { from: 3, to: 4 },
      ],
    },
    share: { most: 0.25, at: 2 },
    changes: [{ from: 2, to: 3, fromTime: 0.2, toTime: 0.2, box: { x: 0, y: 0, width: 32, height: 32 } }],
  });
  expect(pictures?.share.mean).toBeCloseTo(0.25 / 3, 9);
});
