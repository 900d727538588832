import { describe, expect, test } from 'vitest';
import { mend, type Opening, pointOut } from '../../../src/core/check/mend.ts';
import { CoverIndex } from '../../../src/core/plan/cover-index.ts';
import { type Plan, parsePlan } from '../../../src/core/plan/plan.ts';

const plan: Plan = {
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', width: 640, height: 360, frames: 20, frameRate: 25 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0],
  tracks: [
    { id: 4, from: 0, boxes: [[1, 2, 30, 40]], decision: 'cover', standing: 'sure', score: 0.9 },
    { id: 2, from: 3, boxes: [[1, 2, 30, 40]], decision: 'keep', standing: 'sure', score: 0.9 },
  ],
  risks: [{ from: 0, to: 4, at: 2, level: 0.7, reasons: ['dark'] }],
};
const face = { x: 100.26, y: 50, width: 20.31, height: 25 };
const openings: Opening[] = [
  { from: 18, boxes: [face, face, face], score: 0.8123, reason: 'found in the written file' },
  { from: 5, boxes: [face], score: 0, reason: 'still shown where its cover ended' },
];

describe('mending a plan', () => {
  test('every opening is covered and among the risks; nothing that was there changes', () => {
    const mended = parsePlan(mend(plan, openings));
    expect(mended.tracks.slice(0, 2)).toEqual(plan.tracks);
    expect(
      mended.tracks.slice(2).map(({ id, from, boxes, decision }) => [id, from, boxes.length, decision]),
    ).toEqual([
      [5, 18, 2, 'cover'], // as far as the film goes
      [6, 5, 1, 'cover'],
    ]);
    const covers = new CoverIndex(mended);
    expect(covers.tracksAt(5)).toEqual([{ track: 6, box: { x: 100.2, y: 50, width: 20.4, height: 25 } }]);
    expect(covers.tracksAt(19)).toHaveLength(1);
    expect(mended.risks.map(({ level, reasons }) => [level, ...reasons])).toEqual([
      [0.7, 'dark'],
      [0.5, 'still shown where its cover ended'],
      [0.5, 'found in the written file'],
    ]);
  });

  test('what stays open is pointed out first of all, and covered by nothing', () => {
    const pointed = parsePlan(pointOut(plan, openings));
    expect(pointed.tracks).toEqual(plan.tracks);
    expect(pointed.risks[0]).toEqual({
      from: 5,
      to: 6,
      at: 5,
      level: 0.95,
      reasons: ['still shown where its cover ended'],
      box: [100.2, 50, 20.4, 25],
    });
    expect(pointed.risks.map(({ to }) => to)).toEqual([6, 20, 4]);
  });
});
