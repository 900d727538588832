import { type Box, iou } from '../../geometry/box.ts';
import { applyToBox, invert, type Similarity } from '../../geometry/similarity.ts';
import { type Followed, RegionFollower } from './follower.ts';
import type { Luma } from './patch.ts';

/** Pictures between two looks back, and how many pictures each goes back. */
const EVERY = 5;
const BACK = 5;
/** Boxes of one thing, followed forwards and back again, overlap at least this much. */
const SAME = 0.4;

/** Following ended: where the region should be in the last pictures, the latest last, whatever was said of them. */
export interface Lost {
  readonly lost: true;
  readonly instead: readonly Box[];
}

interface Seen {
  readonly luma: Luma;
  /** From the picture before. */
  readonly camera: Similarity;
  readonly box: Box;
}

/**
 * Follows a region and looks back now and then: what it holds is followed backwards through the last pictures, and
 * must be where it was said to be (Kalal, Mikolajczyk and Matas 2010, Forward-Backward Error). Where it comes from
 * somewhere else, somebody passed before the one who was followed and took the region along; following then ends
 * where the two paths part.
 */
export class WatchfulFollower {
  readonly #follower: RegionFollower;
  /** The last pictures, oldest first. */
  readonly #trail: Seen[];
  #found = true;
  #unwatched = 0;

  constructor(luma: Luma, box: Box) {
    this.#follower = new RegionFollower(luma, box);
    this.#trail = [{ luma, camera: { a: 1, b: 0, tx: 0, ty: 0 }, box }];
  }

  /** The region in the next picture; `camera` maps the last picture to it. */
  next(luma: Luma, camera: Similarity): Followed | Lost {
    const followed = this.#follower.next(luma, camera);
    if (followed === 'lost') return { lost: true, instead: [] };
    this.#trail.push({ luma, camera, box: followed.box });
    if (this.#trail.length > BACK + 1) this.#trail.shift();
    this.#found = followed.found;
    if (++this.#unwatched < EVERY) return followed;
    return this.lookBack() ?? followed;
  }

  /** Looks back, as is to be done once more at the end: answers only if the region was lost on the way. */
  lookBack(): Lost | undefined {
    // What stands where the region should be while it is hidden says nothing about it.
    if (!this.#found) return undefined;
    this.#unwatched = 0;
    const trail = this.#trail;
    const last = trail.length - 1;
    const back = new RegionFollower(trail[last].luma, trail[last].box);
    for (let i = last - 1; i >= 0; i--) {
      const found = back.next(trail[i].luma, invert(trail[i + 1].camera));
      if (found === 'lost') return undefined;
      if (iou(found.box, trail[i].box) < SAME) return { lost: true, instead: this.#withCamera(i) };
    }
    return undefined;
  }

  /** Where a thing that stands still is after the picture `from` of the trail. */
  #withCamera(from: number): Box[] {
    const boxes: Box[] = [];
    let { box } = this.#trail[from];
    for (const { camera } of this.#trail.slice(from + 1)) {
      box = applyToBox(camera, box);
      boxes.push(box);
    }
    return boxes;
  }
}
