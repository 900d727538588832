/** A frame this many gray levels above the usual is lit by something that was not there. */
const JUMP = 18;
/** A light that stays on longer than this many frames is the scene's new light, no flash. */
const LONGEST_FLASH = 4;

/** Follows the mean gray value of a shot and tells flashes from the scene's own light. */
export class Exposure {
  private usual = -1;
  private bright = 0;

  /** Forgets the shot. */
  reset(): void {
    this.usual = -1;
    this.bright = 0;
  }

  /** True if a frame of this mean gray value is lit by a flash. Call once a frame, in order. */
  next(mean: number): boolean {
    if (this.usual < 0) this.usual = mean;
    if (mean > this.usual + JUMP && this.bright < LONGEST_FLASH) {
      this.bright++;
      return true;
    }
    // After a light that stayed, start afresh at its level; otherwise follow fades and pans within frames.
    this.usual = this.bright >= LONGEST_FLASH ? mean : this.usual + 0.5 * (mean - this.usual);
    this.bright = 0;
    return false;
  }
}
