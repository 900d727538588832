import type { Level } from './pyramid.ts';

/**
 * The shift between two whole pictures, found by trying them all on the coarsest level: for starts that no
 * prediction foresees (a whip pan, the first frames of a shot).
 */
export class GlobalSearch {
  private readonly width: number;
  private readonly height: number;
  private readonly reference: Float32Array;
  private readonly current: Float32Array;
  /** The best shift found, in pixels of the level searched: reference (x, y) is seen at (x + dx, y + dy). */
  dx = 0;
  dy = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.reference = new Float32Array(width * height);
    this.current = new Float32Array(width * height);
  }

  /** Tries every shift of up to 45 % of the picture and keeps the one with the best normalised correlation. */
  run(reference: Level, current: Level): void {
    detail(reference, this.reference);
    detail(current, this.current);
    const { width: w, height: h } = this;
    const reachX = Math.floor(w * 0.45);
    const reachY = Math.floor(h * 0.45);
    let best = -2;
    for (let dy = -reachY; dy <= reachY; dy++) {
      for (let dx = -reachX; dx <= reachX; dx++) {
        const c = this.correlation(dx, dy);
        // Little overlap agrees by chance more easily.
        const overlap = (1 - Math.abs(dx) / w) * (1 - Math.abs(dy) / h);
        const value = c * Math.sqrt(overlap);
        if (value > best) {
          best = value;
          this.dx = dx;
          this.dy = dy;
        }
      }
    }
  }

  private correlation(dx: number, dy: number): number {
    const { width: w, height: h, reference, current } = this;
    const x0 = Math.max(0, -dx);
    const x1 = Math.min(w, w - dx);
    const y1 = Math.min(h, h - dy);
    let ab = 0;
    let aa = 1;
    let bb = 1;
    for (let y = Math.max(0, -dy); y < y1; y++) {
      const row = y * w;
      const shift = dy * w + dx;
      for (let p = row + x0; p < row + x1; p++) {
        const a = reference[p];
        const b = current[p + shift];
        ab += a * b;
        aa += a * a;
        bb += b * b;
      }
    }
    return ab / Math.sqrt(aa * bb);
  }
}

// What is left of a picture without its broad light and shade, which agrees between any two street scenes. Large
// differences count less, so that one bright banner does not decide.
function detail(level: Level, out: Float32Array): void {
  const { width: w, height: h, pixels } = level;
  const reach = 3;
  for (let y = 0; y < h; y++) {
    const top = Math.max(0, y - reach);
    const bottom = Math.min(h - 1, y + reach);
    for (let x = 0; x < w; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(w - 1, x + reach);
      let sum = 0;
      for (let j = top; j <= bottom; j++) {
        for (let i = left; i <= right; i++) sum += pixels[j * w + i];
      }
      const d = pixels[y * w + x] - sum / ((bottom - top + 1) * (right - left + 1));
      out[y * w + x] = d / (1 + Math.abs(d) / 24);
    }
  }
}
