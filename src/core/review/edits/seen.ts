import { SayehError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SeenEdit } from '../edit.ts';

/** Marks a risk as looked at, or not. */
export function applySeen(plan: Plan, { risk: index, seen }: SeenEdit): Plan {
  const risk = plan.risks[index];
  if (!risk) throw new SayehError('usage', `there is no risk ${index}; the list has ${plan.risks.length}`);
  if ((risk.seen ?? false) === seen) return plan;
  const { seen: _, ...rest } = risk;
  const marked = seen ? { ...rest, seen: true as const } : rest;
  return { ...plan, risks: plan.risks.map((each, i) => (i === index ? marked : each)) };
}
