import type { Detection } from './detection.ts';

/** A picture as detectors take it: interleaved 8-bit RGB, rows tightly packed, upright. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** width x height x 3 bytes. */
  readonly data: Uint8Array;
}

/** A network that finds faces in one picture at the scale it is given. */
export interface Detector {
  readonly name: string;
  /** Width and height of pictures handed to `detect` must be multiples of this. */
  readonly sizeMultiple: number;
  /**
   * Faces with a score above `threshold` (0 to 1, on this detector's own scale), in pixels of `picture`,
   * overlapping ones merged.
   */
  detect(picture: RgbPicture, threshold: number): Promise<Detection[]>;
  /** Frees the network. The detector cannot be used afterwards. */
  dispose(): Promise<void>;
}
