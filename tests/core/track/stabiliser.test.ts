import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IDENTITY } from '../../../src/core/geometry/similarity.ts';
import { Stabiliser, shotAt } from '../../../src/core/track/stabiliser.ts';
import { film, shakyHand, walker } from './world.ts';

test('who stands still stands still in still coordinates, and finds back to the picture', () => {
  const { frames, truth } = film({ frames: 200, people: [walker(500, 300, 0, 0, 40)], camera: shakyHand });
  const stabiliser = new Stabiliser(frames);
  const start = stabiliser.stillCentre(0, truth[0][0]);
  truth.forEach(([box], f) => {
    const at = stabiliser.stillCentre(f, box);
    expect(Math.hypot(at.x - start.x, at.y - start.y)).toBeLessThan(1e-6);
    const back = stabiliser.sourcePoint(f, at.x, at.y);
    expect(Math.hypot(back.x - box.x - box.width / 2, back.y - box.y - box.height / 2)).toBeLessThan(1e-6);
    expect(box.width / stabiliser.zoom(f)).toBeCloseTo(truth[0][0].width, 6);
  });
});

test('shots begin at cuts and cover the film', () => {
  const { frames } = film({ frames: 50, people: [], cuts: [10, 11, 49] });
  const { shots } = new Stabiliser(frames);
  expect(shots).toEqual([
    { from: 0, to: 10 },
    { from: 10, to: 11 },
    { from: 11, to: 49 },
    { from: 49, to: 50 },
  ]);
  for (let f = 0; f < 50; f++) {
    const { from, to } = shotAt(shots, f);
    expect(from <= f && f < to).toBe(true);
  }
});

test('no motion, however mad, makes numbers that are none', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, 2, 9, 1e6, Number.NaN));
  const transform = fc.record({ a: number, b: number, tx: number, ty: number });
  fc.assert(
    fc.property(fc.array(transform, { minLength: 1, maxLength: 60 }), (transforms) => {
      const frames = transforms.map((each) => ({
        motion: { transform: each, confidence: 0, cut: false },
      }));
      const stabiliser = new Stabiliser(frames);
      frames.forEach((_, f) => {
        const at = stabiliser.stillCentre(f, { x: 100, y: 100, width: 20, height: 20 });
        const back = stabiliser.sourcePoint(f, at.x, at.y);
        expect(Math.hypot(back.x - 110, back.y - 110)).toBeLessThan(0.01);
      });
    }),
  );
});

test('a zoom that goes on for ever begins a new shot in time', () => {
  const frames = Array.from({ length: 200 }, (_, f) => ({
    motion: { transform: { ...IDENTITY, a: 1.2 }, confidence: 1, cut: f === 0 },
  }));
  const { shots } = new Stabiliser(frames);
  expect(shots.length).toBeGreaterThan(3);
  expect(shots.length).toBeLessThan(10);
});
