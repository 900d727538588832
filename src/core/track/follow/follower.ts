import { type Box, centre, clip } from '../../geometry/box.ts';
import { applyToBox, type Similarity } from '../../geometry/similarity.ts';
import type { Luma } from './patch.ts';
import { type Found, Template } from './template.ts';

/** A place this alike is taken for the region. */
const ALIKE = 0.68;
/** So unlike what was drawn, for so many pictures on end, it is somebody or something else by now. */
const UNLIKE = 0.5;
const UNLIKE_FRAMES = 12;
/** Below this contrast there is nothing to find again, and the region goes with the camera. */
const LEAST_CONTRAST = 3;
/** The first look is believed over the latest where it agrees this well: it does not drift. */
const FIRST_AGREES = 0.75;
/** The latest look is taken anew once the region has changed this much, but not where it may be another's. */
const CHANGED = 0.92;
const STILL_SURE = 0.75;
/** Frames in which a region may be hidden before it is given up. */
const HIDDEN_FRAMES = 10;
/** Less than this share of the region inside the picture, and it has left. */
const LEFT = 0.2;
/**
 * A step may make the size larger or smaller by these factors at most, and all steps together by the others. A small
 * place is like many others, and a cover that has become too small shows a face, so it shrinks slowly and little.
 */
const GROWS = 1.04;
const SHRINKS = 0.994;
const LARGEST = 5;
const SMALLEST = 0.7;

/** Where a region is in a picture. */
export interface Followed {
  readonly box: Box;
  /** False where it was not found and goes with the camera. */
  readonly found: boolean;
}

/**
 * Follows one region from picture to picture: the camera's motion says where to look, and the place there that is
 * most like the region is taken. It is compared with what was drawn first, which keeps it from drifting, and with
 * what it looked like lately, since people turn and light changes (as in Matthews, Ishikawa and Baker 2004, The
 * Template Update Problem). All coordinates are pixels of the pictures given.
 */
export class RegionFollower {
  readonly #first: Template;
  readonly #firstBox: Box;
  #latest: Template;
  #box: Box;
  /** Of the middle, beyond the camera's, per picture. */
  #velocity = { x: 0, y: 0 };
  #hidden = 0;
  #unlike = 0;

  constructor(luma: Luma, box: Box) {
    this.#first = new Template(luma, box);
    this.#latest = this.#first;
    this.#firstBox = box;
    this.#box = box;
  }

  /** The region in the next picture; `camera` maps the last picture to it. 'lost' ends the following. */
  next(luma: Luma, camera: Similarity): Followed | 'lost' {
    const still = this.#limited(applyToBox(camera, this.#box), this.#box);
    const predicted = { ...still, x: still.x + this.#velocity.x, y: still.y + this.#velocity.y };
    const found = this.#first.contrast < LEAST_CONTRAST ? undefined : this.#find(luma, predicted, still);
    if (found) this.#accept(luma, found.box, still);
    else this.#coast(predicted, luma);
    const gone = this.#hidden > HIDDEN_FRAMES || this.#unlike > UNLIKE_FRAMES;
    if (gone || hasLeft(this.#box, luma)) return 'lost';
    return { box: this.#box, found: found !== undefined };
  }

  #find(luma: Luma, predicted: Box, still: Box): Found | undefined {
    // It may be faster than it was, and the longer it was hidden the farther away.
    const size = Math.max(predicted.width, predicted.height);
    const radius = Math.min(
      48,
      5 + 0.3 * size + Math.hypot(this.#velocity.x, this.#velocity.y) + 2 * this.#hidden,
    );
    const lately = this.#latest.search(luma, predicted, radius);
    const first = this.#first.refine(luma, lately.box, 2);
    this.#unlike = first.score < UNLIKE ? this.#unlike + 1 : 0;
    const best = first.score >= FIRST_AGREES ? first : lately;
    if (Math.max(best.score, lately.score) < ALIKE) return undefined;
    return { box: this.#limited(best.box, still), score: best.score };
  }

  #accept(luma: Luma, box: Box, still: Box): void {
    const [now, unmoved] = [centre(box), centre(still)];
    if (this.#hidden === 0) {
      this.#velocity = {
        x: 0.5 * this.#velocity.x + 0.5 * (now.x - unmoved.x),
        y: 0.5 * this.#velocity.y + 0.5 * (now.y - unmoved.y),
      };
    }
    this.#hidden = 0;
    this.#box = box;
    const alike = this.#latest.scoreAt(luma, box);
    if (alike < CHANGED && alike >= STILL_SURE) this.#latest = new Template(luma, box);
  }

  #coast(predicted: Box, luma: Luma): void {
    // With nothing to see in it, not being found says nothing.
    if (this.#first.contrast >= LEAST_CONTRAST) this.#hidden++;
    // Who is on the way out of the picture goes on; elsewhere, somebody stepped behind something.
    const slower = sticksOut(predicted, luma) ? 1 : 0.7;
    this.#velocity = { x: slower * this.#velocity.x, y: slower * this.#velocity.y };
    this.#box = predicted;
  }

  /** A box of a size that is possible one picture after `before`. */
  #limited(box: Box, before: Box): Box {
    const { width, height } = this.#firstBox;
    const zoom = Math.min(LARGEST, Math.max(SMALLEST, box.width / width));
    const step = Math.min(GROWS, Math.max(SHRINKS, (zoom * width) / before.width));
    const scale = (before.width * step) / width;
    const { x, y } = centre(box);
    return {
      x: x - (width * scale) / 2,
      y: y - (height * scale) / 2,
      width: width * scale,
      height: height * scale,
    };
  }
}

function sticksOut(box: Box, { width, height }: Luma): boolean {
  const inside = clip(box, width, height);
  return inside.width * inside.height < 0.95 * box.width * box.height;
}

function hasLeft(box: Box, { width, height }: Luma): boolean {
  const inside = clip(box, width, height);
  return inside.width * inside.height < LEFT * box.width * box.height;
}
