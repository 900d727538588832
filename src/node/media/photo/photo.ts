import type { PhotoFormat } from '../../../core/media-type.ts';

/** One picture: a photo has one, an animation or a TIFF of several pages more. */
export interface PhotoFrame {
  readonly index: number;
  /** How long an animation shows it; 0 for pages and stills. */
  readonly delayMs: number;
  /**
   * Interleaved RGB, or RGBA (not premultiplied) where the photo has alpha; 8 bits, sRGB, rows tightly packed,
   * upright. The bytes are the caller's own to change.
   */
  readonly data: Uint8Array;
}

/** A photo opened for reading: its pixels and nothing else of what its file says. */
export interface Photo {
  readonly format: PhotoFormat;
  /** Upright, in pixels; the same for every frame. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  readonly frameCount: number;
  /** How often an animation plays, 0 for without end; undefined for what is not one. */
  readonly loop: number | undefined;
  /** What of the file is left behind, in plain words. */
  readonly warnings: readonly string[];
  /**
   * Decodes every frame in order, anew at each call, few in memory at a time. Throws SayehError 'corrupt',
   * 'unsupported' or 'too-large'.
   */
  frames(): AsyncIterable<PhotoFrame>;
}
