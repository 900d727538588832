import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SayehError } from '../../../src/core/errors.ts';
import { CoverIndex } from '../../../src/core/plan/cover-index.ts';
import { type Plan, type PlanTrack, parsePlan } from '../../../src/core/plan/plan.ts';
import { covers, rasterise } from '../../../src/core/redact/mask.ts';
import { applyEdit } from '../../../src/core/review/apply-edit.ts';
import type { Edit } from '../../../src/core/review/edit.ts';
import { parseEdits } from '../../../src/core/review/parse-edit.ts';
import { planChanges } from '../../../src/core/review/plan-changes.ts';
import { edit, editOf, FRAMES, foundPlan } from './arbitraries.ts';

/** The plan after every edit that makes sense; the others must say so and change nothing. */
function applyAll(
  plan: Plan,
  edits: readonly Edit[],
  each: (before: Plan, edit: Edit, after: Plan) => void,
): Plan {
  for (const one of edits) {
    const copy = JSON.stringify(plan);
    let after = plan;
    try {
      after = applyEdit(plan, one);
    } catch (error) {
      expect(error).toBeInstanceOf(SayehError);
      expect((error as SayehError).code).toBe('usage');
    }
    expect(JSON.stringify(plan)).toBe(copy);
    each(plan, one, after);
    plan = after;
  }
  return plan;
}

/** As they come over the wire, where there is no -0. */
const edits = fc
  .array(edit, { minLength: 1, maxLength: 25 })
  .map((many): Edit[] => JSON.parse(JSON.stringify(many)));

describe('whatever is edited', () => {
  it('a plan stays one: readable, every box of every frame finite, numbers of tracks their own', () => {
    fc.assert(
      fc.property(foundPlan, edits, (plan, many) => {
        const end = applyAll(plan, many, () => {});
        expect(parsePlan(JSON.parse(JSON.stringify(end)))).toEqual(end);
        expect(new Set(end.tracks.map(({ id }) => id)).size).toBe(end.tracks.length);
        for (const { from, boxes, keys = [] } of end.tracks) {
          for (const box of boxes) expect(box.every(Number.isFinite)).toBe(true);
          for (const key of keys) expect(key >= from && key < from + boxes.length).toBe(true);
          expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
        }
        const index = new CoverIndex(end);
        for (let frame = 0; frame < FRAMES; frame++) {
          rasterise(index.regionsAt(frame, 'head'), end.film.width, end.film.height); // throws for one that cannot be drawn
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nobody stays visible whom nobody decided to keep', () => {
    const { decide, ...others } = editOf;
    const covering = decide.map((one) => ({ ...one, decision: 'cover' as const }));
    const harmless = fc.array(fc.oneof(covering, ...Object.values(others)), { maxLength: 25 });
    fc.assert(
      fc.property(foundPlan, harmless, (plan, many) => {
        const end = applyAll(plan, many, () => {});
        expect(end.tracks.filter(({ decision }) => decision === 'keep')).toEqual([]);
      }),
    );
  });

  it('only deciding, removing, moving and shrinking back uncover a place', () => {
    const safe = fc.array(
      fc.oneof(editOf['decide-all'], editOf.draw, editOf.split, editOf.join, editOf.seen),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(foundPlan, fc.array(edit, { maxLength: 6 }), safe, (plan, first, then) => {
        const before = applyAll(plan, first, () => {});
        const after = applyAll(before, then, () => {});
        const [old, now] = [new CoverIndex(before), new CoverIndex(after)];
        for (let frame = 0; frame < FRAMES; frame += 3) {
          const [was, is] = [old, now].map((index) => rasterise(index.regionsAt(frame, 'head'), 160, 90));
          for (let i = 0; i < was.end; i += 3) {
            for (let column = was.runs[i + 1]; column < was.runs[i + 2]; column++) {
              if (!covers(is, 2 * column, 2 * was.runs[i])) throw new Error(`open in frame ${frame}`);
            }
          }
        }
      }),
    );
  });

  it('what the page is told makes its copy the same', () => {
    fc.assert(
      fc.property(foundPlan, edits, (plan, many) => {
        applyAll(plan, many, (before, _, after) => {
          const { tracks, removed, risks } = planChanges(before, after);
          const copy = new Map(before.tracks.map((track) => [track.id, track]));
          for (const id of removed) copy.delete(id);
          for (const track of tracks) copy.set(track.id, track);
          const byId = (a: PlanTrack, b: PlanTrack) => a.id - b.id;
          expect([...copy.values()].sort(byId)).toEqual([...after.tracks].sort(byId));
          expect(risks ?? before.risks).toEqual(after.risks);
        });
      }),
    );
  });

  it('edits survive the way from the page', () => {
    fc.assert(
      fc.property(edits, (many) => {
        expect(JSON.stringify(parseEdits(JSON.parse(JSON.stringify(many))))).toBe(JSON.stringify(many));
      }),
    );
  });
});

const line = (from: number, length: number): PlanTrack => ({
  id: 1,
  from,
  boxes: Array.from({ length }, (_, i) => [100 + 10 * i, 50, 40, 50] as [number, number, number, number]),
  decision: 'cover',
  standing: 'sure',
  score: 0.9,
});
const planOf = (...tracks: PlanTrack[]): Plan => ({
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', width: 640, height: 360, frames: 60, frameRate: 10 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0, 20, 45],
  tracks,
  risks: [{ from: 1, to: 4, at: 2, level: 0.4, reasons: ['dark'] }],
});
const spans = (plan: Plan) =>
  plan.tracks.map(({ id, from, boxes, decision }) => [id, from, from + boxes.length, decision]);

describe('edits one by one', () => {
  it('keeping a span splits the track there and leaves the rest covered', () => {
    const plan = applyEdit(planOf(line(5, 20)), {
      do: 'decide',
      track: 1,
      decision: 'keep',
      from: 10,
      to: 15,
    });
    expect(spans(plan)).toEqual([
      [1, 5, 10, 'cover'],
      [2, 10, 15, 'keep'],
      [3, 15, 25, 'cover'],
    ]);
    expect(plan.tracks.flatMap(({ boxes }) => boxes)).toEqual(line(5, 20).boxes);
    const index = new CoverIndex(plan);
    expect([9, 10, 14, 15].map((frame) => index.tracksAt(frame).length)).toEqual([1, 0, 0, 1]);
    const all = applyEdit(plan, { do: 'decide-all', decision: 'cover' });
    expect(spans(all).map(([, , , decision]) => decision)).toEqual(['cover', 'cover', 'cover']);
    expect(() => applyEdit(plan, { do: 'decide', track: 1, decision: 'keep', from: 30 })).toThrow(/no frame/);
  });

  it('a region is drawn through its shot, or from keyframe to keyframe', () => {
    const region = { ellipse: [10, 20, 30, 40] } as const;
    const [shot] = applyEdit(planOf(), { do: 'draw', region, frame: 30 }).tracks;
    expect([shot.from, shot.from + shot.boxes.length, shot.keys]).toEqual([20, 45, [30]]);
    expect([shot.standing, shot.decision, shot.shape]).toEqual(['drawn', 'cover', { kind: 'ellipse' }]);

    const keyframes = [{ frame: 32, box: [110, 70, 30, 40] as const }];
    const [moving] = applyEdit(planOf(), { do: 'draw', region, frame: 22, keyframes }).tracks;
    const at = (frame: number) => moving.boxes[frame - moving.from];
    expect(at(22)).toEqual([10, 20, 30, 40]);
    expect(at(27)[0]).toBeCloseTo(60, 0);
    expect(at(27)[1]).toBeCloseTo(45, 0);
    expect(at(32)).toEqual([110, 70, 30, 40]);
    expect(at(44)).toEqual([110, 70, 30, 40]);
    expect(at(20)).toEqual([10, 20, 30, 40]);
  });

  it('a polygon covers its own corners wherever its box goes', () => {
    const polygon = [
      [100, 100],
      [160, 110],
      [120, 180],
    ] as const;
    let plan = applyEdit(planOf(), { do: 'draw', region: { polygon }, frame: 0 });
    plan = applyEdit(plan, { do: 'keyframe', track: 1, frame: 10, box: [200, 100, 60, 80] });
    const mask = (frame: number) =>
      rasterise(new CoverIndex(plan).regionsAt(frame, 'head'), plan.film.width, plan.film.height);
    for (const [cornerX, cornerY] of polygon) {
      const [x, y] = [cornerX * 0.98 + 127 * 0.02, cornerY * 0.98 + 130 * 0.02].map(Math.round);
      expect(covers(mask(0), x, y)).toBe(true);
      expect(covers(mask(10), x + 100, y)).toBe(true);
      expect(covers(mask(5), x + 50, y)).toBe(true);
    }
    expect(covers(mask(0), 105, 175)).toBe(false);
  });

  it('a keyframe bends the way between its neighbours, and of a found face only what is near', () => {
    const drawn = applyEdit(planOf(), { do: 'draw', region: { rectangle: [0, 0, 20, 20] }, frame: 20 });
    const moved = [30, 40].reduce(
      (plan, frame) =>
        applyEdit(plan, { do: 'keyframe', track: 1, frame, box: [10 * (frame - 20), 0, 20, 20] }),
      drawn,
    );
    const bent = applyEdit(moved, { do: 'keyframe', track: 1, frame: 35, box: [150, 60, 20, 20] });
    const [track] = bent.tracks;
    const y = (frame: number) => track.boxes[frame - track.from][1];
    expect(track.keys).toEqual([20, 30, 35, 40]);
    expect([20, 25, 30, 35, 40, 44].map(y).map(Math.round)).toEqual([0, 0, 0, 60, 0, 0]);
    expect(y(32)).toBeCloseTo(24, 0);

    const [face] = applyEdit(planOf(line(0, 40)), {
      do: 'keyframe',
      track: 1,
      frame: 20,
      box: [300, 90, 40, 50],
    }).tracks;
    expect(face.boxes.slice(0, 15)).toEqual(line(0, 40).boxes.slice(0, 15));
    expect(face.boxes.slice(26)).toEqual(line(0, 40).boxes.slice(26));
    expect(face.boxes[20]).toEqual([300, 90, 40, 50]);
    expect(face.boxes[18][1]).toBeGreaterThan(60);

    const [longer] = applyEdit(planOf(line(10, 5)), {
      do: 'keyframe',
      track: 1,
      frame: 18,
      box: [180, 50, 40, 50],
    }).tracks;
    expect([longer.from, longer.boxes.length]).toEqual([10, 9]);
    expect(longer.boxes[6][0]).toBeGreaterThan(140);
    expect(longer.boxes[6][0]).toBeLessThan(180);
  });

  it('growing makes covers larger about their middle, and 1 takes it back', () => {
    const plan = planOf(line(0, 3), { ...line(0, 3), id: 2 });
    const grown = applyEdit(plan, { do: 'grow', track: 'all', factor: 2 });
    expect(new CoverIndex(grown).tracksAt(0)[1].box).toEqual({ x: 80, y: 25, width: 80, height: 100 });
    const back = applyEdit(grown, { do: 'grow', track: 2, factor: 1 });
    expect(back.tracks[1]).toEqual(plan.tracks[1]);
    expect(() => applyEdit(plan, { do: 'grow', track: 1, factor: 0.5 })).toThrow(/1 to 4/);
  });

  it('tracks are split and joined; the gap is filled, a doubled stretch covered by both', () => {
    const split = applyEdit(planOf(line(0, 30)), { do: 'split', track: 1, frame: 12 });
    expect(spans(split)).toEqual([
      [1, 0, 12, 'cover'],
      [2, 12, 30, 'cover'],
    ]);
    expect(applyEdit(split, { do: 'join', tracks: [2, 1] }).tracks).toEqual([line(0, 30)]);

    const apart = planOf(line(0, 5), { ...line(9, 5), id: 7 });
    const [joined] = applyEdit(apart, { do: 'join', tracks: [1, 7] }).tracks;
    expect([joined.id, joined.from, joined.boxes.length]).toEqual([1, 0, 14]);
    expect(joined.boxes[6][0]).toBeCloseTo(124, 0);

    const doubled = planOf(line(0, 5), { ...line(3, 5), id: 7, decision: 'keep' });
    const [both] = applyEdit(doubled, { do: 'join', tracks: [1, 7] }).tracks;
    expect([both.boxes.length, both.decision]).toEqual([8, 'cover']);
    expect(both.boxes[3]).toEqual([100, 50, 70, 50]);
    expect(() =>
      applyEdit(planOf(line(0, 5), { ...line(9, 5), id: 2, shape: { kind: 'ellipse' } }), {
        do: 'join',
        tracks: [1, 2],
      }),
    ).toThrow(/shapes/);
  });

  it('only what was drawn is taken out; risks are marked and unmarked', () => {
    const plan = applyEdit(planOf(line(0, 5)), { do: 'draw', region: { rectangle: [0, 0, 9, 9] }, frame: 3 });
    expect(spans(applyEdit(plan, { do: 'remove', track: 2 }))).toEqual([[1, 0, 5, 'cover']]);
    expect(() => applyEdit(plan, { do: 'remove', track: 1 })).toThrow(/not drawn/);
    const seen = applyEdit(plan, { do: 'seen', risk: 0, seen: true });
    expect(seen.risks[0].seen).toBe(true);
    expect(applyEdit(seen, { do: 'seen', risk: 0, seen: false })).toEqual(plan);
    expect(() => applyEdit(plan, { do: 'seen', risk: 1, seen: true })).toThrow(/no risk 1/);
  });

  it('refuses from outside what no page sends', () => {
    const bad: unknown[] = [
      { do: 'decide-all', decision: 'keep' },
      { do: 'grow', track: 'all', factor: 0.5 },
      { do: 'draw', region: { rectangle: [0, 0, -5, 5] }, frame: 0 },
      { do: 'draw', region: { rectangle: [0, 0, 1e9, 5] }, frame: 0 },
      { do: 'draw', region: { rectangle: [0, 0, 5, 5] }, frame: 0.5 },
      { do: 'decide', track: 1, decision: 'keep', name: 'someone' },
      { do: 'eval', code: '1' },
      null,
    ];
    for (const one of bad) expect(() => parseEdits([one]), JSON.stringify(one)).toThrow();
    expect(() => parseEdits([])).toThrow();
    expect(() => parseEdits(new Array(1001).fill({ do: 'decide-all', decision: 'cover' }))).toThrow();
  });
});
