import type { FrameSpan } from '../track/frame-span.ts';

/** How often each kind of look is taken, times a second. */
const RATE = { second: 5, first: 2.5, written: 2.5, fine: 0.5 } as const;
/** Most frames that are examined for being risky, as shares of the film: the closer look is the dearest. */
const RISKY_SHARE = { second: 0.05, closer: 0.02 } as const;

/** What a frame is examined with; any of them may hold. */
export interface Examination {
  /** The source, by the second network. */
  readonly second: boolean;
  /** The source, by the first network once more: for plans whose origin is not known. */
  readonly first: boolean;
  /** The source, by the first network, larger than life. */
  readonly closer: boolean;
  /** What was written, by the second network. Only where the source is, too. */
  readonly written: boolean;
  /** What was written, by the first network, larger than life. */
  readonly fine: boolean;
}

const NOTHING: Examination = { second: false, first: false, closer: false, written: false, fine: false };
const BITS = { second: 1, first: 2, written: 4, fine: 8, closer: 16 } as const;

/**
 * Which frames of a film to look for faces in once more: evenly spaced ones, the first and the last of every shot
 * among them, and the riskiest spans whole, as far as a twentieth of the film goes, the worst of them more closely.
 * `risks` come worst first.
 */
export class FramesToExamine {
  readonly #marks: Uint8Array;

  constructor(frames: number, frameRate: number, cuts: readonly number[], risks: readonly FrameSpan[]) {
    this.#marks = new Uint8Array(frames);
    const mark = (frame: number, ...kinds: (keyof typeof BITS)[]) => {
      for (const kind of kinds) this.#marks[frame] |= BITS[kind];
    };
    const step = (kind: keyof typeof RATE) => Math.max(1, Math.round(frameRate / RATE[kind]));
    const secondStep = step('second');
    // What is seen in the written film is held against the source's: every so manyth of those frames.
    const writtenStep = secondStep * Math.max(1, Math.round(step('written') / secondStep));
    const starts = [...new Set([0, ...cuts])].filter((cut) => cut < frames).sort((a, b) => a - b);
    for (const [i, start] of starts.entries()) {
      const end = starts[i + 1] ?? frames;
      for (let f = start; f < end; f += secondStep) mark(f, 'second');
      for (let f = start; f < end; f += writtenStep) mark(f, 'written');
      for (let f = start + (secondStep >> 1); f < end; f += step('first')) mark(f, 'first');
      for (let f = start + (step('fine') >> 1); f < end; f += step('fine')) mark(f, 'fine');
      mark(end - 1, 'second', 'written');
    }
    let left = Math.floor(RISKY_SHARE.second * frames);
    let closerLeft = Math.floor(RISKY_SHARE.closer * frames);
    for (const { from, to } of risks) {
      for (let f = Math.max(0, from); f < Math.min(frames, to) && (left > 0 || closerLeft > 0); f++) {
        const { second, closer } = this.at(f);
        if (!closer && closerLeft-- > 0) mark(f, 'closer');
        if (!second && left-- > 0) mark(f, 'second');
      }
    }
  }

  at(frame: number): Examination {
    const marks = this.#marks[frame];
    if (!marks) return NOTHING;
    return {
      second: (marks & BITS.second) !== 0,
      first: (marks & BITS.first) !== 0,
      written: (marks & BITS.written) !== 0,
      fine: (marks & BITS.fine) !== 0,
      closer: (marks & BITS.closer) !== 0,
    };
  }
}
