import { describe, expect, it } from 'vitest';
import { IDENTITY } from '../../../../src/core/geometry/similarity.ts';
import { CameraMotionEstimator } from '../../../../src/core/track/camera-motion/estimator.ts';
import { CASES, type Film, hand, make } from './cases.ts';
import { estimator, measure } from './measure.ts';
import { expose, passer, photograph, pose, procedural, render } from './scene.ts';

describe('follows the camera within bounds', () => {
  it.each(CASES)('$name', async ({ film, median, p95, drift }) => {
    const figures = measure(await film());
    expect(figures.median).toBeLessThan(median);
    expect(figures.p95).toBeLessThan(p95);
    expect(figures.drift).toBeLessThan(drift);
    expect(figures.reports.map((report) => report.cut).lastIndexOf(true)).toBe(0);
  });
});

describe('knows what it does not know', () => {
  const wall = procedural(64, 64, () => 140);

  it('a bare wall in noise: hardly any motion, no confidence, no cut', () => {
    const { reports } = measure(make({ picture: wall, pose: hand, exposure: () => ({ noise: 2 }) }));
    for (const report of reports.slice(1)) {
      expect(report.cut).toBe(false);
      expect(report.confidence).toBeLessThan(0.3);
      expect(Math.hypot(report.transform.tx, report.transform.ty)).toBeLessThan(8);
    }
  });

  it('black frames: no cut, no confidence, and the motion across the gap is made good', async () => {
    const film = make({
      picture: await photograph(3),
      pose: hand,
      exposure: (i) => (i >= 20 && i < 26 ? { gain: 0 } : {}),
    });
    const { reports, drift } = measure(film);
    expect(reports.slice(20, 26).map((report) => report.confidence)).toEqual(Array(6).fill(0));
    expect(reports.slice(1).some((report) => report.cut)).toBe(false);
    expect(reports[22].meanLuma).toBeLessThan(3);
    expect(drift).toBeLessThan(3);
  });

  it('flashes are flagged and are no cuts', async () => {
    const lit = new Set([10, 25, 26, 40]);
    const film = make({
      picture: await photograph(5),
      pose: hand,
      exposure: (i) => (lit.has(i) ? { gain: 2, offset: 150 } : {}), // next to nothing is left of the picture
    });
    const { reports, drift } = measure(film);
    reports.forEach((report, i) => {
      expect(report.flash, `frame ${i}`).toBe(lit.has(i));
      expect(report.cut, `frame ${i}`).toBe(i === 0);
    });
    expect(drift).toBeLessThan(3);
  });

  it('says how much moves on its own', async () => {
    const street = await photograph(6);
    const other = await photograph(1);
    const empty = measure(make({ picture: street, pose: hand }));
    const busy = measure(
      make({ picture: street, pose: hand, foreground: (i) => passer(other, 300 + 12 * i, 400, 300, 350) }),
    );
    const mean = (reports: readonly { residual: number }[]) =>
      reports.slice(1).reduce((sum, report) => sum + report.residual, 0) / (reports.length - 1);
    expect(mean(empty.reports)).toBeLessThan(0.1);
    expect(mean(busy.reports)).toBeGreaterThan(0.25);
    expect(mean(busy.reports)).toBeLessThan(0.5);
  });
});

describe('cuts', () => {
  it('finds every hard cut between photographs, by day, at night and out of focus, and no other', async () => {
    const pictures = await Promise.all(([1, 2, 3, 4, 5, 6] as const).map(photograph));
    for (const exposure of [{}, { gain: 0.15, noise: 1.5 }, { gain: 1.2, offset: 10 }]) {
      for (const shutter of [0, 6]) {
        const camera = estimator();
        const frames: Film['frames'] = pictures.flatMap(
          (picture) => make({ picture, count: 5, pose: hand, shutter, exposure: () => exposure }).frames,
        );
        const cuts = frames.flatMap(({ luma }, i) => (camera.next(luma).cut ? [i] : []));
        expect(cuts).toEqual([0, 5, 10, 15, 20, 25]);
      }
    }
  });

  it('finds the new shot behind black frames', async () => {
    const a = make({ picture: await photograph(2), count: 8, pose: hand }).frames;
    const b = make({ picture: await photograph(4), count: 8, pose: hand }).frames;
    const black = new Uint8Array(a[0].luma.length);
    const camera = estimator();
    const films = [...a.map((f) => f.luma), black, black, black, ...b.map((f) => f.luma)];
    expect(films.flatMap((luma, i) => (camera.next(luma).cut ? [i] : []))).toEqual([0, 11]);
  });

  it('a new shot owes nothing to the one before', async () => {
    const a = make({ picture: await photograph(1), count: 6, pose: (t) => pose(600 + 40 * t, 640) }).frames;
    const b = make({ picture: await photograph(3), count: 6, pose: hand }).frames;
    const both = estimator();
    for (const { luma } of a) both.next(luma);
    const alone = estimator();
    expect(b.map(({ luma }) => both.next(luma).transform)).toEqual(
      b.map(({ luma }) => alone.next(luma).transform),
    );
    expect(alone.next(b[5].luma).transform).not.toEqual(IDENTITY);
  });

  it('a few frames of extreme blur are no cut', async () => {
    const picture = await photograph(6);
    const camera = estimator();
    for (let i = 0; i < 30; i++) {
      // A jolt: for three frames the shutter sees the scene swing by 400 pixels.
      const jolt = i >= 12 && i < 15;
      const light = render({
        picture,
        poses: () =>
          jolt ? Array.from({ length: 25 }, (_, k) => pose(760 + 16 * k, 700 + 6 * k)) : [hand(i)],
      });
      expect(camera.next(expose(light, { seed: i })).cut, `frame ${i}`).toBe(i === 0);
    }
  });
});

describe('input', () => {
  it('is the same every time', async () => {
    const film = await CASES[9].film();
    expect(measure(film).reports).toEqual(measure(film).reports);
  });

  it('refuses pictures of another size', () => {
    const camera = estimator();
    expect(() => camera.next(new Uint8Array(100))).toThrow(/100 bytes/);
    expect(
      () => new CameraMotionEstimator({ width: 0, height: 720, lumaWidth: 320, lumaHeight: 180 }),
    ).toThrow(/lumaSize/);
  });
});
