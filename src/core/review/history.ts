import type { Plan, PlanTrack } from '../plan/plan.ts';

export interface HistoryLimits {
  /** Steps that can be undone at most. */
  readonly steps: number;
  /** Boxes held for undoing at most, beside the plan's own; one step can always be undone. */
  readonly boxes: number;
}

const LIMITS: HistoryLimits = { steps: 500, boxes: 500_000 };

/** A plan and those before and after it. They share what they have in common, so a step costs what it changed. */
export class History {
  #present: Plan;
  readonly #limits: HistoryLimits;
  /** Oldest first. */
  readonly #past: { plan: Plan; cost: number }[] = [];
  /** Next to redo last. */
  #future: Plan[] = [];

  constructor(plan: Plan, limits: Partial<HistoryLimits> = {}) {
    this.#present = plan;
    this.#limits = { ...LIMITS, ...limits };
  }

  get plan(): Plan {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Takes a new plan for the present one. What was undone cannot be redone after it. */
  change(plan: Plan): void {
    if (plan === this.#present) return;
    this.#remember(plan);
    this.#future = [];
  }

  /** Goes one step back; false where there is none. */
  undo(): boolean {
    const last = this.#past.pop();
    if (!last) return false;
    this.#future.push(this.#present);
    this.#present = last.plan;
    return true;
  }

  /** Goes one step forward again; false where there is none. */
  redo(): boolean {
    const next = this.#future.pop();
    if (!next) return false;
    this.#remember(next);
    return true;
  }

  #remember(next: Plan): void {
    this.#past.push({ plan: this.#present, cost: costOf(this.#present, next) });
    this.#present = next;
    let boxes = this.#past.reduce((sum, { cost }) => sum + cost, 0);
    while (this.#past.length > this.#limits.steps || (boxes > this.#limits.boxes && this.#past.length > 1)) {
      boxes -= this.#past.shift()?.cost ?? 0;
    }
  }
}

/** Boxes that only the earlier plan holds. */
function costOf(earlier: Plan, later: Plan): number {
  const kept = new Set<PlanTrack['boxes']>(later.tracks.map(({ boxes }) => boxes));
  return earlier.tracks.reduce((sum, { boxes }) => sum + (kept.has(boxes) ? 0 : boxes.length), 0);
}
