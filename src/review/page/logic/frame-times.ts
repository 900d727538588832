/** When each frame is shown, in seconds from the first, rising. Frames need not be evenly spaced. */
export class FrameTimes {
  readonly #times: readonly number[];
  /** Frames a second, on average. */
  readonly rate: number;

  constructor(times: readonly number[], frames: number, frameRate: number) {
    const rate = frameRate > 0 ? frameRate : 1;
    this.#times =
      times.length === frames && frames > 0 ? times : Array.from({ length: frames }, (_, i) => i / rate);
    this.rate = rate;
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
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle] <= seconds + 1e-9) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
