import type { FrameSpan } from '../track/frame-span.ts';
import { ChangeDetector, type ChangeMask } from './change-mask.ts';
import { type Change, ChangeSpans } from './change-spans.ts';
import type { Pair } from './pairing.ts';
import { regionsOf } from './regions.ts';
import type { SmallPicture } from './small-picture.ts';

/** A picture of a photo or film, made small; without its samples where sizes differ and none can be compared. */
export interface SmallFrame {
  /** Counted from 0. */
  readonly index: number;
  /** When it is shown, in seconds from the first one. */
  readonly time: number;
  /** For how long, in seconds; 0 where nobody asks. */
  readonly duration: number;
  readonly picture: SmallPicture | undefined;
}

/** Frames that the other side has nothing for. */
export interface Unpaired {
  readonly count: number;
  /** The first of them. */
  readonly frames: readonly number[];
}

/** A change with its times, in seconds of the original. */
export interface TimedChange extends Change {
  readonly fromTime: number;
  /** When its last frame is shown. */
  readonly toTime: number;
}

/** What comparing pictures one by one came to. Frames are numbered as in the original. */
export interface PictureChanges {
  /** Pictures compared. */
  readonly compared: number;
  /** In how many of them something differs. */
  readonly changed: number;
  /** Frames in which nothing differs. */
  readonly unchanged: readonly FrameSpan[];
  /** Share of the picture that differs, 0 to 1: on average, and most, with the frame. */
  readonly share: { readonly mean: number; readonly most: number; readonly at: number };
  readonly changes: readonly TimedChange[];
  /** Changes, and stretches without any, beyond what lists can hold. */
  readonly leftOut: number;
}

/** What two sequences of frames have in common. */
export interface Tallied {
  readonly originalFrames: number;
  readonly fileFrames: number;
  readonly missing: Unpaired;
  readonly extra: Unpaired;
  /** Largest difference of times of one pair, in seconds, and the frame. */
  readonly times: { readonly largestDifference: number; readonly at: number };
  /** Undefined where no picture could be compared. */
  readonly pictures: PictureChanges | undefined;
}

/** Frames named of those without a partner. */
const NAMED = 100;
const MOST_SPANS = 10_000;

/** Adds up what pairs of frames differ in, one after the other: what it holds does not grow with the pictures. */
export class Tally {
  readonly #detector: ChangeDetector;
  readonly #spans = new ChangeSpans();
  readonly #onMask: ((frame: number, mask: ChangeMask) => void) | undefined;
  readonly #times: number[] = [];
  readonly #unchanged: FrameSpan[] = [];
  readonly #missing = { count: 0, frames: [] as number[] };
  readonly #extra = { count: 0, frames: [] as number[] };
  #unchangedLeft = 0;
  #fileFrames = 0;
  #apart = { largestDifference: 0, at: 0 };
  #compared = 0;
  #changed = 0;
  #shares = 0;
  #most = { share: 0, at: 0 };

  /** `onMask` is shown every frame's mask; it is good until the next frame. */
  constructor(kind: 'photo' | 'video', onMask?: (frame: number, mask: ChangeMask) => void) {
    this.#detector = new ChangeDetector(kind);
    this.#onMask = onMask;
  }

  add({ before, after }: Pair<SmallFrame, SmallFrame>): void {
    if (after) this.#fileFrames = Math.max(this.#fileFrames, after.index + 1);
    if (!before) {
      name(this.#extra, after.index);
      return;
    }
    this.#times[before.index] = before.time;
    if (!after) {
      name(this.#missing, before.index);
      return;
    }
    const apart = Math.abs(before.time - after.time);
    if (apart > this.#apart.largestDifference) this.#apart = { largestDifference: apart, at: before.index };
    if (before.picture && after.picture) this.#compare(before.index, before.picture, after.picture);
  }

  finish(): Tallied {
    const { changes, left } = this.#spans.finish();
    const compared = this.#compared;
    return {
      originalFrames: this.#times.length,
      fileFrames: this.#fileFrames,
      missing: this.#missing,
      extra: this.#extra,
      times: this.#apart,
      pictures:
        compared === 0
          ? undefined
          : {
              compared,
              changed: this.#changed,
              unchanged: this.#unchanged,
              share: { mean: this.#shares / compared, most: this.#most.share, at: this.#most.at },
              changes: changes.map((change) => ({
                ...change,
                fromTime: this.#times[change.from],
                toTime: this.#times[change.to - 1],
              })),
              leftOut: left + this.#unchangedLeft,
            },
    };
  }

  #compare(index: number, before: SmallPicture, after: SmallPicture): void {
    const mask = this.#detector.compare(before, after);
    this.#onMask?.(index, mask);
    this.#compared++;
    if (mask.count === 0) {
      this.#quiet(index);
      return;
    }
    this.#changed++;
    const share = mask.count / (mask.columns * mask.rows);
    this.#shares += share;
    if (share > this.#most.share) this.#most = { share, at: index };
    this.#spans.add(index, regionsOf(mask, before.fullWidth, before.fullHeight));
  }

  #quiet(index: number): void {
    const last = this.#unchanged.at(-1);
    if (last?.to === index) this.#unchanged[this.#unchanged.length - 1] = { from: last.from, to: index + 1 };
    else if (this.#unchanged.length < MOST_SPANS) this.#unchanged.push({ from: index, to: index + 1 });
    else this.#unchangedLeft++;
  }
}

function name(unpaired: { count: number; frames: number[] }, frame: number): void {
  unpaired.count++;
  if (unpaired.frames.length < NAMED) unpaired.frames.push(frame);
}
