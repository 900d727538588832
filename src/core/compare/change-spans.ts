import type { Box } from '../geometry/box.ts';
import { intersectionArea } from '../geometry/box.ts';
import type { FrameSpan } from '../track/frame-span.ts';
import type { ChangedRegion } from './regions.ts';

/** A place that differs for a while. */
export interface Change extends FrameSpan {
  /** Around all that belongs to it in any of its frames, in source pixels. */
  readonly box: Box;
  /** The frame in which it is largest, and where it is there. */
  readonly at: number;
  readonly largest: Box;
}

/** A change may be too small to see for so many frames and still be the same one. */
const GAP = 5;
/** More changes than this are counted, not listed. */
const MOST = 10_000;

interface Lasting {
  from: number;
  to: number;
  box: Box;
  at: number;
  largest: Box;
  cells: number;
  /** Where it was seen last. */
  last: Box;
}

/** Puts regions of frames that follow one another together where they overlap, so that a list of them can be read. */
export class ChangeSpans {
  #lasting: Lasting[] = [];
  readonly #done: Change[] = [];
  #left = 0;

  /** Frames come in rising order; those without regions may be left out. */
  add(frame: number, regions: readonly ChangedRegion[]): void {
    this.#close((change) => frame - change.to >= GAP);
    const earlier = this.#lasting.map((change) => ({ change, place: change.last }));
    const grownNow = new Set<Lasting>();
    for (const { box, cells } of regions) {
      const met = earlier.filter(({ change, place }) => change.cells > 0 && touch(place, box));
      const [first, ...others] = met.map(({ change }) => change);
      const change = first ?? this.#begin(frame, box);
      for (const other of others) this.#join(change, other, grownNow);
      grow(change, frame, box, cells, grownNow.has(change));
      grownNow.add(change);
    }
    this.#lasting = this.#lasting.filter(({ cells }) => cells > 0);
  }

  /** All changes, by their first frame; `left` is the number of those beyond what a list can hold. */
  finish(): { readonly changes: Change[]; readonly left: number } {
    this.#close(() => true);
    const changes = [...this.#done].sort((a, b) => a.from - b.from || a.box.y - b.box.y || a.box.x - b.box.x);
    return { changes, left: this.#left };
  }

  #begin(frame: number, box: Box): Lasting {
    const change = { from: frame, to: frame, box, at: frame, largest: box, cells: 0, last: box };
    this.#lasting.push(change);
    return change;
  }

  /** Two that grow together were one. */
  #join(change: Lasting, other: Lasting, grownNow: Set<Lasting>): void {
    if (other === change) return;
    change.from = Math.min(change.from, other.from);
    change.to = Math.max(change.to, other.to);
    change.box = union(change.box, other.box);
    if (other.cells > change.cells) {
      change.at = other.at;
      change.largest = other.largest;
      change.cells = other.cells;
    }
    if (grownNow.has(other)) {
      change.last = grownNow.has(change) ? union(change.last, other.last) : other.last;
      grownNow.add(change);
    }
    other.cells = 0; // gone
  }

  #close(isOver: (change: Lasting) => boolean): void {
    for (const change of this.#lasting) {
      if (!isOver(change)) continue;
      const { from, to, box, at, largest } = change;
      if (this.#done.length < MOST) this.#done.push({ from, to, box, at, largest });
      else this.#left++;
    }
    this.#lasting = this.#lasting.filter((change) => !isOver(change));
  }
}

function grow(change: Lasting, frame: number, box: Box, cells: number, again: boolean): void {
  change.to = frame + 1;
  change.box = union(change.box, box);
  change.last = again ? union(change.last, box) : box;
  if (cells > change.cells) {
    change.at = frame;
    change.largest = box;
    change.cells = cells;
  }
}

/** Boxes of whole cells that share a side or corner touch. */
function touch(a: Box, b: Box): boolean {
  const wider = { x: a.x - 1, y: a.y - 1, width: a.width + 2, height: a.height + 2 };
  return intersectionArea(wider, b) > 0;
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
