/**
 * A number in [0, 1) that looks random and depends on the position alone, never on a picture: the same for every
 * picture ever made. (An integer mix in the manner of MurmurHash3's finaliser.)
 */
export function positionNoise(x: number, y: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** The side of the grain tile in samples, a power of two. */
export const GRAIN_SIDE = 128;

/**
 * A tile of grain around 0, about -1 to 1, each value the mean of three position noises: nearly a bell curve,
 * like a sensor's. Laid over the whole picture by repetition.
 */
export const GRAIN: Float32Array = Float32Array.from({ length: GRAIN_SIDE * GRAIN_SIDE }, (_, i) => {
  const x = i % GRAIN_SIDE;
  const y = Math.floor(i / GRAIN_SIDE);
  const sum = positionNoise(x, y) + positionNoise(x + GRAIN_SIDE, y) + positionNoise(x, y + GRAIN_SIDE) - 1.5;
  return sum / 1.5;
});
