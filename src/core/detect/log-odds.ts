/** A score (0 to 1) as log-odds. Kept finite: a detector that says 0 or 1 means "nearly". */
export function logOdds(score: number): number {
  const p = Math.min(0.999, Math.max(0.001, score));
  return Math.log(p / (1 - p));
}
