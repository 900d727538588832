/** The probability of `least` or more right answers of `count` guesses that are right with probability `share`. */
export function tail(count: number, least: number, share: number): number {
  let sum = 0;
  for (let right = least; right <= count; right++) sum += mass(count, right, share);
  return Math.min(1, sum);
}

/** The fewest right answers that guesses reach with a probability of `odds` at most. */
export function improbable(count: number, share: number, odds: number): number {
  let least = 0;
  while (least <= count && tail(count, least, share) > odds) least++;
  return least;
}

/** Right answers that guesses give in 95 % of all trials or more: at most 2.5 % lie below, and above. */
export function band(count: number, share: number): readonly [number, number] {
  let low = 0;
  while (1 - tail(count, low + 1, share) <= 0.025) low++;
  return [low, improbable(count, share, 0.025) - 1];
}

function mass(count: number, right: number, share: number): number {
  let logarithm = 0;
  for (let i = 0; i < right; i++) logarithm += Math.log(((count - i) * share) / (right - i));
  return Math.exp(logarithm + (count - right) * Math.log1p(-share));
}
