import { type Box, centre } from '../geometry/box.ts';
import { applyToBox, invert } from '../geometry/similarity.ts';
import type { Mask } from '../redact/mask.ts';
import type { CameraMotion } from '../track/camera-motion.ts';
import { contrast, type Luma, takePatch } from '../track/follow/patch.ts';
import { EXPOSED, exposedShare } from './exposed.ts';

/** A covered face in one frame, by the number of its track. */
export interface CoveredFace {
  readonly track: number;
  readonly box: Box;
}

/** A face that was covered, then not, and is still there: one box a frame, source pixels. */
export interface LeakInTime {
  readonly track: number;
  readonly from: number;
  readonly boxes: Box[];
}

export interface LeakOptions {
  /** Source pixels to one pixel of the small pictures. */
  readonly scale: number;
  /** Frames a second. */
  readonly fps: number;
}

/** Points per side at which a face is read. */
const GRID = 12;
/** Faces narrower than this in the small picture are too coarse to compare, in its pixels. */
const NARROWEST = 4;
/** Standard deviation of gray below which a place has nothing to recognise. */
const FLAT = 6;
/** How alike (correlation, -1 to 1) two places must be to show the same. */
const ALIKE = 0.85;
/** How long before its end (after its start) a track must have shown the same for its box to hold a thing, seconds. */
const STEADY = 0.3;
/** The longest leak followed, in seconds; what is longer is found again when the mended film is checked. */
const LONGEST = 2;

interface Past {
  readonly frame: number;
  readonly luma: Luma;
  readonly motion: CameraMotion;
  readonly faces: ReadonlyMap<number, Box>;
  readonly mask: () => Mask;
}

interface Ghost {
  readonly leak: LeakInTime;
  readonly pattern: Float32Array;
  /** Where the pattern is looked for, and what is to be covered if it is there. */
  place: Box;
  box: Box;
}

/**
 * Finds places that a film covers in one frame and shows in the next: where a track ends (or begins) although what
 * it covered stays where it was. Looks at the *source's* pictures, since the written ones hide what is compared.
 *
 * A track's box is believed to hold a thing if what it held did not change for a while before the end; the thing is
 * still there as long as the same place, moved with the camera, looks the same (normalised cross-correlation). Needs
 * frames in order; keeps two seconds of small pictures.
 */
export class LeaksInTime {
  readonly #options: LeakOptions;
  readonly #past: Past[] = [];
  readonly #ghosts: Ghost[] = [];
  readonly #found: LeakInTime[] = [];

  constructor(options: LeakOptions) {
    this.#options = options;
  }

  /** Takes the next frame and the faces whose covers it shows; `mask` is asked for only where it is needed. */
  next(
    frame: number,
    luma: Luma,
    motion: CameraMotion,
    faces: readonly CoveredFace[],
    mask: () => Mask,
  ): void {
    const boxes = new Map(faces.map(({ track, box }) => [track, box]));
    const now: Past = { frame, luma, motion, faces: boxes, mask };
    const before = this.#past.at(-1);
    if (motion.cut || !before) {
      this.#ghosts.length = 0;
      this.#past.length = 0;
    } else {
      for (const [track, box] of before.faces) if (!now.faces.has(track)) this.#ended(track, box);
      this.#follow(now);
      for (const [track, box] of now.faces) this.#began(track, box, now);
    }
    this.#past.push(now);
    if (this.#past.length > (LONGEST + STEADY) * this.#options.fps) this.#past.shift();
  }

  /** What was found so far, in the order of their first frames. */
  get leaks(): LeakInTime[] {
    return this.#found.filter(({ boxes }) => boxes.length > 0).sort((a, b) => a.from - b.from);
  }

  /** A track's last frame was the one before: is what it covered still there? */
  #ended(track: number, box: Box): void {
    const last = this.#past.at(-1) as Past;
    const earlier = this.#past[this.#past.length - 1 - this.#steady];
    const held = earlier?.faces.get(track);
    if (!held) return;
    const [place, then] = sameSize(box, held);
    const pattern = this.#read(last.luma, place);
    if (!pattern || !this.#alike(pattern, earlier.luma, then)) return;
    const leak: LeakInTime = { track, from: last.frame + 1, boxes: [] };
    this.#ghosts.push({ leak, pattern, place, box });
  }

  #follow(now: Past): void {
    const kept = this.#ghosts.filter((ghost) => {
      ghost.place = applyToBox(now.motion.transform, ghost.place);
      ghost.box = applyToBox(now.motion.transform, ghost.box);
      const { boxes } = ghost.leak;
      const most = LONGEST * this.#options.fps;
      if (boxes.length >= most || !this.#shows(now, ghost.place, ghost.pattern)) return false;
      if (boxes.length === 0) this.#found.push(ghost.leak);
      boxes.push(ghost.box);
      return true;
    });
    this.#ghosts.splice(0, this.#ghosts.length, ...kept);
  }

  /** A track began `steady` frames ago, and what it covers has not changed since: was it there before? */
  #began(track: number, box: Box, now: Past): void {
    const start = this.#past.length - this.#steady;
    const first = this.#past[start]?.faces.get(track);
    if (!first || start === 0 || this.#past[start - 1].faces.has(track)) return;
    let [place, held] = sameSize(first, box);
    const pattern = this.#read(this.#past[start].luma, place);
    if (!pattern || !this.#alike(pattern, now.luma, held)) return;
    const boxes: Box[] = [];
    let cover = first;
    for (let i = start - 1; i >= 0; i--) {
      const back = invert(this.#past[i + 1].motion.transform);
      place = applyToBox(back, place);
      cover = applyToBox(back, cover);
      if (!this.#shows(this.#past[i], place, pattern)) break;
      boxes.unshift(cover);
    }
    if (boxes.length > 0) this.#found.push({ track, from: this.#past[start].frame - boxes.length, boxes });
  }

  /** Whether a frame shows `pattern` at `box`, open to see. */
  #shows({ luma, mask }: Past, box: Box, pattern: Float32Array): boolean {
    return this.#alike(pattern, luma, box) && exposedShare(box, mask()) > EXPOSED;
  }

  #alike(pattern: Float32Array, luma: Luma, box: Box): boolean {
    const there = this.#read(luma, box);
    return there !== undefined && correlation(pattern, there) >= ALIKE;
  }

  get #steady(): number {
    return Math.max(1, Math.round(STEADY * this.#options.fps));
  }

  /** The pattern at `box`, mean 0 and length 1; undefined where it is too small, cut off or flat. */
  #read(luma: Luma, box: Box): Float32Array | undefined {
    const { scale } = this.#options;
    const [x, y, width, height] = [box.x / scale, box.y / scale, box.width / scale, box.height / scale];
    if (width < NARROWEST || x < 0 || y < 0 || x + width > luma.width - 1 || y + height > luma.height - 1)
      return undefined;
    const patch = takePatch(luma, { x, y, width, height }, GRID);
    if (contrast(patch) < FLAT) return undefined;
    const { values } = patch;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    for (let i = 0; i < values.length; i++) values[i] -= mean;
    const length = Math.hypot(...values);
    for (let i = 0; i < values.length; i++) values[i] /= length;
    return values;
  }
}

/** Both boxes about their own middles in the smaller size: a track's boxes grow where it is in doubt. */
function sameSize(a: Box, b: Box): [Box, Box] {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  const shrunk = (box: Box): Box => {
    const { x, y } = centre(box);
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  return [shrunk(a), shrunk(b)];
}

/** Of two patterns of length 1. */
function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
