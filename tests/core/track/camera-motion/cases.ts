import { seededRandom } from '../../../../src/core/track/camera-motion/random.ts';
import {
  expose,
  type Foreground,
  FRAME,
  type Picture,
  type Pose,
  passer,
  photograph,
  pose,
  procedural,
  render,
} from './scene.ts';

/** A generated film: one small picture and one true camera pose a frame. */
export interface Film {
  readonly frames: readonly { readonly luma: Uint8Array; readonly pose: Pose }[];
}

export interface Case {
  readonly name: string;
  readonly film: () => Promise<Film>;
  /** Bounds in source pixels over all frames. */
  readonly median: number;
  readonly p95: number;
  /** Bound on the error of all motions together, from the first frame to the last (source pixels). */
  readonly drift: number;
}

const COUNT = 61;

interface Making {
  readonly picture: Picture;
  /** Frames to make; 61, two seconds, unless told. */
  readonly count?: number;
  readonly pose: (frame: number) => Pose;
  /** Fraction of the frame's time that the shutter is open. */
  readonly shutter?: number;
  /** Fraction of the frame's time that reading it takes, top to bottom. */
  readonly rolling?: number;
  readonly foreground?: (frame: number) => Foreground;
  readonly exposure?: (frame: number) => { gain?: number; offset?: number; noise?: number };
}

function make({
  picture,
  count = COUNT,
  pose,
  shutter = 0,
  rolling = 0,
  foreground,
  exposure,
}: Making): Film {
  const frames = Array.from({ length: count }, (_, i) => {
    const near = foreground?.(i);
    const light = render({
      picture,
      poses: (row) => {
        const time = i + rolling * (row - 0.5);
        if (shutter === 0) return [pose(time)];
        return Array.from({ length: 9 }, (_, k) => pose(time + shutter * (k / 8 - 0.5)));
      },
      ...(near === undefined ? {} : { foreground: near }),
    });
    return { luma: expose(light, { seed: i + 1, ...exposure?.(i) }), pose: pose(i) };
  });
  return { frames };
}

// A hand that holds a phone while its owner walks: sway, steps, a little roll; up to about 12 source pixels a frame.
const hand = (t: number): Pose =>
  pose(
    960 + 7 * t + 22 * Math.sin(0.4 * t) + 4 * Math.sin(1.1 * t),
    650 + 16 * Math.cos(0.48 * t) + 3 * Math.cos(1.27 * t),
    1 + 0.05 * Math.sin(0.13 * t),
    1.5 * Math.sin(0.21 * t),
  );

const fence = () =>
  procedural(2048, 1400, (x, y) => {
    const slow = seeded(Math.floor(x / 256), Math.floor(y / 175)) * 18;
    return 90 + slow + (x % 64 < 20 ? 90 : 0) + (y % 350 < 24 ? 60 : 0);
  });

// A field of little heads that all look alike, at places that are nearly regular.
const crowd = () =>
  procedural(2048, 1400, (x, y) => {
    const row = Math.floor(y / 40);
    const column = Math.floor(x / 36 + (row % 2) / 2);
    const dx = x - (column - (row % 2) / 2 + 0.5) * 36 - 6 * (seeded(column, row) - 0.5);
    const dy = y - (row + 0.5) * 40 - 6 * (seeded(row, column) - 0.5);
    const r = Math.hypot(dx / 12, dy / 16);
    return r < 1 ? 170 - 50 * r + 20 * seeded(column, row + 99) : 60;
  });

function seeded(i: number, j: number): number {
  return seededRandom(i * 7919 + j * 104729)();
}

function passers(picture: Picture, width: number): (frame: number) => Foreground {
  return (i) => passer(picture, -0.3 * FRAME.width + 27 * i, 0.6 * FRAME.height, width, 0.62 * FRAME.height);
}

/** The hard parts of real films, each with the truth known. */
export const CASES: readonly Case[] = [
  {
    name: 'slow pan',
    film: async () => make({ picture: await photograph(1), pose: (t) => pose(700 + 6.3 * t, 640 + 1.7 * t) }),
    median: 0.15,
    p95: 0.3,
    drift: 4,
  },
  {
    name: 'fast pan, 90 px a frame, blurred',
    film: async () =>
      make({ picture: await photograph(6), pose: (t) => pose(700 + 90 * t, 700 + 9 * t), shutter: 0.5 }),
    median: 0.5,
    p95: 2,
    drift: 25,
  },
  {
    name: 'whip pan, from rest to 300 px a frame and back',
    film: async () =>
      make({
        picture: await photograph(3),
        pose: (t) => pose(700 + 3000 / (1 + Math.exp(-(t - 30) / 2.5)), 650),
        shutter: 0.4,
      }),
    median: 0.3,
    p95: 3,
    drift: 25,
  },
  {
    name: 'zoom, 1.5 % a frame',
    film: async () => make({ picture: await photograph(2), pose: (t) => pose(960, 683, 0.75 * 1.015 ** t) }),
    median: 0.2,
    p95: 0.4,
    drift: 3,
  },
  {
    name: 'rotation, 2 degrees a frame',
    film: async () => make({ picture: await photograph(4), pose: (t) => pose(960, 724, 1, 2 * t) }),
    median: 0.3,
    p95: 0.6,
    drift: 5,
  },
  {
    name: 'hand-held walk',
    film: async () => make({ picture: await photograph(5), pose: hand }),
    median: 0.15,
    p95: 0.3,
    drift: 2,
  },
  {
    name: 'sudden reversals of a 40 px a frame pan',
    film: async () =>
      make({
        picture: await photograph(1),
        pose: (t) => pose(700 + 40 * Math.abs(((((t / 5) % 2) + 2) % 2) - 1) * 5, 640),
      }),
    median: 0.15,
    p95: 0.3,
    drift: 2,
  },
  {
    name: 'rolling shutter on a hand-held walk',
    film: async () => make({ picture: await photograph(2), pose: hand, rolling: 0.8 }),
    median: 1,
    p95: 2.5,
    drift: 6,
  },
  {
    name: 'motion blur, shutter open all the time',
    film: async () => make({ picture: await photograph(3), pose: hand, shutter: 1 }),
    median: 0.3,
    p95: 0.8,
    drift: 4,
  },
  {
    name: 'a passer-by over 35 % of the picture',
    film: async () =>
      make({ picture: await photograph(4), pose: hand, foreground: passers(await photograph(1), 260) }),
    median: 0.2,
    p95: 0.6,
    drift: 4,
  },
  {
    name: 'a passer-by over 60 % of the picture',
    film: async () =>
      make({ picture: await photograph(6), pose: hand, foreground: passers(await photograph(2), 450) }),
    median: 0.2,
    p95: 1,
    drift: 6,
  },
  {
    name: 'dark noisy night',
    film: async () =>
      make({ picture: await photograph(5), pose: hand, exposure: () => ({ gain: 0.1, noise: 2.5 }) }),
    median: 0.8,
    p95: 2,
    drift: 10,
  },
  {
    name: 'flashes',
    film: async () =>
      make({
        picture: await photograph(2),
        pose: hand,
        exposure: (i) => (i % 13 === 7 || i % 26 === 8 ? { gain: 1.6, offset: 70 } : {}),
      }),
    median: 0.2,
    p95: 2.5,
    drift: 3,
  },
  {
    name: 'fade to black and back',
    film: async () =>
      make({
        picture: await photograph(1),
        pose: hand,
        exposure: (i) => ({ gain: Math.min(1, Math.abs(i - 30) / 20) }),
      }),
    median: 0.2,
    p95: 20,
    drift: 30,
  },
  {
    name: 'fence',
    film: async () => make({ picture: fence(), pose: hand }),
    median: 0.3,
    p95: 1,
    drift: 5,
  },
  {
    name: 'crowd of like heads',
    film: async () => make({ picture: crowd(), pose: hand }),
    median: 0.2,
    p95: 0.6,
    drift: 4,
  },
];

export { hand, make };
