import { type Language, nativeDigits } from './digits.ts';

/**
 * Where in a film: `1:02:03.45`, hours only where there are any. Hundredths are cut off, not rounded: a time code
 * never names a moment after its frame begins.
 */
export function timeCode(seconds: number, language: Language): string {
  const hundredths = Math.floor(Math.max(0, seconds) * 100 + 1e-6);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(hundredths / 360_000);
  const minutes = Math.floor(hundredths / 6000) % 60;
  const rest = `${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
  return nativeDigits(hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`, language);
}

/** The same in whole seconds, for the marks of a time axis. */
export function shortTimeCode(seconds: number, language: Language): string {
  const full = timeCode(seconds + 1e-3, 'en');
  return nativeDigits(full.slice(0, full.indexOf('.')), language);
}
