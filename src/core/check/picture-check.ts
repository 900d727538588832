/** What came of looking for people once more, in the source and in the file as it was written: numbers, no face. */
export interface PictureCheck {
  /** The networks that looked, by name. */
  readonly networks: readonly string[];
  /** Pictures in the file, and in how many of them faces were looked for. */
  readonly frames: number;
  readonly examined: number;
  /** How often the file was written: 1 where nothing had to be mended. */
  readonly rounds: number;
  /** Tracks (in photos: places) added to the plan because what looked like a face was open to see. */
  readonly recovered: number;
  /** Tracks added because a place that was covered in one frame was open in the next and showed the same. */
  readonly leaksClosed: number;
  /** Face-like places that the last round still saw: they are in the plan's risks. */
  readonly remaining: number;
}
