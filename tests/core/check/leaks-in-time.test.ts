import { describe, expect, test } from 'vitest';
import { type CoveredFace, LeaksInTime } from '../../../src/core/check/leaks-in-time.ts';
import type { Box } from '../../../src/core/geometry/box.ts';
import { IDENTITY } from '../../../src/core/geometry/similarity.ts';
import { rasterise } from '../../../src/core/redact/mask.ts';
import type { Luma } from '../../../src/core/track/follow/patch.ts';
import { randomNumbers } from '../track/world.ts';

const SCALE = 4;
const [WIDTH, HEIGHT] = [640, 360];
const FPS = 30;
const FRAMES = 90;
/** The thing's size in source pixels. */
const SIZE = 48;

/** Smooth noise: what a wall or a face looks like from far away. */
function texture(width: number, height: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  const [columns, rows] = [Math.ceil(width / 3) + 2, Math.ceil(height / 3) + 2];
  const knots = Float64Array.from({ length: columns * rows }, () => 60 + 140 * random());
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / 3, Math.floor(i / width) / 3];
    const [c, r, u, v] = [Math.floor(x), Math.floor(y), x % 1, y % 1];
    const at = (dc: number, dr: number) => knots[(r + dr) * columns + c + dc];
    return (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
  });
}

interface Scene {
  /** Source pixels by which the picture moves to the left each frame. */
  readonly pan?: number;
  /** Where in the world the thing is; undefined while it is not there. */
  readonly thing: (frame: number) => { x: number; y: number } | undefined;
  /** In which frames its track covers it. */
  readonly covered: (frame: number) => boolean;
  readonly cuts?: readonly number[];
  /** What else is covered, in source pixels. */
  readonly alsoCovered?: readonly Box[];
}

/** Films the scene, with noise as cameras have it, and asks for leaks. `box` gives a place's box in a frame. */
function leaksIn({ pan = 0, thing, covered, cuts = [], alsoCovered = [] }: Scene) {
  const [width, height] = [WIDTH / SCALE, HEIGHT / SCALE];
  const wall = texture(3 * width, height, 1);
  const face = texture(SIZE / SCALE, SIZE / SCALE, 2);
  const noise = randomNumbers(3);
  const finder = new LeaksInTime({ scale: SCALE, fps: FPS });
  const box = (frame: number): Box | undefined => {
    const at = thing(frame);
    return at && { x: at.x - pan * frame, y: at.y, width: SIZE, height: SIZE };
  };
  let last: Box | undefined;
  for (let frame = 0; frame < FRAMES; frame++) {
    const shift = Math.round((pan * frame) / SCALE);
    const place = box(frame);
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = place ? [x - Math.round(place.x / SCALE), y - Math.round(place.y / SCALE)] : [-1, -1];
        const inside = u >= 0 && v >= 0 && u < SIZE / SCALE && v < SIZE / SCALE;
        const value = inside ? face[v * (SIZE / SCALE) + u] : wall[y * 3 * width + x + shift];
        data[y * width + x] = value + 8 * (noise() - 0.5);
      }
    }
    const luma: Luma = { width, height, data };
    const motion = {
      transform: frame === 0 ? IDENTITY : { ...IDENTITY, tx: -pan },
      confidence: 1,
      cut: frame === 0 || cuts.includes(frame),
    };
    last = place ?? (last && { ...last, x: last.x - pan });
    const faces: CoveredFace[] = covered(frame) && last ? [{ track: 7, box: last }] : [];
    const regions = [...faces.map(({ box }) => box), ...alsoCovered].map((box) => ({ rectangle: box }));
    finder.next(frame, luma, motion, faces, () => rasterise(regions, WIDTH, HEIGHT));
  }
  return { leaks: finder.leaks, box };
}

const still = () => ({ x: 300, y: 160 });

describe('what is covered in one frame and shown in the next', () => {
  test.each([0, 4])('somebody who stays while the cover ends is followed (camera moving by %s)', (pan) => {
    const { leaks, box } = leaksIn({ pan, thing: still, covered: (f) => f >= 10 && f < 40 });
    const after = leaks.find(({ from }) => from === 40);
    expect(after?.boxes.length).toBe(pan ? 36 : 50); // to the end, or until the place leaves the picture
    for (const [i, found] of (after?.boxes ?? []).entries()) {
      expect(Math.abs(found.x - (box(40 + i)?.x ?? 0))).toBeLessThan(1);
    }
    const before = leaks.find(({ from }) => from === 0);
    expect(before?.boxes.length).toBe(10);
    expect(leaks).toHaveLength(2);
  });

  test('somebody who leaves when the cover ends, or comes when it begins, is none', () => {
    const walksIn = (f: number) => (f >= 10 && f < 40 ? still() : undefined);
    expect(leaksIn({ thing: walksIn, covered: (f) => f >= 10 && f < 40 }).leaks).toEqual([]);
  });

  test('a cover that went on over the wall behind does not make the wall a leak', () => {
    const left = (f: number) => (f < 30 ? still() : undefined);
    expect(leaksIn({ thing: left, covered: (f) => f < 36 }).leaks).toEqual([]);
  });

  test('nothing is followed over a cut, or under another cover', () => {
    const covered = (f: number) => f < 40;
    expect(leaksIn({ thing: still, covered, cuts: [40] }).leaks).toEqual([]);
    const alsoCovered = [{ x: 280, y: 140, width: 100, height: 100 }];
    expect(leaksIn({ thing: still, covered, alsoCovered }).leaks).toEqual([]);
  });

  test('what is longer than two seconds is followed that far', () => {
    const { leaks } = leaksIn({ thing: still, covered: (f) => f < 15 });
    expect(leaks).toHaveLength(1);
    expect(leaks[0].boxes).toHaveLength(60);
  });
});
