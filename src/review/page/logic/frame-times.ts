/** When each frame is shown, in seconds from the first, rising. Frames need not be evenly spaced. */
export class FrameTimes {
  readonly #times: readonly number[];
  readonly #quick: readonly number[];
  /** Frames a second, on average. */
  readonly rate: number;

  /** `quick`: frames that can be had sooner than others, rising. */
  constructor(times: readonly number[], frames: number, frameRate: number, quick: readonly number[] = []) {
    const rate = frameRate > 0 ? frameRate : 1;
    this.#times =
      times.length === frames && frames > 0 ? times : Array.from({ length: frames }, (_, i) => i / rate);
    this.rate = rate;
    this.#quick = quick;
  }

  get frames(): number {
    return this.#times.length;
  }

  /** When the film ends, in seconds: the last frame lasts as long as frames do on average. */
  get duration(): number {
    return this.at(this.frames - 1) + 1 / this.rate;
  }

  /** When `frame` begins; past the last frame, when the film ends. */
  at(frame: number): number {
    if (frame >= this.#times.length) return (this.#times.at(-1) ?? 0) + 1 / this.rate;
    return this.#times[Math.max(0, frame)] ?? 0;
  }

  /** The frame that is on the screen at `seconds`: the last that has begun. */
  frameAt(seconds: number): number {
    return Math.max(0, countWhile(this.#times, (time) => time <= seconds + 1e-9) - 1);
  }

  /**
   * A frame for somebody who drags along the film and cannot point more exactly than `tolerance` seconds to either
   * side: the one of those that can be had soon which is nearest, else the one that is on the screen at `seconds`.
   */
  frameNear(seconds: number, tolerance: number): number {
    const after = countWhile(this.#quick, (frame) => this.at(frame) < seconds);
    const away = (frame: number) => Math.abs(this.at(frame) - seconds);
    const [nearest] = this.#quick.slice(Math.max(0, after - 1), after + 1).sort((a, b) => away(a) - away(b));
    return nearest !== undefined && away(nearest) <= tolerance ? nearest : this.frameAt(seconds);
  }
}

/** How many of rising values are such as asked; none after one that is not. */
function countWhile(rising: readonly number[], is: (value: number) => boolean): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(rising[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
