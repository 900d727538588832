/** Seconds from the first of January 1904 to that of 1970: what films count from, and what calendars do. */
const EPOCH = 2_082_844_800;

/** A film's time as a date: `2021-06-05 12:34:56`. Howard Hinnant's civil_from_days, so that no clock is asked. */
export function macTime(seconds: number): string {
  const since1970 = seconds - EPOCH;
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
