import type { Detection } from '../../../src/core/detect/detection.ts';
import type { Box } from '../../../src/core/geometry/box.ts';
import {
  applyToBox,
  compose,
  IDENTITY,
  invert,
  type Similarity,
} from '../../../src/core/geometry/similarity.ts';
import type { FrameLooks, LookKind } from '../../../src/core/track/frame-looks.ts';
import type { Track } from '../../../src/core/track/track.ts';

export const WIDTH = 1280;
export const HEIGHT = 720;
export const FPS = 30;

/** Where somebody's face is at a frame, in the world's coordinates; undefined while the person is not there. */
export type Person = (frame: number) => (Box & { hidden?: boolean }) | undefined;

export interface World {
  readonly frames: number;
  readonly people: readonly Person[];
  /** From the world to source pixels. Nobody moves the camera unless told. */
  readonly camera?: (frame: number) => Similarity;
  readonly cuts?: readonly number[];
  /** Which look a frame gets; careful at every frame unless told. */
  readonly look?: (frame: number) => LookKind | 'none';
  /** Chance that the detector misses a face that can be seen. */
  readonly dropout?: number;
  /** False alarms a frame, at random places with low scores. */
  readonly alarms?: number;
  readonly seed?: number;
}

export interface Film {
  readonly frames: FrameLooks[];
  /** Per frame the faces that can be seen, in source pixels. */
  readonly truth: (Box & { person: number })[][];
}

/** Mulberry32: the same numbers every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Films a world with a detector that blinks, jitters and imagines things. */
export function film(world: World): Film {
  const random = randomNumbers(world.seed ?? 1);
  const camera = world.camera ?? (() => IDENTITY);
  const frames: FrameLooks[] = [];
  const truth: Film['truth'] = [];
  for (let f = 0; f < world.frames; f++) {
    const cut = f === 0 || (world.cuts ?? []).includes(f);
    const transform = cut ? IDENTITY : compose(invert(camera(f - 1)), camera(f));
    const faces = world.people.flatMap((person, i) => {
      const place = person(f);
      return place && !place.hidden ? [{ ...applyToBox(camera(f), place), person: i }] : [];
    });
    truth.push(faces.filter(mostlyVisible));
    const detections: Detection[] = [];
    for (const face of faces.filter(mostlyVisible)) {
      const missed = random() < (world.dropout ?? 0);
      const off = () => (random() - 0.5) * 0.12 * face.width;
      const box = {
        x: face.x + off(),
        y: face.y + off(),
        width: face.width + off(),
        height: face.height + off(),
      };
      const score = 0.15 + 0.75 * random();
      if (!missed) detections.push({ box, score });
    }
    for (let n = random() * 2 * (world.alarms ?? 0); n >= 1; n--) {
      const size = 15 + 40 * random();
      const box = { x: random() * WIDTH, y: random() * HEIGHT, width: size, height: size * 1.2 };
      detections.push({ box, score: 0.03 + 0.07 * random() });
    }
    const kind = (world.look ?? (() => 'careful'))(f);
    frames.push({
      motion: { transform, confidence: 1, cut, residual: 0.05, meanLuma: 120, flash: false },
      looks: kind === 'none' ? [] : [{ kind, detections }],
    });
  }
  return { frames, truth };
}

function mostlyVisible(box: Box): boolean {
  const width = Math.min(box.x + box.width, WIDTH) - Math.max(box.x, 0);
  const height = Math.min(box.y + box.height, HEIGHT) - Math.max(box.y, 0);
  return width > 0 && height > 0 && width * height >= box.width * box.height * 0.5;
}

/** Somebody who walks straight on: place at frame 0, pixels per frame, face size. */
export const walker =
  (x: number, y: number, vx: number, vy: number, size: number): Person =>
  (f) => ({ x: x + vx * f, y: y + vy * f, width: size, height: size * 1.25 });

/** A hand-held camera: sway, steps, and a slow zoom. */
export function shakyHand(frame: number): Similarity {
  const t = frame / FPS;
  const scale = 1 + 0.15 * Math.sin(t);
  return {
    a: scale,
    b: 0.01 * Math.sin(2 * t),
    tx: 60 * Math.sin(1.3 * t) + 9 * Math.sin(12 * t),
    ty: 40 * Math.sin(0.9 * t) + 7 * Math.cos(14 * t),
  };
}

/** The boxes that tracks have at every frame. */
export function boxesAt(tracks: readonly Track[], frames: number): Box[][] {
  const at: Box[][] = Array.from({ length: frames }, () => []);
  for (const { from, boxes } of tracks) {
    boxes.forEach((box, i) => {
      at[from + i].push(box);
    });
  }
  return at;
}

/** How much of a face is inside the head masks around the boxes, 0 to 1, by a grid of points. */
export function covered(face: Box, boxes: readonly Box[]): number {
  let inside = 0;
  const steps = 8;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const x = face.x + ((i + 0.5) / steps) * face.width;
      const y = face.y + ((j + 0.5) / steps) * face.height;
      if (boxes.some((b) => inHead(b, x, y))) inside++;
    }
  }
  return inside / (steps * steps);
}

function inHead(b: Box, x: number, y: number): boolean {
  const u = (x - b.x - b.width / 2) / (0.75 * b.width);
  const v = (y - b.y - 0.38 * b.height) / (0.78 * b.height);
  return Math.abs(u) ** 3 + Math.abs(v) ** 3 <= 1;
}

/** The frames and people of whom more than a quarter can be seen, as text for a readable failure. */
export function exposed({ truth }: Film, tracks: readonly Track[]): string[] {
  const at = boxesAt(tracks, truth.length);
  return truth.flatMap((faces, f) =>
    faces.filter((face) => covered(face, at[f]) < 0.75).map(({ person }) => `person ${person} in frame ${f}`),
  );
}
