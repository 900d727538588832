import type { Box } from '../../src/core/geometry/box.ts';
import { covers, type Mask, Rasteriser } from '../../src/core/redact/mask.ts';
import type { Track } from '../../src/core/track/track.ts';

/** What leakbench says of a clip: per frame every labelled face, x, y, width, height, and 1 where it cannot be seen. */
export interface Truth {
  readonly w: number;
  readonly h: number;
  readonly frames: readonly (readonly [number, number, number, number, number][])[];
}

export interface Score {
  /** Labelled faces that count, over all frames. */
  faceFrames: number;
  exposed: number;
  people: number;
  everExposed: number;
  /** Share of the picture away from all labelled faces that is covered, mean over frames. */
  elsewhere: number;
}

/** As leakbench: faces that count are at least so high, half inside the picture, and seen so often. */
const MIN_FACE = 12;
const MIN_INSIDE = 0.5;
const MIN_SEEN = 5;
/** A face is exposed when more than this share of the ellipse in its box lies outside all masks. */
const EXPOSED = 0.25;
/** Points across a face that are asked. */
const GRID = 16;

/** How much of the labelled faces the masks of some tracks leave open: geometry only, no picture is made. */
export function scoreTracks(tracks: readonly Track[], { w, h, frames }: Truth): Score {
  const rasteriser = new Rasteriser();
  const people = new Map<number, { seen: number; exposed: number }>();
  const kept = tracks.map(({ from, boxes }) => ({ from, boxes }));
  let elsewhere = 0;
  frames.forEach((faces, f) => {
    const boxes = kept.map(({ from, boxes }) => boxes[f - from]).filter((box) => box !== undefined);
    const mask = rasteriser.rasterise(
      boxes.map((box) => ({ box, cover: 'head' })),
      w,
      h,
    );
    faces.forEach(([x, y, width, height, hidden], person) => {
      if (hidden || height < MIN_FACE || inside(x, width, w) * inside(y, height, h) < MIN_INSIDE) return;
      const seen = people.get(person) ?? { seen: 0, exposed: 0 };
      people.set(person, seen);
      seen.seen++;
      if (openShare(mask, { x, y, width, height }) > EXPOSED) seen.exposed++;
    });
    elsewhere += coveredElsewhere(mask, faces);
  });
  const all = [...people.values()];
  const counted = all.filter(({ seen }) => seen >= MIN_SEEN);
  return {
    faceFrames: all.reduce((sum, { seen }) => sum + seen, 0),
    exposed: all.reduce((sum, { exposed }) => sum + exposed, 0),
    people: counted.length,
    everExposed: counted.filter(({ exposed }) => exposed > 0).length,
    elsewhere: elsewhere / frames.length,
  };
}

/** The share of a span that lies within 0 to `size`. */
function inside(from: number, length: number, size: number): number {
  return Math.max(0, Math.min(size, from + length) - Math.max(0, from)) / length;
}

/** The share of the ellipse in a box that no mask covers, of what lies in the picture. */
function openShare(mask: Mask, { x, y, width, height }: Box): number {
  let asked = 0;
  let open = 0;
  for (let j = 0; j < GRID; j++) {
    for (let i = 0; i < GRID; i++) {
      const [u, v] = [(i + 0.5) / GRID, (j + 0.5) / GRID];
      if ((2 * u - 1) ** 2 + (2 * v - 1) ** 2 > 1) continue;
      const [px, py] = [x + u * width, y + v * height];
      if (px < 0 || py < 0 || px >= mask.width || py >= mask.height) continue;
      asked++;
      if (!covers(mask, px, py)) open++;
    }
  }
  return asked === 0 ? 0 : open / asked;
}

/** Away from faces is further than a face's width to the sides and above, and one and a half heights below. */
function coveredElsewhere(mask: Mask, faces: Truth['frames'][number]): number {
  const { columns, rows, runs, end } = mask;
  const near = new Uint8Array(columns * rows);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  for (const [x, y, width, height] of faces) {
    const left = clamp(Math.floor((x - width) / 2), columns);
    const right = clamp(Math.ceil((x + 2 * width) / 2), columns);
    const top = clamp(Math.floor((y - height) / 2), rows);
    const bottom = clamp(Math.ceil((y + 2.5 * height) / 2), rows);
    for (let row = top; row < bottom; row++) near.fill(1, row * columns + left, row * columns + right);
  }
  let away = near.length;
  for (const each of near) away -= each;
  let covered = 0;
  for (let i = 0; i < end; i += 3) {
    for (let column = runs[i + 1]; column < runs[i + 2]; column++) {
      if (!near[runs[i] * columns + column]) covered++;
    }
  }
  return away === 0 ? 0 : covered / away;
}
