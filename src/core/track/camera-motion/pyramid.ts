/** One picture of the pyramid: gray values 0..255, tightly packed. */
export interface Level {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

/**
 * The same picture at 1, 1/2, 1/4 and 1/8 of its size (means of 2x2 pixels). All memory is taken at
 * construction; `fill` overwrites it.
 */
export class Pyramid {
  readonly levels: readonly Level[];
  /** Mean gray value of the picture last filled in, 0..255. */
  mean = 0;

  constructor(width: number, height: number, depth: number) {
    const levels: Level[] = [];
    for (let i = 0; i < depth; i++) {
      const w = width >> i;
      const h = height >> i;
      levels.push({ width: w, height: h, pixels: new Float32Array(w * h) });
    }
    this.levels = levels;
  }

  fill(luma: Uint8Array): void {
    smooth(luma, this.levels[0]);
    for (let i = 1; i < this.levels.length; i++) halve(this.levels[i - 1], this.levels[i]);
    const top = this.levels[this.levels.length - 1].pixels;
    let sum = 0;
    for (let i = 0; i < top.length; i++) sum += top[i];
    this.mean = sum / top.length;
  }
}

// An odd last column or row is left out, so that pixel x of the small picture always covers 2x and 2x + 1.
function halve(from: Level, to: Level): void {
  const source = from.pixels;
  const target = to.pixels;
  for (let y = 0, o = 0; y < to.height; y++) {
    let p = 2 * y * from.width;
    for (let x = 0; x < to.width; x++, o++, p += 2) {
      target[o] = 0.25 * (source[p] + source[p + 1] + source[p + from.width] + source[p + from.width + 1]);
    }
  }
}

// A light 3x3 binomial blur: noise and the smallest details, between pixels, would pull sub-pixel motions towards
// whole pixels. The outermost pixels are copied.
function smooth(luma: Uint8Array, to: Level): void {
  const { width: w, height: h, pixels } = to;
  pixels.set(luma);
  for (let y = 1; y < h - 1; y++) {
    let p = y * w;
    let left = luma[p - w] + 2 * luma[p] + luma[p + w];
    let middle = luma[p - w + 1] + 2 * luma[p + 1] + luma[p + w + 1];
    for (const end = p + w - 2; p < end; p++) {
      const right = luma[p - w + 2] + 2 * luma[p + 2] + luma[p + w + 2];
      pixels[p + 1] = (left + 2 * middle + right) / 16;
      left = middle;
      middle = right;
    }
  }
}
