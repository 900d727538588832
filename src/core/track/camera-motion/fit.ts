/**
 * Weighted least squares for a small similarity change, with a full 2x2 weight for every point: a point on an
 * edge says how far the picture moved across the edge and nothing of how far along it.
 *
 * Points lie in *normalised* coordinates (the picture's middle at 0, half its long side at 1), so that the four
 * unknowns [a, b, tx, ty] of `x' = a x - b y + tx`, `y' = b x + a y + ty` are of one size.
 */
export class SimilarityFit {
  private readonly m = new Float64Array(20); // 4 rows of [A | r]

  reset(): void {
    this.m.fill(0);
  }

  /** Adds that the point (x, y) is to move to (u, v), trusted by the symmetric matrix [[wxx, wxy], [wxy, wyy]]. */
  add(x: number, y: number, u: number, v: number, wxx: number, wxy: number, wyy: number): void {
    const m = this.m;
    // J = [x -y 1 0; y x 0 1]; columns of W J are (p, q).
    const p0 = wxx * x + wxy * y;
    const q0 = wxy * x + wyy * y;
    const p1 = -wxx * y + wxy * x;
    const q1 = -wxy * y + wyy * x;
    const ru = wxx * u + wxy * v;
    const rv = wxy * u + wyy * v;
    m[0] += x * p0 + y * q0;
    m[1] += x * p1 + y * q1;
    m[2] += p0;
    m[3] += q0;
    m[4] += x * ru + y * rv;
    m[6] += -y * p1 + x * q1;
    m[7] += p1;
    m[8] += q1;
    m[9] += -y * ru + x * rv;
    m[12] += wxx;
    m[13] += wxy;
    m[14] += ru;
    m[18] += wyy;
    m[19] += rv;
  }

  /**
   * Writes [a, b, tx, ty] into `out`; false, and `out` untouched, where the points do not determine them.
   * `prior` (a weight) and `towards` pull a and b, then tx and ty, so that a bare wall yields what was expected.
   */
  solve(out: Float64Array, towards: Float64Array, prior: number): boolean {
    const m = this.m;
    m[5] = m[1];
    m[10] = m[2];
    m[11] = m[7];
    m[15] = m[3];
    m[16] = m[8];
    m[17] = m[13];
    for (let i = 0; i < 4; i++) {
      m[i * 5 + i] += prior;
      m[i * 5 + 4] += prior * towards[i];
    }
    for (let i = 0; i < 4; i++) {
      const pivot = m[i * 5 + i]; // positive definite: no exchange of rows is needed
      if (!(pivot > 1e-12)) return false;
      for (let r = i + 1; r < 4; r++) {
        const f = m[r * 5 + i] / pivot;
        for (let c = i; c < 5; c++) m[r * 5 + c] -= f * m[i * 5 + c];
      }
    }
    for (let i = 3; i >= 0; i--) {
      let value = m[i * 5 + 4];
      for (let c = i + 1; c < 4; c++) value -= m[i * 5 + c] * out[c];
      out[i] = value / m[i * 5 + i];
    }
    return true;
  }
}
