import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, type PlanTrack, parsePlan } from '../../src/core/plan/plan.ts';
import { applyEdit } from '../../src/core/review/apply-edit.ts';
import type { Edit } from '../../src/core/review/edit.ts';
import { planChanges } from '../../src/core/review/plan-changes.ts';
import { applyChanged, chosenAfter } from '../../src/review/page/logic/changes.ts';
import { decideEdits, nextGrowth, type Span, spanFrom, spanTo } from '../../src/review/page/logic/decide.ts';
import { nextRisk, orderRisks, previousRisk, risksLeft } from '../../src/review/page/logic/risk-order.ts';
import { secondsLeft, summarise } from '../../src/review/page/logic/summary.ts';
import {
  frameToSee,
  neighbourTrack,
  stateOf,
  tracksAt,
  visibleSpans,
} from '../../src/review/page/logic/track-state.ts';

const FRAMES = 100;

const track = (id: number, from: number, length: number, more: Partial<PlanTrack> = {}): PlanTrack => ({
  id,
  from,
  boxes: Array.from({ length }, (_, i) => [10 * id + i, 20, 30, 40]),
  decision: 'cover',
  standing: 'sure',
  score: 0.9,
  ...more,
});

const plan = (tracks: PlanTrack[], risks: Plan['risks'] = []): Plan =>
  parsePlan({
    sayeh: 'plan',
    version: 1,
    film: { kind: 'video', width: 1280, height: 720, frames: FRAMES, frameRate: 25 },
    analysis: { detector: 'centerface', sensitivity: 'normal' },
    cuts: [0, 50],
    tracks,
    risks,
  });

/** What the server answers to edits. */
function answer(before: Plan, edits: readonly Edit[]) {
  const after = edits.reduce(applyEdit, before);
  return { after, changed: { ...planChanges(before, after), revision: 2, canUndo: true, canRedo: false } };
}

const visibleFrames = (of: Plan) =>
  visibleSpans(of.tracks).flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));

const spans: fc.Arbitrary<Span> = fc.record({
  from: fc.option(fc.integer({ min: 0, max: FRAMES }), { nil: undefined }),
  to: fc.option(fc.integer({ min: 0, max: FRAMES }), { nil: undefined }),
});

describe('keeping and covering', () => {
  it('shows a person in the frames of the span and in no other, and the page knows what the server knows', () => {
    fc.assert(
      fc.property(spans, spans, (kept, covered) => {
        const start = plan([track(1, 10, 60), track(2, 40, 30)]);
        const keep = answer(start, decideEdits([start.tracks[0]], 'keep', kept));
        const within = (frame: number, span: Span) =>
          frame >= (span.from ?? 0) && frame < (span.to ?? FRAMES) && frame >= 10 && frame < 70;
        const all = Array.from({ length: FRAMES }, (_, i) => i);
        expect(visibleFrames(keep.after)).toEqual(all.filter((frame) => within(frame, kept)));
        const cover = answer(keep.after, decideEdits(keep.after.tracks, 'cover', covered));
        expect(visibleFrames(cover.after)).toEqual(
          all.filter(
            (frame) =>
              within(frame, kept) && !(frame >= (covered.from ?? 0) && frame < (covered.to ?? FRAMES)),
          ),
        );
        // The page's copy, patched with what changed, is the server's plan.
        const page = applyChanged(applyChanged(start, keep.changed), cover.changed);
        const byId = (tracks: readonly PlanTrack[]) => [...tracks].sort((a, b) => a.id - b.id);
        expect(byId(page.tracks)).toEqual(byId(cover.after.tracks));
        expect(summarise(page)).toEqual(summarise(cover.after));
      }),
    );
  });

  it('asks for nothing that is so already', () => {
    const { tracks } = plan([track(1, 0, 10), track(2, 0, 10, { decision: 'keep' })]);
    expect(decideEdits(tracks, 'keep', {}).map((edit) => edit.track)).toEqual([1]);
    expect(decideEdits(tracks, 'cover', { from: 10 })).toEqual([]);
  });

  it('leaves the hand on the part that the eye is on when a track is cut', () => {
    const start = plan([track(1, 10, 60)]);
    for (const [frame, span] of [
      [15, { from: 30 }],
      [45, { from: 30, to: 60 }],
      [65, { to: 60 }],
    ] as const) {
      const { after, changed } = answer(start, decideEdits(start.tracks, 'keep', span));
      const page = applyChanged(start, changed);
      const [chosen, ...others] = chosenAfter([1], start, page, changed, frame);
      expect(others).toEqual([]);
      const part = after.tracks.find(({ id }) => id === chosen);
      expect(part && frame >= part.from && frame < part.from + part.boxes.length).toBe(true);
    }
    // What is gone is not chosen any more.
    const drawn = plan([track(7, 0, 5, { standing: 'drawn', shape: { kind: 'ellipse' } })]);
    const { changed } = answer(drawn, [{ do: 'remove', track: 7 }]);
    expect(chosenAfter([7], drawn, applyChanged(drawn, changed), changed, 2)).toEqual([]);
  });

  it('sets a span from either end, and lets go of an end that would turn it round', () => {
    expect(spanTo(spanFrom({}, 10), 20)).toEqual({ from: 10, to: 21 });
    expect(spanTo({ from: 30 }, 20)).toEqual({ from: undefined, to: 21 });
    expect(spanFrom({ to: 21 }, 30)).toEqual({ from: 30, to: undefined });
    expect(spanTo({ from: 20 }, 20)).toEqual({ from: 20, to: 21 });
  });

  it('makes masks larger and smaller by the same steps, and never smaller than found', () => {
    expect(nextGrowth(1, 1)).toBe(1.25);
    expect(nextGrowth(nextGrowth(1, 1), -1)).toBe(1);
    expect(nextGrowth(1.7, 1)).toBe(2);
    expect(nextGrowth(4, 1)).toBe(4);
    expect(nextGrowth(1, -1)).toBe(1);
  });
});

describe('going through a plan', () => {
  const risk = (at: number, level: number, seen?: true): Plan['risks'][number] => ({
    from: at,
    to: at + 1,
    at,
    level,
    reasons: ['dark'],
    ...(seen && { seen }),
  });

  it('visits every risk that nobody saw, once, in the order that is shown', () => {
    const risks = [risk(80, 0.9), risk(10, 0.8, true), risk(40, 0.7), risk(40, 0.6), risk(5, 0.5)];
    for (const order of ['rank', 'time'] as const) {
      const shown = orderRisks(risks, order);
      const now = risks.map((one) => ({ ...one }));
      const visited: number[] = [];
      let current = nextRisk(now, shown, undefined);
      while (current !== undefined && risksLeft(now) > 0) {
        visited.push(current);
        now[current] = { ...now[current], seen: true };
        current = nextRisk(now, shown, current);
      }
      expect(visited).toEqual(order === 'rank' ? [0, 2, 3, 4] : [4, 2, 3, 0]);
      expect(current).toBeUndefined();
    }
  });

  it('goes on past a risk that is not marked, around the end, and stays on the last that is left', () => {
    const risks = [risk(1, 0.9), risk(2, 0.8, true), risk(3, 0.7)];
    const order = orderRisks(risks, 'rank');
    expect(nextRisk(risks, order, 0)).toBe(2);
    expect(nextRisk(risks, order, 2)).toBe(0);
    expect(nextRisk([risk(1, 1), risk(2, 1, true)], [0, 1], 0)).toBe(0);
    // Back goes to what was seen too: it is for looking again.
    expect(previousRisk(order, 2)).toBe(1);
    expect(previousRisk(order, 0)).toBe(2);
    expect(previousRisk([], undefined)).toBeUndefined();
  });

  it('goes through the faces of a frame from left to right and around', () => {
    const tracks = [track(9, 0, 10), track(3, 0, 10), track(5, 5, 10), track(4, 50, 10)];
    const here = tracksAt(tracks, 6);
    expect(here.map(({ id }) => id)).toEqual([3, 5, 9]);
    expect(tracksAt(tracks, 10).map(({ id }) => id)).toEqual([5]);
    expect(neighbourTrack(here, undefined, 1)?.id).toBe(3);
    expect(neighbourTrack(here, undefined, -1)?.id).toBe(9);
    expect(neighbourTrack(here, 9, 1)?.id).toBe(3);
    expect(neighbourTrack(here, 4, 1)?.id).toBe(3);
    expect(neighbourTrack([], 4, 1)).toBeUndefined();
    expect(frameToSee(tracks[3], 52)).toBe(52);
    expect(frameToSee(tracks[3], 3)).toBe(55);
  });

  it('calls a visible person visible whatever else is known of them', () => {
    for (const standing of ['sure', 'doubtful', 'noise', 'drawn'] as const) {
      expect(stateOf({ decision: 'keep', standing })).toBe('kept');
      expect(stateOf({ decision: 'cover', standing })).not.toBe('kept');
    }
    const spansOf = visibleSpans([
      track(1, 20, 10, { decision: 'keep' }),
      track(2, 0, 10, { decision: 'keep' }),
      track(3, 5, 10, { decision: 'keep' }),
      track(4, 12, 30),
    ]);
    expect(spansOf).toEqual([
      [0, 15],
      [20, 30],
    ]);
  });

  it('tells the time left only when enough is done to know', () => {
    expect(secondsLeft(0.5, 10)).toBe(10);
    expect(secondsLeft(0.01, 10)).toBeUndefined();
    expect(secondsLeft(0.5, 1)).toBeUndefined();
    expect(secondsLeft(undefined, 100)).toBeUndefined();
  });
});
