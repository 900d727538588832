import type { PlanRisk } from '../../../core/plan/plan.ts';

export type RiskOrder = 'rank' | 'time';

/** Places in the plan's list, in the order in which the page shows them. The plan's own is by rank. */
export function orderRisks(risks: readonly PlanRisk[], order: RiskOrder): number[] {
  const places = risks.map((_, index) => index);
  return order === 'rank' ? places : places.sort((a, b) => risks[a].at - risks[b].at || a - b);
}

export const risksLeft = (risks: readonly PlanRisk[]): number => risks.filter(({ seen }) => !seen).length;

/**
 * The next risk that nobody looked at yet, after `current` in this order and around its end; undefined when all
 * are seen. Starts at the first.
 */
export function nextRisk(
  risks: readonly PlanRisk[],
  order: readonly number[],
  current: number | undefined,
): number | undefined {
  const at = current === undefined ? -1 : order.indexOf(current);
  for (let step = 1; step <= order.length; step++) {
    const place = order[(at + step) % order.length];
    if (!risks[place].seen && place !== current) return place;
  }
  return current !== undefined && !risks[current]?.seen ? current : undefined;
}

/** The one before, seen or not: for going back to what was just marked. */
export function previousRisk(order: readonly number[], current: number | undefined): number | undefined {
  if (order.length === 0) return undefined;
  if (current === undefined) return order.at(-1);
  return order[(order.indexOf(current) - 1 + order.length) % order.length];
}
