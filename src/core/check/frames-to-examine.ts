import type { FrameSpan } from '../track/frame-span.ts';

/** How often a second network looks, and how often the first looks finely: times a second. */
const SECOND = 4;
const FINE = 0.5;
/** Most frames that are examined for being risky, as a share of the film. */
const RISKY_SHARE = 0.05;

/** What a frame of a written film is examined with; both may hold. */
export interface Examination {
  readonly second: boolean;
  readonly fine: boolean;
}

const NOT: Examination = { second: false, fine: false };

/**
 * Which frames of a written film to look for faces in: evenly spaced ones, the first and the last of every shot
 * among them, and the riskiest spans whole, as far as a twentieth of the film goes. `risks` come worst first.
 */
export class FramesToExamine {
  readonly #second: Uint8Array;
  readonly #fine: Uint8Array;

  constructor(
    frames: number,
    frameRate: number,
    cuts: readonly number[],
    risks: readonly FrameSpan[],
    /** Only frames within these, where they are given: what changed since the last time. */
    within?: readonly FrameSpan[],
  ) {
    const allowed = new Uint8Array(frames).fill(within ? 0 : 1);
    for (const { from, to } of within ?? []) allowed.fill(1, Math.max(0, from), Math.min(frames, to));
    this.#second = new Uint8Array(frames);
    this.#fine = new Uint8Array(frames);
    const mark = (marks: Uint8Array, frame: number) => {
      if (allowed[frame]) marks[frame] = 1;
    };
    const secondStep = Math.max(1, Math.round(frameRate / SECOND));
    const fineStep = Math.max(1, Math.round(frameRate / FINE));
    const starts = [...new Set([0, ...cuts])].filter((cut) => cut < frames).sort((a, b) => a - b);
    for (const [i, start] of starts.entries()) {
      const end = starts[i + 1] ?? frames;
      // The second network's steps lie between the frames of the careful looks, which begin at the cut.
      for (let f = start; f < end; f += secondStep) mark(this.#second, f);
      for (let f = start + (fineStep >> 1); f < end; f += fineStep) mark(this.#fine, f);
      mark(this.#second, end - 1);
    }
    let left = Math.floor(RISKY_SHARE * frames);
    for (const { from, to } of risks) {
      for (let f = Math.max(0, from); f < Math.min(frames, to) && left > 0; f++) {
        if (this.#second[f] || !allowed[f]) continue;
        this.#second[f] = 1;
        left--;
      }
    }
  }

  at(frame: number): Examination {
    return frame < this.#second.length
      ? { second: this.#second[frame] === 1, fine: this.#fine[frame] === 1 }
      : NOT;
  }
}
