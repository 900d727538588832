/**
 * Seconds since the first of January 1970 as a date and a time of day in UTC: `2021-06-05 12:34:56`. Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms" (civil_from_days): no clock is asked.
 */
export function utcText(since1970: number): string {
  const days = Math.floor(since1970 / 86_400);
  const clock = since1970 - days * 86_400;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [clock / 3600, (clock / 60) % 60, clock % 60].map((value) => two(Math.floor(value))).join(':');
  return `${year}-${two(month)}-${two(day)} ${time}`;
}
