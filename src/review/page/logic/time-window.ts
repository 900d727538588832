/** The part of the film that the time axis shows, in seconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Nothing shorter than this is shown, in seconds. */
const SHORTEST = 0.5;

/** The window of the wanted length that lies inside the film and begins as near to `from` as it can. */
function within(from: number, length: number, duration: number): TimeWindow {
  const wide = Math.min(duration, Math.max(Math.min(SHORTEST, duration), length));
  const start = Math.min(Math.max(0, from), duration - wide);
  return { from: start, to: start + wide };
}

/** Shows `factor` times as much; the moment `anchor` stays where it is on the screen. */
export function zoomTime(
  { from, to }: TimeWindow,
  factor: number,
  anchor: number,
  duration: number,
): TimeWindow {
  const length = Math.min(duration, Math.max(SHORTEST, (to - from) * factor));
  const share = (anchor - from) / (to - from || 1);
  return within(anchor - share * length, length, duration);
}

export function panTime({ from, to }: TimeWindow, seconds: number, duration: number): TimeWindow {
  return within(from + seconds, to - from, duration);
}

/** The window that shows `moment`: turned like a page when it runs out, so that it does not swim along. */
export function showMoment(window: TimeWindow, moment: number, duration: number): TimeWindow {
  const { from, to } = window;
  if (moment >= from && moment < to) return window;
  const length = to - from;
  const near = moment >= to && moment < to + length / 2;
  return within(near ? moment - length * 0.05 : moment - length / 2, length, duration);
}

export const xOf = (seconds: number, { from, to }: TimeWindow, width: number): number =>
  ((seconds - from) / (to - from || 1)) * width;

export const secondsAt = (x: number, { from, to }: TimeWindow, width: number): number =>
  from + (x / (width || 1)) * (to - from);
