import { type Box, centre } from '../geometry/box.ts';
import { apply, compose, IDENTITY, invert, type Similarity, scaleOf } from '../geometry/similarity.ts';
import type { CameraMotion } from './camera-motion.ts';
import type { FrameSpan } from './frame-span.ts';

/** The frames between two cuts. */
export type Shot = FrameSpan;

/**
 * Past this accumulated zoom or travel a shot is split: its frames share nothing any more, and numbers that keep
 * growing would lose their precision.
 */
const MOST_ZOOM = 1e3;
const MOST_TRAVEL = 1e6;

/**
 * Takes the camera's motion out. *Still coordinates* are the source pixels of the shot's first frame: where a
 * thing would be seen had the camera not moved since. In them, a person who stands still stands still.
 */
export class Stabiliser {
  readonly shots: readonly Shot[];
  /** Per frame the transform from its source pixels to still coordinates: a, b, tx, ty. */
  private readonly toStill: Float64Array;

  constructor(frames: readonly { readonly motion: CameraMotion }[]) {
    this.toStill = new Float64Array(frames.length * 4);
    const starts: number[] = [];
    let fromStill = IDENTITY;
    frames.forEach(({ motion }, frame) => {
      fromStill = compose(fromStill, sane(motion.transform));
      if (frame === 0 || motion.cut || strayed(fromStill)) {
        starts.push(frame);
        fromStill = IDENTITY;
      }
      const { a, b, tx, ty } = invert(fromStill);
      this.toStill.set([a, b, tx, ty], frame * 4);
    });
    this.shots = starts.map((from, i) => ({ from, to: starts[i + 1] ?? frames.length }));
  }

  /** The transform from a frame's source pixels to still coordinates. */
  transform(frame: number): Similarity {
    const [a, b, tx, ty] = this.toStill.subarray(frame * 4, frame * 4 + 4);
    return { a, b, tx, ty };
  }

  /** How many source pixels of this frame one still pixel is. */
  zoom(frame: number): number {
    return 1 / Math.hypot(this.toStill[frame * 4], this.toStill[frame * 4 + 1]);
  }

  /** Where the middle of a box in source pixels of `frame` is in still coordinates. */
  stillCentre(frame: number, box: Box): { x: number; y: number } {
    const { x, y } = centre(box);
    return apply(this.transform(frame), x, y);
  }

  /** Where a point in still coordinates is in source pixels of `frame`. */
  sourcePoint(frame: number, x: number, y: number): { x: number; y: number } {
    return apply(invert(this.transform(frame)), x, y);
  }
}

/** A transform that a camera can make between two frames; nonsense is taken for no motion. */
function sane(t: Similarity): Similarity {
  const scale = scaleOf(t);
  const possible = scale > 0.1 && scale < 10 && Number.isFinite(t.tx) && Number.isFinite(t.ty);
  return possible ? t : IDENTITY;
}

function strayed(t: Similarity): boolean {
  const scale = scaleOf(t);
  return (
    scale > MOST_ZOOM || scale < 1 / MOST_ZOOM || Math.hypot(t.tx, t.ty) > MOST_TRAVEL * Math.min(1, scale)
  );
}

/** The shot that holds a frame; shots must be in order and without gaps. */
export function shotAt(shots: readonly Shot[], frame: number): Shot {
  let low = 0;
  let high = shots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (shots[middle].from <= frame) low = middle;
    else high = middle - 1;
  }
  return shots[low];
}
