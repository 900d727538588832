import { describe, expect, test } from 'vitest';
import type { FrameLooks } from '../../../src/core/track/frame-looks.ts';
import { type Risk, rankRisks } from '../../../src/core/track/risk.ts';
import { secondLooks } from '../../../src/core/track/second-look.ts';
import { track } from '../../../src/core/track/track.ts';
import { FPS, film, HEIGHT, type Person, shakyHand, WIDTH, type World, walker } from './world.ts';

const OPTIONS = { width: WIDTH, height: HEIGHT, fps: FPS } as const;

function risksOf(frames: readonly FrameLooks[]): Risk[] {
  return rankRisks(frames, track(frames, { ...OPTIONS, sensitivity: 'normal' }), OPTIONS);
}

const risks = (world: World): Risk[] => risksOf(film(world).frames);

const absent =
  (from: number, to: number, person: Person): Person =>
  (f) =>
    f >= from && f < to ? undefined : person(f);

const sitter = (i: number): Person => walker(100 + 150 * i, 300, 0, 0, 40);

describe('the risk list', () => {
  test('is empty where everybody is seen all the time', () => {
    expect(risks({ frames: 90, people: [0, 1, 2, 3].map(sitter), camera: shakyHand })).toEqual([]);
  });

  test('leads with somebody who vanishes in the middle of the picture', () => {
    const [first] = risks({ frames: 120, people: [sitter(0), absent(50, 120, sitter(3)), sitter(5)] });
    expect(first.reasons).toContain('ends inside the picture');
    expect(first.from).toBe(50);
    expect(first.to).toBeGreaterThan(65);
    expect(first.box?.x).toBeGreaterThan(500);
    expect(first.box?.x).toBeLessThan(560);
  });

  test('says nothing of those who leave through the border', () => {
    expect(risks({ frames: 90, people: [walker(1100, 300, 7, 0, 40)] })).toEqual([]);
  });

  test('holds dips, with everybody gone at once', () => {
    const people = [0, 1, 2, 3, 4].map((i) => absent(60, 140, sitter(i)));
    const dips = risks({ frames: 200, people }).filter(({ reasons }) =>
      reasons.includes('dip in the number of faces'),
    );
    expect(dips.length).toBeGreaterThan(0);
    expect(dips[0].from).toBeGreaterThanOrEqual(60);
    expect(dips[0].to).toBeLessThanOrEqual(140);
  });

  test('holds long gaps, and ranks them higher in the dark', () => {
    const { frames } = film({ frames: 120, people: [absent(40, 75, sitter(2))] });
    const dark = frames.map((each) => ({ ...each, motion: { ...each.motion, meanLuma: 20 } }));
    const gap = (list: Risk[]) => list.find(({ reasons }) => reasons.includes('long gap'));
    expect(gap(risksOf(frames))).toMatchObject({ from: 40, to: 75, reasons: ['long gap'] });
    expect(gap(risksOf(dark))?.reasons).toEqual(['long gap', 'dark']);
    expect(gap(risksOf(dark))!.score).toBeGreaterThan(gap(risksOf(frames))!.score);
  });

  test('is sorted, and stays inside the film', () => {
    const list = risks({
      frames: 150,
      people: [absent(20, 60, sitter(1)), absent(0, 90, sitter(4)), walker(0, 500, 25, 0, 20)],
      dropout: 0.5,
      alarms: 3,
      cuts: [70],
    });
    expect(list.length).toBeGreaterThan(2);
    for (const [i, risk] of list.entries()) {
      expect(risk.score).toBeLessThanOrEqual(list[i - 1]?.score ?? 1);
      expect(risk.score).toBeGreaterThan(0);
      expect(risk.from >= 0 && risk.from < risk.to && risk.to <= 150).toBe(true);
      expect(risk.at >= 0 && risk.at < 150).toBe(true);
    }
  });
});

describe('second looks', () => {
  const { frames } = film({ frames: 300, people: [sitter(0), absent(150, 300, sitter(3))] });

  test('go where somebody was lost, and cost no more than agreed', () => {
    const spans = secondLooks(frames, risksOf(frames), 0.2);
    expect(spans).toHaveLength(1);
    expect(spans[0].from).toBe(150);
    expect(spans[0].to - spans[0].from).toBeLessThanOrEqual(60);
    expect(secondLooks(frames, risksOf(frames), 0.01)).toEqual([{ from: 150, to: 153 }]);
    expect(secondLooks(frames, risksOf(frames), 0)).toEqual([]);
  });

  test('are not made twice', () => {
    const again = frames.map((each, f) => ({
      ...each,
      looks: f >= 150 ? [...each.looks, { kind: 'fine' as const, detections: [] }] : each.looks,
    }));
    expect(secondLooks(again, risksOf(again), 0.2)).toEqual([]);
  });

  test('that find somebody fill the gap', () => {
    const found = film({ frames: 300, people: [sitter(0), sitter(3)] });
    const again = frames.map((each, f) => ({
      ...each,
      looks:
        f >= 150
          ? [...each.looks, { kind: 'fine' as const, detections: found.frames[f].looks[0].detections }]
          : each.looks,
    }));
    expect(risksOf(again)).toEqual([]);
  });
});
