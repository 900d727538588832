import type { Sharp } from 'sharp';
import type { PhotoFormat } from '../../../core/media-type.ts';

/** Types that photos are written as: every one that is read but HEIF, whose codec nobody may encode freely. */
export type WritableFormat = Exclude<PhotoFormat, 'heif'>;

/** How an animation plays. */
export interface Timing {
  /** One for each frame, in milliseconds. */
  readonly delays: readonly number[];
  /** How often; 0 for without end. */
  readonly loop: number;
}

/**
 * The encoder of each type. Settings never depend on the source: a quality or a table carried over would tell of the
 * camera or the app. They are high enough that a second encoding is hard to see, and fixed, so that the same pixels
 * give the same bytes.
 */
export const ENCODERS: Record<WritableFormat, (picture: Sharp, timing: Timing | undefined) => Sharp> = {
  // Full chroma: banners, flags and the edges of covers are saturated, and subsampling twice smears them.
  jpeg: (picture) =>
    picture.flatten({ background: 'white' }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
  png: (picture) => picture.png({ compressionLevel: 9, adaptiveFiltering: true, palette: false }),
  webp: (picture, timing) =>
    picture.webp({ quality: 92, alphaQuality: 100, smartSubsample: true, effort: 4, ...animation(timing) }),
  avif: (picture) => picture.avif({ quality: 75, effort: 3, chromaSubsampling: '4:4:4' }),
  // Deflate with differences is lossless and read everywhere; sharp's default is JPEG inside TIFF.
  tiff: (picture) => picture.tiff({ compression: 'deflate', predictor: 'horizontal' }),
  // Frames stay frames even where two are alike, so that what is checked can be counted.
  gif: (picture, timing) =>
    picture.gif({ colours: 256, effort: 7, dither: 1, keepDuplicateFrames: true, ...animation(timing) }),
};

/** GIF counts hundredths of a second in 16 bits; sharp takes milliseconds in 16. */
const LONGEST_DELAY = 65_535;

function animation(timing: Timing | undefined): { delay?: number[]; loop?: number } {
  if (!timing) return {};
  const delay = timing.delays.map((ms) => Math.min(LONGEST_DELAY, Math.max(0, Math.round(ms))));
  return { delay, loop: Math.min(65_535, timing.loop) };
}
