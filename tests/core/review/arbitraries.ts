import fc from 'fast-check';
import type { Plan, PlanTrack } from '../../../src/core/plan/plan.ts';
import type { DrawnRegion, Edit, EditBox } from '../../../src/core/review/edit.ts';

export const FRAMES = 40;

const tenth = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((n) => n / 10);
const tuple: fc.Arbitrary<[number, number, number, number]> = fc.tuple(
  tenth(-20, 630),
  tenth(-20, 350),
  tenth(0, 200),
  tenth(0, 200),
);

/** A plan as the analysis makes it: everything covered, nothing drawn. */
export const foundPlan: fc.Arbitrary<Plan> = fc
  .record({
    tracks: fc.array(
      fc
        .record({
          from: fc.integer({ min: 0, max: FRAMES - 1 }),
          boxes: fc.array(tuple, { minLength: 1, maxLength: 20 }),
          standing: fc.constantFrom('sure' as const, 'doubtful' as const),
        })
        .map(({ from, boxes, standing }) => ({ from, boxes: boxes.slice(0, FRAMES - from), standing })),
      { maxLength: 5 },
    ),
    cuts: fc.uniqueArray(fc.integer({ min: 0, max: FRAMES - 1 }), { maxLength: 3 }),
    kind: fc.constantFrom('video' as const, 'photo' as const),
    risks: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ tracks, cuts, kind, risks }) => ({
    sayeh: 'plan',
    version: 1,
    film: { kind, width: 640, height: 360, frames: FRAMES, frameRate: kind === 'video' ? 10 : 0 },
    analysis: { detector: 'centerface', sensitivity: 'normal' },
    cuts: kind === 'photo' ? [] : [...cuts].sort((a, b) => a - b),
    tracks: tracks.map((track, i): PlanTrack => ({ ...track, id: 2 * i + 1, decision: 'cover', score: 0.5 })),
    risks: Array.from({ length: risks }, (_, i) => ({ from: i, to: i + 2, at: i, level: 0.5, reasons: [] })),
  }));

const frame = fc.integer({ min: 0, max: FRAMES - 1 });
const box: fc.Arbitrary<EditBox> = fc.tuple(
  fc.double({ min: -30, max: 600, noNaN: true }),
  fc.double({ min: -30, max: 330, noNaN: true }),
  fc.double({ min: 31, max: 300, noNaN: true }),
  fc.double({ min: 31, max: 300, noNaN: true }),
);
const region: fc.Arbitrary<DrawnRegion> = fc.oneof(
  box.map((ellipse) => ({ ellipse })),
  box.map((rectangle) => ({ rectangle })),
  fc
    .array(
      fc.tuple(fc.double({ min: 0, max: 640, noNaN: true }), fc.double({ min: 0, max: 360, noNaN: true })),
      {
        minLength: 3,
        maxLength: 6,
      },
    )
    .map((polygon) => ({ polygon })),
);
/** Numbers of tracks that may or may not be there. */
const track = fc.integer({ min: 1, max: 14 });

export const editOf: { [Do in Edit['do']]: fc.Arbitrary<Extract<Edit, { do: Do }>> } = {
  decide: fc.record(
    {
      do: fc.constant('decide'),
      track,
      decision: fc.constantFrom('cover', 'keep'),
      from: frame,
      to: fc.integer({ min: 1, max: FRAMES }),
    },
    { requiredKeys: ['do', 'track', 'decision'] },
  ),
  'decide-all': fc.constant({ do: 'decide-all', decision: 'cover' }),
  draw: fc.record(
    {
      do: fc.constant('draw'),
      region,
      frame,
      from: frame,
      to: fc.integer({ min: 1, max: FRAMES }),
      keyframes: fc.array(fc.record({ frame, box }), { maxLength: 3 }),
    },
    { requiredKeys: ['do', 'region', 'frame'] },
  ),
  keyframe: fc.record({ do: fc.constant('keyframe'), track, frame, box }),
  grow: fc.record({
    do: fc.constant('grow'),
    track: fc.oneof(track, fc.constant('all' as const)),
    factor: fc.double({ min: 1, max: 4, noNaN: true }),
  }),
  split: fc.record({ do: fc.constant('split'), track, frame }),
  join: fc.record({ do: fc.constant('join'), tracks: fc.tuple(track, track) }),
  remove: fc.record({ do: fc.constant('remove'), track }),
  seen: fc.record({ do: fc.constant('seen'), risk: fc.integer({ min: 0, max: 3 }), seen: fc.boolean() }),
};

/** Edits of every kind, many of which fit the plans above. */
export const edit: fc.Arbitrary<Edit> = fc.oneof(...Object.values(editOf));
