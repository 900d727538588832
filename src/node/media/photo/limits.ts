/** Bounds that keep a hostile file from taking the machine. */
export interface PhotoLimits {
  /** Length of the file, which is held in memory whole. */
  readonly maxBytes: number;
  /** Pixels in one frame or page. */
  readonly maxPixels: number;
  /** Frames or pages. */
  readonly maxFrames: number;
  /** Pixels of all frames together: an animation is encoded from one tall picture, at 4 bytes a pixel. */
  readonly maxTotalPixels: number;
  /** Seconds that one decoding may take. */
  readonly maxSeconds: number;
}

export const DEFAULT_PHOTO_LIMITS: PhotoLimits = {
  maxBytes: 1 << 30,
  // Phones make up to 200 megapixels (16320x12240 is 199.8 million).
  maxPixels: 200_000_000,
  maxFrames: 2_000,
  maxTotalPixels: 400_000_000,
  maxSeconds: 300,
};
