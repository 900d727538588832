import type { FrameLooks } from './frame-looks.ts';
import { type FrameSpan, spansWhere } from './frame-span.ts';
import { sweep } from './sweep.ts';

/** A camera that sweeps faster (see `sweep`), or whose motion is less sure, smears the picture. */
const SWEEP = 0.8;
const GUESS = 0.5;
/** Mean gray value, of 255, below which detectors begin to fail. */
const DARK = 40;

/** What makes whole frames hard to see in. */
export type Trouble = 'fast motion' | 'dark';

/** Finds the frames that are hard to see in, and tells whether a span holds any. */
export class HardToSee {
  readonly spans: readonly (FrameSpan & { readonly trouble: Trouble })[];
  /** How many frames with each trouble come before a frame. */
  private readonly before: Readonly<Record<Trouble, Int32Array>>;

  constructor(
    frames: readonly FrameLooks[],
    options: { readonly width: number; readonly height: number; readonly fps: number },
  ) {
    const tests: Readonly<Record<Trouble, (frame: number) => boolean>> = {
      'fast motion': (f) => {
        const { cut, confidence, transform } = frames[f].motion;
        return !cut && (confidence < GUESS || sweep(transform, options) > SWEEP);
      },
      dark: (f) => (frames[f].motion.meanLuma ?? 255) < DARK,
    };
    const find = (trouble: Trouble) =>
      spansWhere(frames.length, tests[trouble]).map((span) => ({ ...span, trouble }));
    this.spans = [...find('fast motion'), ...find('dark')];
    this.before = {
      'fast motion': countBefore(frames.length, tests['fast motion']),
      dark: countBefore(frames.length, tests.dark),
    };
  }

  /** The troubles that some frame of a span has. */
  within({ from, to }: FrameSpan): Trouble[] {
    return (['fast motion', 'dark'] as const).filter(
      (trouble) => this.before[trouble][to] > this.before[trouble][from],
    );
  }
}

function countBefore(length: number, holds: (frame: number) => boolean): Int32Array {
  const before = new Int32Array(length + 1);
  for (let f = 0; f < length; f++) before[f + 1] = before[f] + (holds(f) ? 1 : 0);
  return before;
}
