/** Frames `from` to `to`, not included. */
export interface FrameSpan {
  readonly from: number;
  readonly to: number;
}

/** The longest spans of frames below `length` that all meet a condition. */
export function spansWhere(length: number, holds: (frame: number) => boolean): FrameSpan[] {
  const spans: FrameSpan[] = [];
  for (let f = 0; f < length; f++) {
    if (!holds(f)) continue;
    const from = f;
    while (f < length && holds(f)) f++;
    spans.push({ from, to: f });
  }
  return spans;
}
