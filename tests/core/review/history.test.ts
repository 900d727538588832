import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { applyEdit } from '../../../src/core/review/apply-edit.ts';
import { History } from '../../../src/core/review/history.ts';
import { edit, foundPlan } from './arbitraries.ts';

/** What the history should be like, kept in the simplest way. */
class Model {
  readonly plans: Plan[];
  at = 0;
  constructor(plan: Plan) {
    this.plans = [plan];
  }
}

const tryEdit = (plan: Plan, one: Parameters<typeof applyEdit>[1]) => {
  try {
    return applyEdit(plan, one);
  } catch {
    return plan;
  }
};

describe('undo and redo', () => {
  it('go back to what was there, and forward again, in any order', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: edit },
      { weight: 2, arbitrary: fc.constantFrom('undo' as const, 'redo' as const) },
    );
    fc.assert(
      fc.property(foundPlan, fc.array(step, { maxLength: 40 }), (plan, steps) => {
        const history = new History(plan);
        const model = new Model(plan);
        for (const one of steps) {
          if (one === 'undo') {
            expect(history.undo()).toBe(model.at > 0);
            model.at = Math.max(0, model.at - 1);
          } else if (one === 'redo') {
            expect(history.redo()).toBe(model.at < model.plans.length - 1);
            model.at = Math.min(model.plans.length - 1, model.at + 1);
          } else {
            const next = tryEdit(history.plan, one);
            if (next !== history.plan) model.plans.splice(++model.at, Number.POSITIVE_INFINITY, next);
            history.change(next);
          }
          expect(history.plan).toBe(model.plans[model.at]);
          expect(history.canUndo).toBe(model.at > 0);
          expect(history.canRedo).toBe(model.at < model.plans.length - 1);
        }
      }),
    );
  });

  it('hold no more steps and boxes than they may, but one step always', () => {
    const boxes = Array.from({ length: 30 }, (): [number, number, number, number] => [1, 1, 9, 9]);
    const track = { from: 0, boxes, decision: 'cover', standing: 'drawn', score: 0 } as const;
    const plan: Plan = {
      sayeh: 'plan',
      version: 1,
      film: { kind: 'video', width: 64, height: 48, frames: 30, frameRate: 10 },
      analysis: { detector: 'centerface', sensitivity: 'normal' },
      cuts: [],
      tracks: [{ ...track, id: 1, boxes }],
      risks: [],
    };
    const move = (history: History, x: number) =>
      history.change(applyEdit(history.plan, { do: 'keyframe', track: 1, frame: 3, box: [x, 5, 9, 9] }));
    const undos = (history: History) => {
      let steps = 0;
      while (history.undo()) steps++;
      return steps;
    };
    const few = new History(plan, { steps: 4 });
    for (let x = 0; x < 10; x++) move(few, x);
    expect(undos(few)).toBe(4);
    const small = new History(plan, { boxes: 70 });
    for (let x = 0; x < 10; x++) move(small, x);
    expect(undos(small)).toBe(2);
    const tiny = new History(plan, { boxes: 1 });
    for (let x = 0; x < 10; x++) move(tiny, x);
    expect(undos(tiny)).toBe(1);
    // Growing changes no box, so that it costs nothing to remember.
    const cheap = new History(plan, { boxes: 1 });
    for (let i = 1; i < 9; i++)
      cheap.change(applyEdit(cheap.plan, { do: 'grow', track: 1, factor: 1 + i / 4 }));
    expect(undos(cheap)).toBe(8);
  });
});
