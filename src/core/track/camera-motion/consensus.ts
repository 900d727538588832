import { SimilarityFit } from './fit.ts';
import { seededRandom } from './random.ts';

const DRAWS = 70;
/** Between neighbouring frames no camera turns by more than this (sine) or zooms by more than this share. */
const MOST_TURN = 0.25;
const MOST_ZOOM = 0.25;
/** What a model that agrees with the expected motion gains over one of equal support. */
const EXPECTED_GAIN = 0.3;
/** How far (normalised units) a model may be from the expected motion before that gain is mostly gone. */
const EXPECTED_REACH = 0.02;
/** Pull towards the expected motion, in patches: decides only where next to nothing else does. */
const PULL = 0.005;
const REFINEMENTS = 6;

/** What each patch says, in normalised coordinates (see SimilarityFit). All arrays have one element a patch. */
export interface Votes {
  /** The patch in the reference frame, and where it was found. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** How much its vote counts, 0 to leave it out. */
  readonly weight: Float64Array;
  /** Structure tensor of trace at most 1: which directions the patch can speak for. */
  readonly wxx: Float64Array;
  readonly wxy: Float64Array;
  readonly wyy: Float64Array;
}

/**
 * Finds the similarity transform that the most patches agree on (RANSAC, Fischler & Bolles 1981), then refines it
 * on those by reweighted least squares (Tukey's bisquare). The expected motion is one of the candidates and gains
 * a little, so that of two crowds of equal size the one that moves as the camera did a moment ago wins.
 */
export class Consensus {
  /** The transform found: a, b, tx, ty in normalised coordinates. */
  readonly model = new Float64Array(4);
  /** How well each patch agrees with it, 1 to 0; 0 for patches without a vote. */
  readonly agreement: Float64Array;
  private readonly fit = new SimilarityFit();
  private readonly draw = new Float64Array(4);
  private readonly sorted: Float64Array;
  private readonly voters: Int32Array;

  constructor(count: number) {
    this.agreement = new Float64Array(count);
    this.sorted = new Float64Array(count);
    this.voters = new Int32Array(count);
  }

  /**
   * @param expected the motion that was expected, as `model`
   * @param tolerance how far off (normalised units) a patch may be and still have a say
   * @param finest the smallest tolerance worth going down to, below which lies noise
   * @returns the weight of the patches that agree; 0, and the expected motion, where too few have a vote
   */
  find(votes: Votes, expected: Float64Array, tolerance: number, finest: number): number {
    const { model, draw, voters } = this;
    let n = 0;
    for (let i = 0; i < votes.x.length; i++) if (votes.weight[i] > 0) voters[n++] = i;
    model.set(expected);
    if (n < 3) {
      this.agreement.fill(0);
      return 0;
    }
    let best = this.support(votes, expected, tolerance) * (1 + EXPECTED_GAIN);
    const random = seededRandom(n);
    for (let k = 0; k < DRAWS; k++) {
      const i = voters[Math.floor(random() * n)];
      const j = voters[Math.floor(random() * n)];
      if (!throughTwo(votes, i, j, draw)) continue;
      const support = this.support(votes, draw, tolerance);
      if (support * (1 + EXPECTED_GAIN) <= best) continue;
      const gain = 1 + EXPECTED_GAIN * Math.exp(-((distance(draw, expected) / EXPECTED_REACH) ** 2));
      if (support * gain > best) {
        best = support * gain;
        model.set(draw);
      }
    }
    this.refine(votes, expected, tolerance, finest);
    return this.support(votes, model, tolerance);
  }

  private refine(votes: Votes, expected: Float64Array, tolerance: number, finest: number): void {
    const { model, fit, sorted } = this;
    let reach = tolerance;
    for (let k = 0; k < REFINEMENTS; k++) {
      fit.reset();
      let n = 0;
      for (let i = 0; i < votes.x.length; i++) {
        const e = votes.weight[i] > 0 ? misfit(votes, i, model) : Infinity;
        const w = e < reach * reach ? (1 - e / (reach * reach)) ** 2 : 0;
        this.agreement[i] = e < tolerance * tolerance ? (1 - e / (tolerance * tolerance)) ** 2 : 0;
        if (e < tolerance * tolerance) sorted[n++] = e;
        if (w === 0) continue;
        const trust = w * votes.weight[i];
        fit.add(
          votes.x[i],
          votes.y[i],
          votes.u[i],
          votes.v[i],
          trust * votes.wxx[i],
          trust * votes.wxy[i],
          trust * votes.wyy[i],
        );
      }
      if (n < 3) return;
      const middle = Math.sqrt(sorted.subarray(0, n).sort()[n >> 1]);
      reach = Math.min(tolerance, Math.max(finest, 3.5 * middle));
      fit.solve(model, expected, PULL);
    }
  }

  private support(votes: Votes, model: Float64Array, tolerance: number): number {
    const limit = tolerance * tolerance;
    let sum = 0;
    for (let i = 0; i < votes.x.length; i++) {
      if (votes.weight[i] === 0) continue;
      const e = misfit(votes, i, model);
      if (e < limit) sum += votes.weight[i] * (1 - e / limit);
    }
    return sum;
  }
}

/** Squared distance between where a patch was found and where `m` puts it, in the directions it can speak for. */
function misfit(votes: Votes, i: number, m: Float64Array): number {
  const x = votes.x[i];
  const y = votes.y[i];
  const ex = m[0] * x - m[1] * y + m[2] - votes.u[i];
  const ey = m[1] * x + m[0] * y + m[3] - votes.v[i];
  const xx = votes.wxx[i];
  const yy = votes.wyy[i];
  return (2 * (xx * ex * ex + 2 * votes.wxy[i] * ex * ey + yy * ey * ey)) / (xx + yy);
}

// The similarity transform that takes two patches to where they were found; false if no camera moves like that.
function throughTwo(votes: Votes, i: number, j: number, out: Float64Array): boolean {
  const px = votes.x[j] - votes.x[i];
  const py = votes.y[j] - votes.y[i];
  const length = px * px + py * py;
  if (length < 0.04) return false;
  const qx = votes.u[j] - votes.u[i];
  const qy = votes.v[j] - votes.v[i];
  const a = (qx * px + qy * py) / length;
  const b = (qy * px - qx * py) / length;
  if (Math.abs(b) > MOST_TURN || Math.abs(a - 1) > MOST_ZOOM) return false;
  out[0] = a;
  out[1] = b;
  out[2] = votes.u[i] - a * votes.x[i] + b * votes.y[i];
  out[3] = votes.v[i] - b * votes.x[i] - a * votes.y[i];
  return true;
}

/** How far apart two models move the picture, in normalised units, about half way to its corners. */
export function distance(m: Float64Array, n: Float64Array): number {
  return Math.hypot(m[2] - n[2], m[3] - n[3]) + 0.5 * Math.hypot(m[0] - n[0], m[1] - n[1]);
}
