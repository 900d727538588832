import type { Box } from '../../geometry/box.ts';

/** A gray picture, 8 bits a pixel, rows tightly packed. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A patch of a picture as samples on a grid. */
export interface Patch {
  /** Samples a side. */
  readonly side: number;
  readonly values: Float32Array;
  /** The samples that lie inside the picture: these columns and rows. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Patches that share less than this share of their samples say nothing about each other. */
const LEAST_SHARED = 0.2;

/** Samples a box of a picture, in its pixels, on a grid of `side` by `side` points, between pixels as needed. */
export function takePatch(luma: Luma, box: Box, side: number, into = new Float32Array(side * side)): Patch {
  const { width, height, data } = luma;
  const stepX = box.width / side;
  const stepY = box.height / side;
  const [left, right] = inside(box.x, stepX, side, width);
  const [top, bottom] = inside(box.y, stepY, side, height);
  for (let row = top; row < bottom; row++) {
    const y = Math.min(Math.max(box.y + (row + 0.5) * stepY - 0.5, 0), height - 1);
    const above = Math.min(Math.floor(y), height - 2);
    const down = y - above;
    for (let column = left; column < right; column++) {
      const x = Math.min(Math.max(box.x + (column + 0.5) * stepX - 0.5, 0), width - 1);
      const before = Math.min(Math.floor(x), width - 2);
      const on = x - before;
      const at = above * width + before;
      const upper = data[at] + (data[at + 1] - data[at]) * on;
      const lower = data[at + width] + (data[at + width + 1] - data[at + width]) * on;
      into[row * side + column] = upper + (lower - upper) * down;
    }
  }
  return { side, values: into, left, right, top, bottom };
}

/** The samples from first to, not including, last that lie in a picture so many pixels long. */
function inside(from: number, step: number, side: number, length: number): [number, number] {
  const first = Math.min(side, Math.max(0, Math.ceil(-from / step - 0.5)));
  const end = Math.max(first, Math.min(side, Math.floor((length - from) / step - 0.5) + 1));
  return [first, end];
}

/** Standard deviation of the gray values of the samples inside the picture. */
export function contrast(patch: Patch): number {
  const { side, values, left, right, top, bottom } = patch;
  let [sum, squares] = [0, 0];
  for (let row = top; row < bottom; row++) {
    for (let i = row * side + left; i < row * side + right; i++) {
      sum += values[i];
      squares += values[i] * values[i];
    }
  }
  const count = (right - left) * (bottom - top);
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares - (sum * sum) / count) / count);
}

const weights = new Map<number, Float32Array>();

/** What counts is what a person drew around: the middle in full, the sides a quarter, the corners hardly. */
function weightsOf(side: number): Float32Array {
  let known = weights.get(side);
  if (!known) {
    known = new Float32Array(side * side);
    for (let row = 0, i = 0; row < side; row++) {
      for (let column = 0; column < side; column++, i++) {
        const away = Math.hypot((2 * row + 1) / side - 1, (2 * column + 1) / side - 1);
        known[i] = 1 / (1 + (away / 0.75) ** 4);
      }
    }
    weights.set(side, known);
  }
  return known;
}

/**
 * Normalised cross-correlation, weighted, of two patches of one grid, over the samples that are inside the picture for both:
 * 1 where one is the other in another light, -1 where they are opposite or share too little (Lewis 1995, Fast
 * Normalized Cross-Correlation). The fewer they share, the less it counts: a strip at the picture's edge is like
 * many others.
 */
export function correlation(a: Patch, b: Patch): number {
  const { side } = a;
  const left = Math.max(a.left, b.left);
  const right = Math.min(a.right, b.right);
  const top = Math.max(a.top, b.top);
  const bottom = Math.min(a.bottom, b.bottom);
  if ((right - left) * (bottom - top) < LEAST_SHARED * side * side || right < left || bottom < top) return -1;
  const weight = weightsOf(side);
  let [count, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0];
  for (let row = top; row < bottom; row++) {
    for (let i = row * side + left; i < row * side + right; i++) {
      const [w, p, q] = [weight[i], a.values[i], b.values[i]];
      count += w;
      sumA += w * p;
      sumB += w * q;
      squaresA += w * p * p;
      squaresB += w * q * q;
      products += w * p * q;
    }
  }
  const spread = (squaresA - (sumA * sumA) / count) * (squaresB - (sumB * sumB) / count);
  if (spread <= 1e-6) return 0;
  const shared = (right - left) * (bottom - top);
  return (((products - (sumA * sumB) / count) / Math.sqrt(spread)) * Math.sqrt(shared)) / side;
}
