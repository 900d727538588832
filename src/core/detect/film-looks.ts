import type { LookKind } from '../track/frame-looks.ts';
import type { DetectorName } from './catalogue.ts';
import type { Detection } from './detection.ts';

/** How one kind of look at a film's frame is taken. */
export interface FilmLook {
  readonly network: DetectorName;
  /** Network pixels per source pixel. */
  readonly scale: number;
}

/** The careful look is about as large as the film, but within these bounds: network pixels. */
const SMALLEST = 1280 * 720;
const LARGEST = 1920 * 1080;

/**
 * Faces higher than this, in pixels of the careful look, a fine one has no say about: enlarged beyond what networks
 * were trained on, parts of a face and folds of cloth look like large faces, and the careful look has seen it whole.
 */
const FINE_UP_TO = 120;

/** Whether a fine look has a say about a face; `box` is in source pixels. */
export function judgedFinely({ box }: Detection, careful: FilmLook): boolean {
  return box.height * careful.scale <= FINE_UP_TO;
}

/**
 * The looks at a film of the given size, by kind. Small films are enlarged, since their faces are small; in films
 * beyond full HD a face of 10 pixels has nothing to tell, and they are shrunk.
 *
 * CenterFace's careful looks use its 8-bit form, which finds the same faces in two thirds of the time, and its cheap
 * ones are YuNet's: at three quarters of the size that network finds more small faces than CenterFace at half, for
 * half the price (docs/tracking.md). Another detector is asked alone.
 */
export function filmLooks(detector: DetectorName, width: number, height: number): Record<LookKind, FilmLook> {
  const pixels = width * height;
  const full = Math.min(2, Math.sqrt(Math.min(Math.max(pixels, SMALLEST), LARGEST) / pixels));
  const [careful, cheap] = filmNetworks(detector);
  return {
    cheap: { network: cheap, scale: full * (detector === 'centerface' ? 0.75 : 0.5) },
    careful: { network: careful, scale: full },
    fine: { network: careful, scale: full * 1.5 },
  };
}

/** The networks that look at films where `detector` is asked for: the careful one, then the cheap one. */
export function filmNetworks(detector: DetectorName): readonly [careful: DetectorName, cheap: DetectorName] {
  return detector === 'centerface' ? ['centerface-int8', 'yunet'] : [detector, detector];
}
