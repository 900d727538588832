import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanTrack } from '../../src/core/plan/plan.ts';
import { FrameCache } from '../../src/review/page/logic/frame-cache.ts';
import { FrameTimes } from '../../src/review/page/logic/frame-times.ts';
import { lanesIn, lanesInSight, laneToShow, scrollToLane } from '../../src/review/page/logic/lanes.ts';
import { Lines } from '../../src/review/page/logic/lines.ts';
import { nextFrame, wantedFrames } from '../../src/review/page/logic/playhead.ts';
import { rulerMarks, rulerStep } from '../../src/review/page/logic/ruler.ts';
import { panTime, secondsAt, showMoment, xOf, zoomTime } from '../../src/review/page/logic/time-window.ts';

const steps = fc.array(fc.double({ min: 0.001, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 });

/** A film whose frames last as long as the steps say. */
function filmOf(durations: readonly number[]): FrameTimes {
  let at = 0;
  const times = [0, ...durations.map((step) => (at += step))];
  return new FrameTimes(times, times.length, times.length / at);
}

describe('playing', () => {
  it('knows which frame is on the screen at any moment, however uneven they are', () => {
    fc.assert(
      fc.property(steps, (durations) => {
        const film = filmOf(durations);
        for (let frame = 0; frame < film.frames; frame++) {
          expect(film.frameAt(film.at(frame))).toBe(frame);
          expect(film.frameAt((film.at(frame) + film.at(frame + 1)) / 2)).toBe(frame);
        }
        expect(film.frameAt(film.duration + 5)).toBe(film.frames - 1);
        expect(film.frameAt(-1)).toBe(0);
      }),
    );
  });

  it('to a hand that cannot point better, gives a frame that is there soon, else the very one', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.boolean()),
        fc.double({ min: -1, max: 90, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (durations, marks, seconds, tolerance) => {
          const plain = filmOf(durations);
          const times = Array.from({ length: plain.frames }, (_, i) => plain.at(i));
          const quick = times.flatMap((_, i) => (i === 0 || marks[i] ? [i] : []));
          const film = new FrameTimes(times, times.length, plain.rate, quick);
          const found = film.frameNear(seconds, tolerance);
          const away = (frame: number) => Math.abs(film.at(frame) - seconds);
          const near = quick.filter((frame) => away(frame) <= tolerance);
          if (near.length === 0) expect(found).toBe(film.frameAt(seconds));
          else expect(near.map(away).sort((a, b) => a - b)[0]).toBe(away(found));
          expect(plain.frameNear(seconds, tolerance)).toBe(plain.frameAt(seconds));
        },
      ),
    );
  });

  it('shows every frame, however late the screen is', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1 }),
        (durations, waits) => {
          const film = filmOf(durations);
          let frame = 0;
          for (const wait of waits) {
            const next = nextFrame(frame, wait, 4, film);
            expect(next - frame === 0 || next - frame === 1).toBe(true);
            if (wait * 4 < film.at(frame + 1) - film.at(frame) - 1e-3) expect(next).toBe(frame);
            frame = next;
          }
        },
      ),
    );
  });

  it('asks for the frame itself first, then for those ahead, and for none outside the film', () => {
    expect(wantedFrames(10, 100, false)).toEqual([10, 11, 9, 12, 8, 13, 14]);
    expect(wantedFrames(98, 100, true)).toEqual([98, 99]);
    expect(wantedFrames(0, 1, false)).toEqual([0]);
  });

  it('holds no more frames than it may, drops the longest unused and lets go of each once', () => {
    const closed: string[] = [];
    const cache = new FrameCache<{ name: string; bytes: number; close(): void }>(300);
    const put = (name: string) => cache.put(name, { name, bytes: 100, close: () => closed.push(name) });
    for (const name of ['a', 'b', 'c']) put(name);
    cache.get('a');
    put('d');
    expect(closed).toEqual(['b']);
    expect(['a', 'b', 'c', 'd'].filter((name) => cache.has(name))).toEqual(['a', 'c', 'd']);
    put('d');
    expect(cache.bytes).toBe(300);
    cache.clear();
    expect(closed.sort()).toEqual(['a', 'b', 'c', 'd', 'd']);
    expect(cache.bytes).toBe(0);
    // One that alone is too large is still shown.
    cache.put('huge', { name: 'huge', bytes: 1000, close: () => {} });
    expect(cache.get('huge')?.name).toBe('huge');
  });

  it('reads lines out of a stream that is cut anywhere', () => {
    const text = '{"a":1}\n\n{"b":"é"}\n{"c":3}\n';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const lines = new Lines();
        const read = at.slice(1).flatMap((end, i) => lines.push(text.slice(at[i], end)));
        expect(read).toEqual(['{"a":1}', '{"b":"é"}', '{"c":3}']);
      }),
    );
  });
});

describe('the time axis', () => {
  const window = fc
    .tuple(fc.double({ min: 0, max: 90, noNaN: true }), fc.double({ min: 0.5, max: 50, noNaN: true }))
    .map(([from, length]) => ({ from, to: Math.min(100, from + length) }));

  it('never leaves the film, and keeps a moment in place while zooming', () => {
    fc.assert(
      fc.property(
        window,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (shown, factor, share) => {
          const anchor = shown.from + share * (shown.to - shown.from);
          for (const next of [
            zoomTime(shown, factor, anchor, 100),
            panTime(shown, (factor - 5) * 30, 100),
            showMoment(shown, share * 99, 100),
          ]) {
            expect(next.from).toBeGreaterThanOrEqual(0);
            expect(next.to).toBeLessThanOrEqual(100 + 1e-9);
            expect(next.to - next.from).toBeGreaterThan(0);
          }
          const zoomed = zoomTime(shown, factor, anchor, 100);
          const held = zoomed.from > 0 && zoomed.to < 100;
          if (held) expect(xOf(anchor, zoomed, 900)).toBeCloseTo(xOf(anchor, shown, 900), 3);
          const there = showMoment(shown, share * 99, 100);
          expect(share * 99 >= there.from && share * 99 < there.to).toBe(true);
          expect(secondsAt(xOf(anchor, shown, 900), shown, 900)).toBeCloseTo(anchor, 6);
        },
      ),
    );
  });

  it('has marks that do not run into one another', () => {
    for (const perSecond of [0.05, 1, 7, 90, 4000]) {
      const step = rulerStep(perSecond, 84);
      expect(step * perSecond).toBeGreaterThanOrEqual(84);
    }
    expect(rulerMarks(0.9, 3.1, 1)).toEqual([1, 2, 3]);
    expect(rulerMarks(0, 0.5, 0.1)).toHaveLength(6);
  });
});

describe('lanes', () => {
  const make = (id: number, from: number, length: number, more: Partial<PlanTrack> = {}): PlanTrack => ({
    id,
    from,
    boxes: Array.from({ length }, () => [0, 0, 10, 10]),
    decision: 'cover',
    standing: 'sure',
    score: 1,
    ...more,
  });

  it('puts who stays visible on top, where nothing scrolls them away', () => {
    const tracks = [
      make(1, 0, 10),
      make(2, 5, 10, { standing: 'drawn' }),
      make(3, 8, 10, { decision: 'keep' }),
      make(4, 50, 10),
    ];
    expect(lanesIn(tracks, 0, 20).map(({ id }) => id)).toEqual([3, 2, 1]);
    // The frame after a track's last is not its own.
    expect(lanesIn(tracks, 10, 15).map(({ id }) => id)).toEqual([3, 2]);
  });

  it('draws no more lanes than are in sight, of however many', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => make(i + 1, i, 30));
    const lanes = lanesIn(many, 0, 30_000);
    expect(lanes).toHaveLength(20_000);
    const sight = lanesInSight(lanes.length, 14 * 5000, 14, 100);
    expect(sight).toEqual({ first: 5000, count: 9 });
    expect(lanesInSight(3, 0, 14, 100)).toEqual({ first: 0, count: 3 });
    // Going to a frame brings one of its lanes into sight, moving as little as need be.
    expect(laneToShow(lanes, 9000, undefined, sight)).toBe(8971);
    expect(laneToShow(lanes, 5010, undefined, sight)).toBeUndefined();
    expect(laneToShow(lanes, 5010, 5011, sight)).toBe(5010);
    expect(scrollToLane(8971, 14 * 5000, 14, 98)).toBe(14 * 8972 - 98);
    expect(scrollToLane(2, 14 * 5000, 14, 98)).toBe(28);
  });
});
