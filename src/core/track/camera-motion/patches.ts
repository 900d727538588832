import type { Level } from './pyramid.ts';

/** A patch with less contrast than this (gray levels squared a pixel, of the gradient) has nothing to hold on to. */
const LEAST_TEXTURE = 1.2;
/** Flatter than this (variance of its gray values) a patch cannot be compared. */
const LEAST_VARIANCE = 2;
/** A step is damped by this share of the picture's own contrast, so that a patch on an edge stays put along it. */
const DAMPING = 0.02;
const CONVERGED = 0.015;

/**
 * A grid of square patches on one level of the pyramid: what they looked like in the reference frame, and where
 * each is found in another (Lucas & Kanade 1981, in the inverse compositional form of Baker & Matthews 2004, one
 * translation a patch). Gain and offset of the brightness are free, so that fades and flashes do not matter.
 *
 * `dx`, `dy`, `score` and `seen` are the results of the last `track`, by patch, in pixels of this level.
 */
export class Patches {
  readonly count: number;
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** How far the patch moved. Set `dx`, `dy` to where to start looking before `track`. */
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  /** Normalised correlation, -1..1, of the patch with where it was found. */
  readonly score: Float64Array;
  /** 1 where the patch had texture and was found inside the picture. */
  readonly seen: Uint8Array;
  /** 1 where the patch has texture in the reference frame. */
  readonly textured: Uint8Array;
  /** The patch's structure tensor a pixel: how well it pins down a motion, by direction. */
  readonly hxx: Float64Array;
  readonly hxy: Float64Array;
  readonly hyy: Float64Array;

  private readonly half: number;
  private readonly size: number;
  private readonly values: Float32Array;
  private readonly gradX: Float32Array;
  private readonly gradY: Float32Array;
  private readonly sums: Float64Array; // by patch: sum and variance of values, sums of gradients, gradient . value
  private readonly width: number;
  private readonly height: number;

  constructor(width: number, height: number, columns: number, rows: number, half: number) {
    this.count = columns * rows;
    this.width = width;
    this.height = height;
    this.half = half;
    this.size = (2 * half + 1) ** 2;
    this.x = new Int32Array(this.count);
    this.y = new Int32Array(this.count);
    // One pixel is kept free around each patch for its gradient.
    const place = (i: number, n: number, length: number) =>
      Math.min(length - half - 2, Math.max(half + 1, Math.floor(((i + 0.5) * length) / n)));
    for (let r = 0, i = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++, i++) {
        this.x[i] = place(c, columns, width);
        this.y[i] = place(r, rows, height);
      }
    }
    this.dx = new Float64Array(this.count);
    this.dy = new Float64Array(this.count);
    this.score = new Float64Array(this.count);
    this.seen = new Uint8Array(this.count);
    this.textured = new Uint8Array(this.count);
    this.hxx = new Float64Array(this.count);
    this.hxy = new Float64Array(this.count);
    this.hyy = new Float64Array(this.count);
    this.values = new Float32Array(this.count * this.size);
    this.gradX = new Float32Array(this.count * this.size);
    this.gradY = new Float32Array(this.count * this.size);
    this.sums = new Float64Array(this.count * 6);
  }

  /** Remembers the patches of the reference frame. */
  take(level: Level): void {
    const { half, size, width: w, values, gradX, gradY, sums } = this;
    const pixels = level.pixels;
    for (let i = 0, o = 0; i < this.count; i++) {
      let sum = 0;
      let squares = 0;
      let sx = 0;
      let sy = 0;
      let vx = 0;
      let vy = 0;
      let xx = 0;
      let xy = 0;
      let yy = 0;
      for (let j = -half; j <= half; j++) {
        let p = (this.y[i] + j) * w + this.x[i] - half;
        for (let k = -half; k <= half; k++, p++, o++) {
          const value = pixels[p];
          const gx = 0.5 * (pixels[p + 1] - pixels[p - 1]);
          const gy = 0.5 * (pixels[p + w] - pixels[p - w]);
          values[o] = value;
          gradX[o] = gx;
          gradY[o] = gy;
          sum += value;
          squares += value * value;
          sx += gx;
          sy += gy;
          vx += gx * value;
          vy += gy * value;
          xx += gx * gx;
          xy += gx * gy;
          yy += gy * gy;
        }
      }
      const variance = squares / size - (sum / size) ** 2;
      const s = i * 6;
      sums[s] = sum;
      sums[s + 1] = variance;
      sums[s + 2] = sx;
      sums[s + 3] = sy;
      sums[s + 4] = vx;
      sums[s + 5] = vy;
      this.hxx[i] = xx / size;
      this.hxy[i] = xy / size;
      this.hyy[i] = yy / size;
      this.textured[i] = (xx + yy) / size > LEAST_TEXTURE && variance > LEAST_VARIANCE ? 1 : 0;
    }
  }

  /** Looks for every patch in `level`, from the `dx`, `dy` it holds, with at most `steps` steps each. */
  track(level: Level, steps: number): void {
    for (let i = 0; i < this.count; i++) this.trackOne(level, i, steps);
  }

  /** The same for patch `i` alone. */
  trackOne(level: Level, i: number, steps: number): void {
    const { half, size, width: w, values, gradX, gradY, sums } = this;
    this.seen[i] = 0;
    this.score[i] = 0;
    if (this.textured[i] === 0) return;
    const pixels = level.pixels;
    const side = 2 * half + 1;
    const s = i * 6;
    const mean = sums[s] / size;
    const variance = sums[s + 1];
    const sx = sums[s + 2];
    const sy = sums[s + 3];
    const xx = this.hxx[i];
    const yy = this.hyy[i];
    const damping = DAMPING * (xx + yy) + 0.2;
    const xy = this.hxy[i];
    const determinant = (xx + damping) * (yy + damping) - xy * xy;
    const startX = this.dx[i];
    const startY = this.dy[i];
    let dx = startX;
    let dy = startY;
    for (let step = 0; ; step++) {
      const left = this.x[i] - half + dx;
      const top = this.y[i] - half + dy;
      const x0 = Math.floor(left);
      const y0 = Math.floor(top);
      if (!(x0 >= 0 && y0 >= 0 && x0 + side < w && y0 + side < this.height)) return;
      const fx = left - x0;
      const fy = top - y0;
      const w00 = (1 - fx) * (1 - fy);
      const w10 = fx * (1 - fy);
      const w01 = (1 - fx) * fy;
      const w11 = fx * fy;
      let sum = 0;
      let squares = 0;
      let product = 0;
      let gx = 0;
      let gy = 0;
      let o = i * size;
      for (let j = 0; j < side; j++) {
        let p = (y0 + j) * w + x0;
        let upper = pixels[p];
        let lower = pixels[p + w];
        for (let k = 0; k < side; k++, o++) {
          p++;
          const nextUpper = pixels[p];
          const nextLower = pixels[p + w];
          const value = w00 * upper + w10 * nextUpper + w01 * lower + w11 * nextLower;
          upper = nextUpper;
          lower = nextLower;
          sum += value;
          squares += value * value;
          product += value * values[o];
          gx += value * gradX[o];
          gy += value * gradY[o];
        }
      }
      const mean1 = sum / size;
      const variance1 = squares / size - mean1 * mean1;
      this.score[i] =
        variance1 > 0.25 ? (product / size - mean * mean1) / Math.sqrt(variance * variance1) : 0;
      if (step === steps) break;
      const gain = Math.min(4, Math.max(0.25, Math.sqrt(variance / Math.max(variance1, 0.25))));
      const bx = (gain * (gx - mean1 * sx) - (sums[s + 4] - mean * sx)) / size;
      const by = (gain * (gy - mean1 * sy) - (sums[s + 5] - mean * sy)) / size;
      const ux = ((yy + damping) * bx - xy * by) / determinant;
      const uy = ((xx + damping) * by - xy * bx) / determinant;
      // A step longer than about a patch's reach is a guess: shorten it.
      const shorten = Math.min(1, (0.6 * half) / Math.max(1e-9, Math.hypot(ux, uy)));
      dx -= ux * shorten;
      dy -= uy * shorten;
      if (Math.hypot(ux, uy) < CONVERGED) break;
    }
    this.dx[i] = dx;
    this.dy[i] = dy;
    this.seen[i] = 1;
  }
}
