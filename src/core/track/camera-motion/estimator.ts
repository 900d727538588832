import { SayehError } from '../../errors.ts';
import { compose, IDENTITY, invert, type Similarity } from '../../geometry/similarity.ts';
import { Exposure } from './exposure.ts';
import { Frame } from './frame.ts';
import { type Match, Matcher } from './matcher.ts';
import type { MotionReport } from './report.ts';
import { isSmeared } from './smear.ts';

/** Two frames of one shot: at least this share of what is visible agrees. */
const SAME_VIEW = 0.3;
/** And at least this share of the patches must be visible to say anything. */
const LEAST_VISIBLE = 0.06;
/** A picture with texture in less than this share of it cannot prove that a new shot began. */
const ENOUGH_TEXTURE = 0.3;
/** No jolt smears more frames in a row than this. */
const LONGEST_SMEAR = 4;
/** After this many unreadable frames the last readable one is given up. */
const LONGEST_HOLD = 12;

export interface EstimatorOptions {
  /** Size of the film's upright frames, in source pixels. */
  readonly width: number;
  readonly height: number;
  /** Size of the small gray pictures that `next` gets: see `lumaSize`. */
  readonly lumaWidth: number;
  readonly lumaHeight: number;
}

/**
 * Follows the camera through a film, frame by frame, in constant memory. Deterministic.
 *
 * Frames that cannot be read (black, blurred, blinded by a flash) get a guess with low confidence, while the last
 * readable frame is held; the next readable one is compared with that and makes the guesses good, so that the
 * product of all transforms stays right across the gap.
 */
export class CameraMotionEstimator {
  private readonly lumaLength: number;
  private readonly matcher: Matcher;
  private readonly exposure = new Exposure();
  private reference: Frame;
  private current: Frame;
  private started = false;
  /** Reference frame to the last frame reported: not the identity only while a frame is held. */
  private sinceReference: Similarity = IDENTITY;
  private held = 0;
  private velocity: Similarity = IDENTITY;
  /** The usual agreement between neighbours in this shot: low at night, near 1 by day. */
  private usual = 1;

  constructor({ width, height, lumaWidth, lumaHeight }: EstimatorOptions) {
    if (!(width > 0 && height > 0 && lumaWidth >= 96 && lumaHeight >= 96)) {
      throw new SayehError(
        'usage',
        `cannot follow the camera in ${lumaWidth}x${lumaHeight} pictures of ${width}x${height} frames; ask lumaSize`,
      );
    }
    this.lumaLength = lumaWidth * lumaHeight;
    this.matcher = new Matcher(width, height, lumaWidth, lumaHeight);
    this.reference = new Frame(lumaWidth, lumaHeight);
    this.current = new Frame(lumaWidth, lumaHeight);
  }

  /** How the camera moved up to this frame. `luma` is read before the call returns and may be reused. */
  next(luma: Uint8Array): MotionReport {
    if (luma.length !== this.lumaLength) {
      throw new SayehError(
        'usage',
        `a gray picture of ${luma.length} bytes; ${this.lumaLength} were announced`,
      );
    }
    this.current.fill(luma);
    const meanLuma = this.current.pyramid.mean;
    const flash = this.exposure.next(meanLuma);
    if (!this.started) return this.beginShot(meanLuma);
    const predicted = compose(this.sinceReference, this.velocity);
    const match = this.matcher.match(this.reference, this.current, predicted);
    if (match.visible >= LEAST_VISIBLE && match.agreement >= SAME_VIEW * Math.min(1, this.usual + 0.2)) {
      return this.accept(match, meanLuma, flash);
    }
    if (this.isNewView(match)) return this.beginShot(meanLuma);
    return this.hold(meanLuma, flash);
  }

  private accept(match: Match, meanLuma: number, flash: boolean): MotionReport {
    this.matcher.learn();
    const transform =
      this.held === 0 ? match.transform : compose(invert(this.sinceReference), match.transform);
    // Over a held gap the step holds the guesses' mistakes: the mean step is the better prediction.
    this.velocity = this.held === 0 ? transform : meanStep(match.transform, this.held + 1);
    this.usual += 0.2 * (match.agreement - this.usual);
    this.keep();
    return {
      transform,
      confidence: confidence(match),
      cut: false,
      residual: match.residual,
      meanLuma,
      flash,
    };
  }

  private beginShot(meanLuma: number): MotionReport {
    this.started = true;
    this.matcher.reset();
    this.exposure.reset();
    this.exposure.next(meanLuma);
    this.velocity = IDENTITY;
    this.usual = 1;
    this.keep();
    return { transform: IDENTITY, confidence: 1, cut: true, residual: 0, meanLuma, flash: false };
  }

  private hold(meanLuma: number, flash: boolean): MotionReport {
    this.velocity = meanStep(this.velocity, 2);
    this.sinceReference = compose(this.sinceReference, this.velocity);
    if (++this.held > LONGEST_HOLD) this.keep();
    return { transform: this.velocity, confidence: 0, cut: false, residual: 0, meanLuma, flash };
  }

  // Only two pictures that both show something, and show different things, prove a cut.
  private isNewView(match: Match): boolean {
    if (match.visible < LEAST_VISIBLE) return false;
    const { reference, current } = this;
    if (reference.texturedShare() < ENOUGH_TEXTURE || current.texturedShare() < ENOUGH_TEXTURE) return false;
    if (match.agreement >= 0.5 * this.usual) return false;
    return this.held >= LONGEST_SMEAR || !isSmeared(reference, current);
  }

  // The current frame becomes the reference; the old one's memory is used for the next.
  private keep(): void {
    const old = this.reference;
    this.reference = this.current;
    this.current = old;
    this.sinceReference = IDENTITY;
    this.held = 0;
  }
}

// About one n-th of a small motion.
function meanStep(t: Similarity, n: number): Similarity {
  return { a: 1 + (t.a - 1) / n, b: t.b / n, tx: t.tx / n, ty: t.ty / n };
}

function confidence(match: Match): number {
  // Less than a quarter of the patches is thin evidence even if they all agree: it may be one person.
  const evidence = Math.min(1, (match.agreement * match.visible) / 0.25);
  return evidence * Math.min(1, Math.max(0, (match.agreement - 0.15) / 0.65));
}
