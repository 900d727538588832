import path from 'node:path';
import sharp from 'sharp';
import { compose, invert, type Similarity } from '../../../../src/core/geometry/similarity.ts';
import { lumaSize } from '../../../../src/core/track/camera-motion/luma-size.ts';
import { seededRandom } from '../../../../src/core/track/camera-motion/random.ts';

/** A gray picture that the camera films; beyond its edges it goes on mirrored, for ever. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The films' frame size in source pixels. */
export const FRAME = { width: 1280, height: 720 };

/** Where the camera looks: frame pixels to picture pixels. */
export type Pose = Similarity;

const DEMO = path.resolve(import.meta.dirname, '../../../../node_modules/@vladmandic/face-api/demo');

/** One of the six photographs (about 1920x1350) that face-api brings along. */
export async function photograph(number: 1 | 2 | 3 | 4 | 5 | 6): Promise<Picture> {
  const { data, info } = await sharp(path.join(DEMO, `sample${number}.jpg`))
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
}

/** A picture computed from its coordinates, values 0..255. */
export function procedural(width: number, height: number, value: (x: number, y: number) => number): Picture {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * width + x] = Math.min(255, Math.max(0, value(x, y)));
  }
  return { width, height, pixels };
}

/** Turns, zooms and places the camera: its middle looks at picture point (x, y). */
export function pose(x: number, y: number, zoom = 1, degrees = 0): Pose {
  const angle = (degrees * Math.PI) / 180;
  const a = Math.cos(angle) / zoom;
  const b = Math.sin(angle) / zoom;
  const cx = FRAME.width / 2;
  const cy = FRAME.height / 2;
  return { a, b, tx: x - (a * cx - b * cy), ty: y - (b * cx + a * cy) };
}

/** The motion that a perfect estimator reports between two poses. */
export function motionBetween(previous: Pose, current: Pose): Similarity {
  return compose(previous, invert(current));
}

function mirrored(i: number, length: number): number {
  const period = 2 * length;
  const k = ((i % period) + period) % period;
  return k < length ? k : period - 1 - k;
}

function sample(picture: Picture, x: number, y: number): number {
  const x0 = Math.floor(x - 0.5);
  const y0 = Math.floor(y - 0.5);
  const fx = x - 0.5 - x0;
  const fy = y - 0.5 - y0;
  const left = mirrored(x0, picture.width);
  const right = mirrored(x0 + 1, picture.width);
  const top = mirrored(y0, picture.height) * picture.width;
  const bottom = mirrored(y0 + 1, picture.height) * picture.width;
  const p = picture.pixels;
  const upper = p[top + left] * (1 - fx) + p[top + right] * fx;
  const lower = p[bottom + left] * (1 - fx) + p[bottom + right] * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Something in front of the scene, by frame pixel: its gray value, or undefined where the scene shows. */
export type Foreground = (x: number, y: number) => number | undefined;

export interface Shot {
  readonly picture: Picture;
  /** The camera while row `row` (0 top, 1 bottom) is read. Several poses: the shutter was open from one to the next. */
  readonly poses: (row: number) => readonly Pose[];
  readonly foreground?: Foreground;
}

/** Renders the small gray picture of one frame as values that may leave 0..255, each the mean of 2x2 samples. */
export function render(shot: Shot): Float32Array {
  const { width, height } = lumaSize(FRAME.width, FRAME.height);
  const stepX = FRAME.width / width / 2;
  const stepY = FRAME.height / height / 2;
  const out = new Float32Array(width * height);
  for (let j = 0; j < 2 * height; j++) {
    const y = (j + 0.5) * stepY;
    const poses = shot.poses(y / FRAME.height);
    const share = 1 / (4 * poses.length);
    for (let i = 0; i < 2 * width; i++) {
      const x = (i + 0.5) * stepX;
      const o = (j >> 1) * width + (i >> 1);
      const near = shot.foreground?.(x, y);
      if (near !== undefined) {
        out[o] += near / 4;
        continue;
      }
      for (const t of poses) {
        out[o] += share * sample(shot.picture, t.a * x - t.b * y + t.tx, t.b * x + t.a * y + t.ty);
      }
    }
  }
  return out;
}

/** What the sensor makes of it: gain, offset, noise (standard deviation), clipped to 8 bits. */
export function expose(
  light: Float32Array,
  {
    gain = 1,
    offset = 0,
    noise = 1,
    seed = 1,
  }: { gain?: number; offset?: number; noise?: number; seed?: number },
): Uint8Array {
  const random = seededRandom(seed);
  const out = new Uint8Array(light.length);
  for (let i = 0; i < light.length; i++) {
    const bell = random() + random() + random() + random() - 2; // standard deviation 0.577
    out[i] = Math.min(255, Math.max(0, Math.round(gain * light[i] + offset + (noise / 0.577) * bell)));
  }
  return out;
}

/** A photograph seen through an upright ellipse that moves over the frame on its own. */
export function passer(picture: Picture, x: number, y: number, radiusX: number, radiusY: number): Foreground {
  return (px, py) => {
    const u = (px - x) / radiusX;
    const v = (py - y) / radiusY;
    if (u * u + v * v > 1) return undefined;
    return sample(picture, px - x + picture.width / 2, py - y + picture.height / 2);
  };
}
