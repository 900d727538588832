import { type Box, centre } from '../../geometry/box.ts';
import { contrast, correlation, type Luma, type Patch, takePatch } from './patch.ts';

/** Samples a side for looking around, and for the last bit. */
const COARSE = 10;
const FINE = 24;
/** Where the fine search ends, in pixels. */
const FINEST_STEP = 0.125;
/** What a place loses in likeness where it is as far from the expected one as the region is large. */
const UNEXPECTED = 0.3;
/** Best places of the coarse search that are looked at finely. */
const CANDIDATES = 3;

/** Where a template was found, and how alike that place is, -1 to 1. */
export interface Found {
  readonly box: Box;
  readonly score: number;
}

/** What a region looked like in one picture, to be found in others. */
export class Template {
  readonly #coarse: Patch;
  readonly #fine: Patch;
  readonly #room = new Float32Array(FINE * FINE);
  readonly #coarseRoom = new Float32Array(COARSE * COARSE);

  constructor(luma: Luma, box: Box) {
    this.#coarse = takePatch(luma, box, COARSE);
    this.#fine = takePatch(luma, box, FINE);
  }

  /** Standard deviation of its gray values: below a few, any place looks like it. */
  get contrast(): number {
    return contrast(this.#fine);
  }

  /** How alike a place is. */
  scoreAt(luma: Luma, box: Box): number {
    return correlation(this.#fine, takePatch(luma, box, FINE, this.#room));
  }

  /** The most alike place whose middle is up to `radius` pixels from that of `around`, at its size or nearly. */
  search(luma: Luma, around: Box, radius: number): Found {
    const step = Math.max(1, Math.min(around.width, around.height) / 12);
    const reach = Math.ceil(radius / step);
    const best: Found[] = [];
    for (let row = -reach; row <= reach; row++) {
      for (let column = -reach; column <= reach; column++) {
        const box = { ...around, x: around.x + column * step, y: around.y + row * step };
        const alike = correlation(this.#coarse, takePatch(luma, box, COARSE, this.#coarseRoom));
        const score = alike - unexpected(box, around);
        if (best.length === CANDIDATES && score <= best[CANDIDATES - 1].score) continue;
        best.push({ box, score });
        best.sort((a, b) => b.score - a.score);
        best.length = Math.min(best.length, CANDIDATES);
      }
    }
    return best
      .map(({ box }) => this.refine(luma, box, step))
      .reduce((one, other) => (likely(other, around) > likely(one, around) ? other : one));
  }

  /** Climbs from a place to the most alike one near by, in place and size. */
  refine(luma: Luma, from: Box, step: number): Found {
    let best: Found = { box: from, score: this.scoreAt(luma, from) };
    for (let size = step; size >= FINEST_STEP; size /= 2) {
      for (let moved = true, i = 0; moved && i < 8; i++) {
        moved = false;
        for (const box of neighbours(best.box, size)) {
          const score = this.scoreAt(luma, box);
          if (score <= best.score) continue;
          best = { box, score };
          moved = true;
        }
      }
    }
    return best;
  }
}

function unexpected(box: Box, expected: Box): number {
  const [is, was] = [centre(box), centre(expected)];
  const away = Math.hypot(is.x - was.x, is.y - was.y) / Math.max(expected.width, expected.height);
  return UNEXPECTED * away * away;
}

const likely = ({ box, score }: Found, expected: Box) => score - unexpected(box, expected);

function neighbours(box: Box, step: number): Box[] {
  const { x, y } = centre(box);
  const ratio = 1 + step / Math.max(box.width, box.height);
  const scaled = (by: number) => {
    const [width, height] = [box.width * by, box.height * by];
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  return [
    { ...box, x: box.x - step },
    { ...box, x: box.x + step },
    { ...box, y: box.y - step },
    { ...box, y: box.y + step },
    scaled(ratio),
    scaled(1 / ratio),
  ];
}
