import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exposedShare } from '../../src/core/check/exposed.ts';
import { SayehError } from '../../src/core/errors.ts';
import type { Box } from '../../src/core/geometry/box.ts';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import { CoverIndex } from '../../src/core/plan/cover-index.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { rasterise } from '../../src/core/redact/mask.ts';
import type { DetectorPool } from '../../src/node/inference/detector-pool.ts';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { analyse } from '../../src/pipeline/analyse.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { render } from '../../src/pipeline/render.ts';
import { verify } from '../../src/pipeline/verify.ts';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';

let folder: string;
let detectors: Detectors;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-check-'));
  detectors = new Detectors('centerface');
});
afterAll(async () => {
  await detectors.close();
  await rm(folder, { recursive: true, force: true });
});

/** The share of a face that a plan leaves open in a frame. */
function open(plan: Plan, frame: number, face: Box): number {
  const covers = new CoverIndex(plan);
  const { width, height } = plan.film;
  return exposedShare(face, rasterise(covers.regionsAt(frame, 'head'), width, height));
}

/** A camera that moves slowly over a photo: one person stays in view, others leave. */
function film(file: string, seconds: number): Promise<void> {
  const pan = panOver(4, { width: 640, height: 480, seconds, rate: 25 });
  return ffmpeg(...pan, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p', file);
}

const without = (plan: Plan, ...ids: number[]): Plan => ({
  ...plan,
  tracks: plan.tracks.filter(({ id }) => !ids.includes(id)),
});

describe('the look at a written photo', () => {
  it('finds every face whose cover was taken away, covers it, and says so', async () => {
    const input = samplePhoto(2);
    const plan = await analyse(input, { detectors });
    const sure = plan.tracks.filter(({ standing }) => standing === 'sure');
    expect(sure.length).toBeGreaterThanOrEqual(3);
    const untouched = await render(input, plan, path.join(folder, 'whole.jpg'), { detectors });
    expect(untouched.check).toMatchObject({ frames: 1, examined: 1, remaining: 0 });

    const planted = without(plan, ...sure.map(({ id }) => id));
    for (const { boxes } of sure) expect(open(planted, 0, boxOf(boxes[0]))).toBeGreaterThan(0.5);
    const output = path.join(folder, 'mended.jpg');
    const { plan: mended, check } = await render(input, planted, output, { detectors });
    for (const { boxes } of sure) expect(open(mended, 0, boxOf(boxes[0]))).toBeLessThan(0.25);
    expect(check.recovered).toBeGreaterThanOrEqual(sure.length);
    expect(check).toMatchObject({ rounds: 1, remaining: 0 }); // it was seen before anything was written
    const told = mended.risks.filter(({ reasons }) => reasons.includes('seen by a second network'));
    expect(told).toHaveLength(check.recovered);
    expect((await verify(output)).clean).toBe(true);

    // What was covered afterwards is covered in the file: none of its pixels is the original's.
    const [a, b] = await Promise.all([input, output].map((file) => sharp(file).rotate().raw().toBuffer()));
    const { width } = mended.film;
    for (const { boxes } of sure) {
      const face = boxOf(boxes[0]);
      let changed = 0;
      let count = 0;
      for (let y = Math.ceil(face.y); y < face.y + face.height; y += 2) {
        for (let x = Math.ceil(face.x); x < face.x + face.width; x += 2) {
          const at = (y * width + x) * 3;
          count++;
          if (Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) > 12) changed++;
        }
      }
      expect(changed / count).toBeGreaterThan(0.5);
    }
  });

  it('lets be whom somebody decided to keep visible', async () => {
    const input = samplePhoto(2);
    const plan = await analyse(input, { detectors });
    const kept = plan.tracks.find(({ standing }) => standing === 'sure') as Plan['tracks'][number];
    const tracks = plan.tracks.map((track) =>
      track.id === kept.id ? { ...track, decision: 'keep' as const } : track,
    );
    const output = path.join(folder, 'kept.jpg');
    const result = await render(input, { ...plan, tracks }, output, { detectors });
    expect(open(result.plan, 0, boxOf(kept.boxes[0]))).toBeGreaterThan(0.5);
    expect(result.check).toMatchObject({ rounds: 1, recovered: 0, remaining: 0 });
  });
});

describe('the look at a written film', () => {
  it('finds somebody whose covers were taken away or end too early, and covers every frame', async () => {
    const input = path.join(folder, 'pan.mp4');
    await film(input, 2);
    const plan = await analyse(input, { detectors });
    const sure = plan.tracks.filter(({ standing, from }) => standing === 'sure' && from === 0);
    const isWhole = ({ boxes }: Plan['tracks'][number]) => boxes.length === plan.film.frames;
    const [cutShort, gone] = [sure.find(isWhole), sure.find((track) => !isWhole(track))];
    if (!cutShort || !gone) throw new Error('the film should show one person throughout and one who leaves');
    const planted: Plan = {
      ...without(plan, gone.id),
      tracks: without(plan, gone.id).tracks.map((track) =>
        track.id === cutShort.id ? { ...track, boxes: track.boxes.slice(0, 20) } : track,
      ),
    };
    const others = planted.tracks.length;
    const result = await render(input, planted, path.join(folder, 'pan-out.mp4'), { detectors });
    for (const track of [gone, cutShort]) {
      for (const [frame, box] of track.boxes.entries()) {
        const [x, y, width, height] = box;
        if (x < 10 || y < 10 || x + width > 630 || y + height > 470) continue; // on the way out
        expect(open(result.plan, frame, boxOf(box)), `track ${track.id}, frame ${frame}`).toBeLessThan(0.25);
      }
    }
    expect(result.plan.tracks.length).toBeGreaterThan(others);
    expect(result.check.recovered).toBeGreaterThanOrEqual(1);
    expect(result.check.leaksClosed).toBeGreaterThanOrEqual(1);
    expect(result.check.remaining).toBe(0);
    // Four times a second, first and last frame, twice a second less often by the first network.
    expect(result.check.examined).toBeGreaterThanOrEqual(9);
    expect(result.check.examined).toBeLessThan(plan.film.frames);
  });
});

describe('what the written file itself shows', () => {
  it.each(['photo', 'film'] as const)(
    '%s: a face that was overlooked before is found in it',
    async (kind) => {
      let input = samplePhoto(2);
      if (kind === 'film') {
        input = path.join(folder, 'written.mp4');
        await film(input, 1);
      }
      const plan = await analyse(input, { detectors });
      const [gone] = plan.tracks.filter(({ standing, from }) => standing === 'sure' && from === 0);
      // Blind until the first file is written: what is found then was seen in the file.
      let blind = true;
      class Blindfolded extends Detectors {
        override async pool(purpose: 'photo' | 'video' | 'check'): Promise<DetectorPool> {
          const real = await detectors.pool(purpose);
          return replacing(real, 'detect', async (...args: Parameters<DetectorPool['detect']>) => {
            const answer = await real.detect(...args);
            return blind ? { ...answer, detections: [] } : answer;
          });
        }
        override async close(): Promise<void> {}
      }
      const output = path.join(folder, `overlooked${path.extname(input)}`);
      const result = await render(input, without(plan, gone.id), output, {
        detectors: new Blindfolded('centerface'),
        onProgress: ({ phase }) => {
          if (phase === 'render') blind = false;
        },
      });
      expect(result.check.rounds).toBeGreaterThan(1);
      expect(result.check.recovered).toBeGreaterThanOrEqual(1);
      const told = result.plan.risks.filter(({ reasons }) => reasons.includes('found in the written file'));
      expect(told).toHaveLength(result.check.recovered);
      expect(open(result.plan, 0, boxOf(gone.boxes[0]))).toBeLessThan(0.25);
      expect((await verify(output)).clean).toBe(true);
    },
  );
});

/** The pool with one of its methods replaced. */
function replacing<Name extends keyof DetectorPool>(
  real: DetectorPool,
  name: Name,
  method: DetectorPool[Name],
): DetectorPool {
  return new Proxy(real, {
    get: (pool, asked) => {
      if (asked === name) return method;
      const value = Reflect.get(pool, asked, pool);
      return typeof value === 'function' ? value.bind(pool) : value;
    },
  });
}

describe('a check that fails publishes nothing', () => {
  class BrokenCheck extends Detectors {
    readonly #pool: Promise<DetectorPool>;
    constructor(pool: Promise<DetectorPool>) {
      super('centerface');
      pool.catch(() => {});
      this.#pool = pool;
    }
    override pool(purpose: 'photo' | 'video' | 'check'): Promise<DetectorPool> {
      return purpose === 'check' ? this.#pool : detectors.pool(purpose);
    }
    override async close(): Promise<void> {}
  }
  const altered = () =>
    Promise.reject(new SayehError('model', 'retinaface.onnx is not the file it should be'));
  /** Answers twice, then fails as a worker does that ran out of memory. */
  const dying = async () => {
    const real = await detectors.pool('check');
    let answers = 0;
    return replacing(real, 'detect', (...args: Parameters<DetectorPool['detect']>) =>
      ++answers > 2
        ? Promise.reject(new SayehError('internal', 'a detector worker failed'))
        : real.detect(...args),
    );
  };

  it.each([
    ['photo', 'an altered model', altered, 'model'],
    ['film', 'an altered model', altered, 'model'],
    ['photo', 'a worker that dies', dying, 'internal'],
    ['film', 'a worker that dies', dying, 'internal'],
  ] as const)('%s: %s', async (kind, _, pool, code) => {
    let input = samplePhoto(2);
    if (kind === 'film') {
      input = path.join(folder, 'short.mp4');
      if (!existsSync(input)) await film(input, 1);
    }
    const output = path.join(folder, `broken-${code}${path.extname(input)}`);
    const broken = new BrokenCheck(pool());
    await expect(protect(input, output, { detectors: broken })).rejects.toMatchObject({ code });
    expect(existsSync(output)).toBe(false);
  });
});
