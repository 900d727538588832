/** Network pixels per source pixel of the three closenesses of look at a film. */
export interface LookScales {
  readonly cheap: number;
  readonly careful: number;
  readonly fine: number;
}

/** The careful look is about as large as the film, but within these bounds: network pixels. */
const SMALLEST = 1280 * 720;
const LARGEST = 1920 * 1080;

/**
 * Scales for a film of the given size. Small films are enlarged, since their faces are small; in films beyond
 * full HD a face of 10 pixels has nothing to tell, and they are shrunk.
 */
export function lookScales(width: number, height: number): LookScales {
  const pixels = width * height;
  const careful = Math.min(2, Math.sqrt(Math.min(Math.max(pixels, SMALLEST), LARGEST) / pixels));
  return { cheap: careful / 2, careful, fine: careful * 1.5 };
}
