import type { Similarity } from '../../geometry/similarity.ts';
import { Consensus, distance, type Votes } from './consensus.ts';
import { type Frame, gridSize, TRACKED } from './frame.ts';
import { GlobalSearch } from './global-search.ts';
import type { Patches } from './patches.ts';

/** How far off a patch may be and still count for the camera, in pixels of its level, finest first. */
const TOLERANCE = [0.5, 0.5, 0.6];
/** Below this (pixels of the finest level) differences between patches are noise. */
const FINEST = 0.12;
const STEPS = [3, 3, 6];
/** A patch found with this correlation needs no second start. */
const SURE = 0.85;
/** Where fewer of the visible patches than this agree on the coarsest level, the prediction was no good. */
const FOUND = 0.55;
/** A patch correlated less than this was not found at all. */
const LEAST_SCORE = 0.3;
/** From this correlation a patch that agrees in place also agrees in looks. */
const ALIKE = 0.6;

/** A patch whose middle is closer than this to the frame's edge (pixels of the small picture) is partly outside. */
const MARGIN = 8;
/** Gray values at which a sensor shows nothing any more. */
const BLACK = 2;
const BURNT = 246;
/** A motion this far (pixels of the small picture) from the predicted one has to prove itself. */
const SURPRISE = 2.5;
/** By this factor it has to do better. */
const EXPECTED_ADVANTAGE = 0.9;

/** What the comparison of two frames says. */
export interface Match {
  /** Reference frame to current frame, source pixels. */
  readonly transform: Similarity;
  /** Share, 0..1, of the textured patches still in the picture that moved with the camera and look the same. */
  readonly agreement: number;
  /** Share, 0..1, of the patches that have texture and are still in the picture. */
  readonly visible: number;
  /** Share, 0..1, of the visible patches that moved otherwise. */
  readonly residual: number;
}

/**
 * Compares two frames: from coarse to fine, each patch is tracked from where the coarser level's camera model puts
 * it, and the patches then agree on a better model.
 */
export class Matcher {
  private readonly count: number;
  private readonly half: number; // half the long side: the unit of normalised coordinates
  private readonly width: number;
  private readonly height: number;
  private readonly lumaWidth: number;
  private readonly lumaHeight: number;
  private readonly unitX: number; // normalised units a pixel of the small picture
  private readonly unitY: number;
  private readonly consensus: Consensus;
  private readonly search: GlobalSearch;
  private readonly votes: Votes;
  private readonly model = new Float64Array(4);
  private readonly expected = new Float64Array(4);
  private readonly surprise = new Float64Array(4);
  /** How reliably each cell has moved with the camera of late, 0..1: patches on walking people lose their say. */
  private readonly standing: Float64Array;

  constructor(width: number, height: number, lumaWidth: number, lumaHeight: number) {
    const { columns, rows } = gridSize(lumaWidth, lumaHeight);
    this.count = columns * rows;
    this.width = width;
    this.height = height;
    this.lumaWidth = lumaWidth;
    this.lumaHeight = lumaHeight;
    this.half = Math.max(width, height) / 2;
    this.unitX = width / lumaWidth / this.half;
    this.unitY = height / lumaHeight / this.half;
    this.consensus = new Consensus(this.count);
    this.search = new GlobalSearch(lumaWidth >> TRACKED, lumaHeight >> TRACKED);
    const array = () => new Float64Array(this.count);
    this.votes = {
      x: array(),
      y: array(),
      u: array(),
      v: array(),
      weight: array(),
      wxx: array(),
      wxy: array(),
      wyy: array(),
    };
    this.standing = array().fill(1);
  }

  /** Forgets which cells were reliable: call at a cut. */
  reset(): void {
    this.standing.fill(1);
  }

  /** Compares; `predicted` (source pixels) is where to look first. */
  match(reference: Frame, current: Frame, predicted: Similarity): Match {
    this.normalise(predicted, this.expected);
    this.model.set(this.expected);
    const coarsest = TRACKED - 1;
    this.findCoarse(reference.patches[coarsest], reference, current);
    const rough = this.judge(reference.patches[coarsest], coarsest, current);
    if (distance(this.model, this.expected) < SURPRISE * this.unitX)
      return this.descend(reference, current, rough);
    // A fence or a crowd looks the same a step further on: a surprise must do better than the prediction does
    // where details show.
    this.surprise.set(this.model);
    this.model.set(this.expected);
    const asExpected = this.descend(reference, current);
    this.model.set(this.surprise);
    const surprising = this.descend(reference, current, rough);
    if (surprising.agreement * EXPECTED_ADVANTAGE > asExpected.agreement) return surprising;
    this.model.set(this.expected);
    return this.descend(reference, current);
  }

  // Follows the model down to the finest level that has something to say.
  private descend(reference: Frame, current: Frame, rough?: Match): Match {
    let best = rough;
    for (let l = TRACKED - 2; l >= 0; l--) {
      const patches = reference.patches[l];
      this.startFromModel(patches, l);
      patches.track(current.pyramid.levels[l], STEPS[l]);
      this.agree(patches, l);
      const judged = this.judge(patches, l, current);
      // At night the finest level may hold nothing but noise: then a coarser level's answer stands.
      if (best !== undefined && judged.agreement < 0.5 * best.agreement) break;
      best = { ...judged, agreement: Math.max(judged.agreement, best?.agreement ?? 0) };
    }
    return best!;
  }

  /** After a match that was believed: lets cells that moved otherwise lose their say, and others regain it. */
  learn(): void {
    for (let i = 0; i < this.count; i++) {
      if (this.votes.weight[i] === 0) continue;
      this.standing[i] += 0.3 * (this.consensus.agreement[i] - this.standing[i]);
    }
  }

  private findCoarse(patches: Patches, reference: Frame, current: Frame): void {
    const l = TRACKED - 1;
    const level = current.pyramid.levels[l];
    this.startFromModel(patches, l);
    patches.track(level, STEPS[l]);
    this.retryFrom(patches, current, 0, 0);
    const support = this.agree(patches, l);
    let total = 0;
    for (let i = 0; i < this.count; i++) total += this.votes.weight[i];
    if (support > FOUND * total && total > 0.1 * this.count) return;
    this.search.run(reference.pyramid.levels[TRACKED], current.pyramid.levels[TRACKED]);
    this.retryFrom(patches, current, 2 * this.search.dx, 2 * this.search.dy);
    this.model.set(this.expected);
    this.agree(patches, l);
  }

  // Gives patches that were not surely found another start, and keeps it where it is the better one.
  private retryFrom(patches: Patches, current: Frame, dx: number, dy: number): void {
    const l = TRACKED - 1;
    for (let i = 0; i < this.count; i++) {
      if (patches.textured[i] === 0 || (patches.seen[i] === 1 && patches.score[i] > SURE)) continue;
      const oldX = patches.dx[i];
      const oldY = patches.dy[i];
      const oldScore = patches.seen[i] === 1 ? patches.score[i] : -1;
      patches.dx[i] = dx;
      patches.dy[i] = dy;
      patches.trackOne(current.pyramid.levels[l], i, STEPS[l]);
      if (patches.seen[i] === 1 && patches.score[i] > oldScore + 0.05) continue;
      patches.dx[i] = oldX;
      patches.dy[i] = oldY;
      patches.score[i] = Math.max(0, oldScore);
      patches.seen[i] = oldScore > -1 ? 1 : 0;
    }
  }

  private startFromModel(patches: Patches, l: number): void {
    const m = this.model;
    const unitX = this.unitX * 2 ** l;
    const unitY = this.unitY * 2 ** l;
    for (let i = 0; i < this.count; i++) {
      const x = this.normalX(patches.x[i], l);
      const y = this.normalY(patches.y[i], l);
      patches.dx[i] = (m[0] * x - m[1] * y + m[2] - x) / unitX;
      patches.dy[i] = (m[1] * x + m[0] * y + m[3] - y) / unitY;
    }
  }

  // Lets the patches vote for a model; returns the support it has.
  private agree(patches: Patches, l: number): number {
    const { votes, count, standing } = this;
    const unitX = this.unitX * 2 ** l;
    const unitY = this.unitY * 2 ** l;
    let trace = 0;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      if (patches.seen[i] === 0) continue;
      trace += Math.sqrt(patches.hxx[i] + patches.hyy[i]);
      seen++;
    }
    const usual = (trace / Math.max(1, seen)) ** 2;
    for (let i = 0; i < count; i++) {
      if (patches.seen[i] === 0 || patches.score[i] < LEAST_SCORE) {
        votes.weight[i] = 0;
        continue;
      }
      const x = this.normalX(patches.x[i], l);
      const y = this.normalY(patches.y[i], l);
      votes.x[i] = x;
      votes.y[i] = y;
      votes.u[i] = x + patches.dx[i] * unitX;
      votes.v[i] = y + patches.dy[i] * unitY;
      // Strong contrast is trusted more, but only up to a point: one banner must not outvote a street.
      const norm = 1 / (patches.hxx[i] + patches.hyy[i] + usual);
      votes.wxx[i] = patches.hxx[i] * norm;
      votes.wxy[i] = patches.hxy[i] * norm;
      votes.wyy[i] = patches.hyy[i] * norm;
      const looks = Math.min(1, (patches.score[i] - LEAST_SCORE) / 0.5);
      votes.weight[i] = (0.15 + 0.85 * standing[i]) * looks + 1e-6;
    }
    const pixel = this.unitX * 2 ** l;
    const support = this.consensus.find(votes, this.model, TOLERANCE[l] * pixel, FINEST * this.unitX);
    this.model.set(this.consensus.model);
    return support;
  }

  private judge(patches: Patches, l: number, current: Frame): Match {
    let agree = 0;
    let visible = 0;
    for (let i = 0; i < this.count; i++) {
      if (patches.textured[i] === 0 || !this.canBeSeen(patches, i, l, current)) continue;
      visible++;
      if (this.consensus.agreement[i] > 0.1 && patches.score[i] > ALIKE) agree++;
    }
    const agreement = visible === 0 ? 0 : agree / visible;
    return {
      transform: this.toSource(),
      agreement,
      visible: visible / this.count,
      residual: visible === 0 ? 0 : 1 - agreement,
    };
  }

  // Whether the camera model puts a patch inside the current frame, at a place neither burnt out nor black.
  private canBeSeen(patches: Patches, i: number, l: number, current: Frame): boolean {
    const m = this.model;
    const x = this.normalX(patches.x[i], l);
    const y = this.normalY(patches.y[i], l);
    // In pixels of the small picture.
    const u = (m[0] * x - m[1] * y + m[2]) / this.unitX + this.lumaWidth / 2;
    const v = (m[1] * x + m[0] * y + m[3]) / this.unitY + this.lumaHeight / 2;
    if (!(u > MARGIN && v > MARGIN && u < this.lumaWidth - MARGIN && v < this.lumaHeight - MARGIN))
      return false;
    const level = current.pyramid.levels[TRACKED - 1];
    const value = level.pixels[(v >> (TRACKED - 1)) * level.width + (u >> (TRACKED - 1))];
    return value > BLACK && value < BURNT;
  }

  private normalX(x: number, l: number): number {
    return (x + 0.5) * 2 ** l * this.unitX - this.width / 2 / this.half;
  }

  private normalY(y: number, l: number): number {
    return (y + 0.5) * 2 ** l * this.unitY - this.height / 2 / this.half;
  }

  private normalise(t: Similarity, out: Float64Array): void {
    const cx = this.width / 2;
    const cy = this.height / 2;
    out[0] = t.a;
    out[1] = t.b;
    out[2] = (t.a * cx - t.b * cy + t.tx - cx) / this.half;
    out[3] = (t.b * cx + t.a * cy + t.ty - cy) / this.half;
  }

  private toSource(): Similarity {
    const [a, b, tx, ty] = this.model;
    const cx = this.width / 2;
    const cy = this.height / 2;
    return { a, b, tx: tx * this.half + cx - a * cx + b * cy, ty: ty * this.half + cy - b * cx - a * cy };
  }
}
