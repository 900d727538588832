import { utcText } from '../utc-text.ts';

/** Seconds from the first of January 1904 to that of 1970: what films count from, and what calendars do. */
const EPOCH = 2_082_844_800;

/** A film's time as a date: `2021-06-05 12:34:56`. */
export function macTime(seconds: number): string {
  return utcText(seconds - EPOCH);
}
