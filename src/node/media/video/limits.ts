/** Bounds that keep a hostile file from taking the machine. */
export interface VideoLimits {
  /** Pixels in one frame. */
  readonly maxFramePixels: number;
  /** Streams in one file. */
  readonly maxStreams: number;
  /** Seconds from the first frame to the last: a gap of years would be filled with as much silence. */
  readonly maxSeconds: number;
}

export const DEFAULT_VIDEO_LIMITS: VideoLimits = {
  maxFramePixels: 8192 * 8192,
  maxStreams: 64,
  maxSeconds: 24 * 60 * 60,
};
