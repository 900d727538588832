/** Seconds between labelled marks of a time axis, from which one is chosen. */
const STEPS = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** The finest step whose labels keep `room` pixels between them. */
export function rulerStep(pixelsPerSecond: number, room: number): number {
  return STEPS.find((step) => step * pixelsPerSecond >= room) ?? 14_400;
}

/** Marks from `from` to `to`, in seconds. */
export function rulerMarks(from: number, to: number, step: number): number[] {
  const marks: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + 1e-9; n++) marks.push(n * step);
  return marks;
}
