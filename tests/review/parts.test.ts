import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/core/plan/plan.ts';
import { Autosave } from '../../src/review/autosave.ts';
import { FrameDesk } from '../../src/review/pictures/frame-desk.ts';
import { PictureCache } from '../../src/review/pictures/picture-cache.ts';
import type { Asking, PictureSource, Showing } from '../../src/review/pictures/picture-source.ts';
import { planText } from '../../src/review/plan-text.ts';
import { Turns } from '../../src/review/turns.ts';
import { foundPlan } from '../core/review/arbitraries.ts';

describe('the cache of pictures', () => {
  it('never holds more than it may, and gives back what was put in', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 12 }),
      size: fc.integer({ min: 0, max: 60 }),
      put: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 0, max: 120 }), (steps, budget) => {
        const cache = new PictureCache(budget);
        const latest = new Map<string, Uint8Array>();
        let youngest: string | undefined;
        for (const { key: number, size, put } of steps) {
          const key = String(number);
          if (put) {
            const picture = new Uint8Array(size).fill(number);
            cache.set(key, picture);
            latest.set(key, picture);
            if (size <= budget) youngest = key;
            expect(cache.has(key)).toBe(size <= budget);
          } else {
            const got = cache.get(key);
            if (got) expect(got).toBe(latest.get(key));
            if (got) youngest = key;
          }
          expect(cache.bytes).toBeLessThanOrEqual(budget);
          if (put && size > budget) youngest = undefined;
        }
        if (youngest !== undefined) expect(cache.has(youngest)).toBe(true);
        cache.clear();
        expect(cache.bytes).toBe(0);
      }),
    );
  });
});

describe('turns', () => {
  it('are taken one at a time, those that somebody waits for first, and not by those who left', async () => {
    const turns = new Turns();
    const log: string[] = [];
    let inside = 0;
    const work = (name: string) => async () => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(name);
      inside--;
      if (name === 'fails') throw new Error(name);
      return name;
    };
    const left = new AbortController();
    const all = [
      turns.run(work('first')),
      turns.run(work('later'), { background: true }),
      turns.run(work('left'), { signal: left.signal }),
      turns.run(work('fails')),
      turns.run(work('last')),
    ];
    left.abort();
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(log).toEqual(['first', 'fails', 'last', 'later']);
  });
});

/** Frames that are a number each; made when told to. */
class Numbers implements PictureSource {
  readonly width = 64;
  readonly height = 48;
  readonly frames = 100;
  async times() {
    return { num: 1, den: 1, runs: [], quick: [] };
  }

  readonly made: number[] = [];
  stopped = 0;
  async jpeg(frame: number, _showing: Showing, asking: Asking = {}): Promise<Uint8Array> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (asking.signal?.aborted) this.stopped++;
    asking.signal?.throwIfAborted();
    this.made.push(frame);
    return Uint8Array.of(frame);
  }
  follow() {
    return Promise.reject(new Error('numbers go nowhere'));
  }
  async close() {}
}
const showing = () => ({ width: 64 });
const nobodyLeaves = new AbortController().signal;
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('frames', () => {
  it('are made once, however many ask, and stopped only when the last one leaves', async () => {
    const source = new Numbers();
    const desk = new FrameDesk(source);
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [desk.picture(7, showing, one.signal), desk.picture(7, showing, two.signal)];
    one.abort();
    await expect(both[0]).rejects.toThrow();
    expect([...(await both[1])]).toEqual([7]);
    expect(source.made).toEqual([7]);
    await desk.picture(7, showing, nobodyLeaves);
    expect(source.made).toEqual([7]);

    const three = new AbortController();
    const alone = desk.picture(30, showing, three.signal);
    three.abort();
    await expect(alone).rejects.toThrow();
    await settled();
    expect([source.stopped, source.made]).toEqual([1, [7]]);
    expect([...(await desk.picture(30, showing, nobodyLeaves))]).toEqual([30]);
  });

  it('are made ahead while a film plays, not while somebody jumps about', async () => {
    const source = new Numbers();
    const desk = new FrameDesk(source);
    for (const frame of [50, 10, 90, 20, 70]) await desk.picture(frame, showing, nobodyLeaves);
    await settled();
    expect(source.made).toEqual([50, 10, 90, 20, 70]);
    for (const frame of [30, 31, 32, 33, 34]) await desk.picture(frame, showing, nobodyLeaves);
    await settled();
    expect(source.made).toContain(40);
    expect(source.made).not.toContain(60);
    await desk.close();
  });
});

describe('the plan as it is saved', () => {
  it('is the very text of the plan, in pieces', () => {
    fc.assert(
      fc.property(foundPlan, (plan) => {
        expect([...planText(plan)].join('')).toBe(`${JSON.stringify(plan)}\n`);
      }),
    );
    const [plan] = fc.sample(foundPlan, { numRuns: 1, seed: 1 });
    const boxes = Array.from({ length: 30_000 }, (): [number, number, number, number] => [1, 2, 3, 4]);
    const tracks = [1, 2, 3].map(
      (id) => ({ id, from: 0, boxes, decision: 'cover', standing: 'sure', score: 1 }) as const,
    );
    const long = { ...plan, film: { ...plan.film, frames: 30_000 }, tracks: [...tracks] };
    const pieces = [...planText(long)];
    expect(pieces.length).toBe(4);
    expect(pieces.join('')).toBe(`${JSON.stringify(long)}\n`);
  });

  it('is the latest, whole, and a place that cannot be written to is told once, and that it can be again', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-autosave-'));
    const told: (string | undefined)[] = [];
    const file = path.join(folder, 'plan.json');
    const autosave = new Autosave(file, (problem) => told.push(problem));
    try {
      const plans = fc.sample(foundPlan, { numRuns: 4, seed: 3 });
      for (const plan of plans) autosave.save(plan);
      await autosave.flush();
      expect(parsePlan(JSON.parse(await readFile(file, 'utf8')))).toEqual(plans[3]);
      expect(await readdir(folder)).toEqual(['plan.json']);
      expect(told).toEqual([]);

      const blocked = new Autosave(path.join(file, 'below-a-file.json'), (problem) => told.push(problem));
      for (const plan of plans) {
        blocked.save(plan);
        await blocked.flush();
      }
      expect(told).toEqual([expect.stringMatching(/cannot write below-a-file\.json/)]);
      expect(told[0]).not.toContain(folder);
      expect(blocked.saved).toBe(false);
    } finally {
      await chmod(folder, 0o700);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
