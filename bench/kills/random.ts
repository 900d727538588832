import { seededRandom } from '../../src/core/track/camera-motion/random.ts';

/** Whole numbers below `limit`, the same for the same seed. */
export function below(seed: number): (limit: number) => number {
  const random = seededRandom(seed);
  return (limit) => Math.floor(random() * limit);
}
