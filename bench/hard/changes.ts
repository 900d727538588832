import sharp from 'sharp';
import type { RgbPicture } from '../../src/core/detect/detector.ts';
import type { Box } from '../../src/core/geometry/box.ts';
import { asSharp, pictureOf } from '../picture.ts';

/** A photograph made harder to see in, and where a box of the original is in it. */
export interface Changed {
  readonly picture: RgbPicture;
  readonly place: (box: Box) => Box;
}

export interface Change {
  readonly name: string;
  /** `other` is another photograph of the set. */
  readonly apply: (picture: RgbPicture, other: RgbPicture) => Promise<Changed>;
}

const same = (box: Box) => box;

/** What may befall a photograph, each the same on every run. */
export const CHANGES: readonly Change[] = [
  { name: 'unchanged', apply: async (picture) => ({ picture, place: same }) },
  {
    name: 'turned by 90 degrees',
    apply: async (picture) => ({
      picture: await pictureOf(asSharp(picture).rotate(90)),
      place: ({ x, y, width, height }) => ({
        x: picture.height - y - height,
        y: x,
        width: height,
        height: width,
      }),
    }),
  },
  {
    name: 'upside down',
    apply: async (picture) => ({
      picture: await pictureOf(asSharp(picture).rotate(180)),
      place: ({ x, y, width, height }) => ({
        x: picture.width - x - width,
        y: picture.height - y - height,
        width,
        height,
      }),
    }),
  },
  {
    name: 'at night: a sixteenth of the light, noise of 4 levels',
    apply: async (picture) => ({ picture: darkened(picture), place: same }),
  },
  {
    name: 'smeared sideways over 15 px',
    apply: async (picture) => ({ picture: await pictureOf(asSharp(picture).convolve(SMEAR)), place: same }),
  },
  { name: 'half size', apply: (picture) => shrunk(picture, 1 / 2) },
  { name: 'a fifth of the size', apply: (picture) => shrunk(picture, 1 / 5) },
  { name: "on a poster: a third of another photograph's width, tilted by 8 degrees", apply: onPoster },
  {
    name: 'through a fisheye lens of 126 degrees',
    apply: async (picture) => fisheye(picture),
  },
];

/** Lossless, so that nothing but the change is measured. */
export async function writePicture(picture: RgbPicture, file: string): Promise<void> {
  await asSharp(picture).png({ compressionLevel: 1 }).toFile(file);
}

const SMEARED = 15;
/** One row of ones between two of nothing: sharp asks for three rows at least. */
const SMEAR = {
  width: SMEARED,
  height: 3,
  kernel: [0, 1, 0].flatMap((value) => Array<number>(SMEARED).fill(value)),
};

async function shrunk(picture: RgbPicture, factor: number): Promise<Changed> {
  const width = Math.round(picture.width * factor);
  const height = Math.round(picture.height * factor);
  return {
    picture: await pictureOf(asSharp(picture).resize(width, height, { fit: 'fill' })),
    place: scaled(width / picture.width, height / picture.height),
  };
}

const scaled = (scaleX: number, scaleY: number) => (box: Box) => ({
  x: box.x * scaleX,
  y: box.y * scaleY,
  width: box.width * scaleX,
  height: box.height * scaleY,
});

const LIGHT = 1 / 16;
const GAMMA = 2.2;
const NOISE = 4;

/** Less light, as a sensor has it (linear), then noise of its own, in levels of what it gives. */
function darkened({ width, height, data }: RgbPicture): RgbPicture {
  const level = Float64Array.from(
    { length: 256 },
    (_, v) => 255 * ((v / 255) ** GAMMA * LIGHT) ** (1 / GAMMA),
  );
  const random = generator(1);
  const dark = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const noise = NOISE * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    dark[i] = Math.max(0, Math.min(255, Math.round(level[data[i]] + noise)));
  }
  return { width, height, data: dark };
}

/** Uniform in [0, 1); Numerical Recipes' linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const POSTER = 1 / 3;
const TILT = 8;
const PAPER = { r: 240, g: 240, b: 235 };

/** Printed with a white border, held up in the middle of another photograph. */
async function onPoster(picture: RgbPicture, other: RgbPicture): Promise<Changed> {
  const most = Math.min(other.width, other.height) * 0.8;
  const scale = Math.min(
    (other.width * POSTER) / picture.width,
    most / Math.max(picture.width, picture.height),
  );
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  const border = Math.round(Math.max(width, height) / 40);
  const print = await asSharp(picture)
    .resize(width, height, { fit: 'fill' })
    .extend({ top: border, bottom: border, left: border, right: border, background: PAPER })
    .png()
    .toBuffer();
  const poster = await sharp(print)
    .ensureAlpha()
    .rotate(TILT, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer({ resolveWithObject: true });
  const left = Math.max(0, Math.round((other.width - poster.info.width) / 2));
  const top = Math.max(0, Math.round((other.height - poster.info.height) / 2));
  const whole = await pictureOf(
    sharp(
      await asSharp(other)
        .composite([{ input: poster.data, left, top }])
        .png()
        .toBuffer(),
    ),
  );
  const middle = { x: left + poster.info.width / 2, y: top + poster.info.height / 2 };
  const [sin, cos] = [Math.sin((TILT * Math.PI) / 180), Math.cos((TILT * Math.PI) / 180)];
  const place = (box: Box): Box => {
    const small = scaled(width / picture.width, height / picture.height)(box);
    const dx = small.x + small.width / 2 - width / 2;
    const dy = small.y + small.height / 2 - height / 2;
    // Tilted this little, a face's box is as large as before.
    const x = middle.x + cos * dx - sin * dy - small.width / 2;
    const y = middle.y + sin * dx + cos * dy - small.height / 2;
    return { x, y, width: small.width, height: small.height };
  };
  return { picture: whole, place };
}

/** Half the angle across the picture's diagonal. */
const LENS = 1.1;

/** An equidistant lens: a straight picture's radius r, in half diagonals, goes to atan(r tan a) / a. */
function fisheye({ width, height, data }: RgbPicture): Changed {
  const half = Math.hypot(width, height) / 2;
  const bent = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [column + 0.5 - width / 2, row + 0.5 - height / 2];
      const radius = Math.hypot(dx, dy) / half;
      const stretch = radius > 0 ? Math.tan(radius * LENS) / Math.tan(LENS) / radius : LENS / Math.tan(LENS);
      sample(
        data,
        width,
        height,
        width / 2 + dx * stretch,
        height / 2 + dy * stretch,
        bent,
        3 * (row * width + column),
      );
    }
  }
  const bend = (x: number, y: number) => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    const radius = Math.hypot(dx, dy) / half;
    const shrink = radius > 0 ? Math.atan(radius * Math.tan(LENS)) / LENS / radius : Math.tan(LENS) / LENS;
    return [width / 2 + dx * shrink, height / 2 + dy * shrink];
  };
  const place = (box: Box): Box => {
    const rim = Array.from({ length: 32 }, (_, i) => (2 * Math.PI * i) / 32).map((angle) =>
      bend(box.x + (box.width / 2) * (1 + Math.cos(angle)), box.y + (box.height / 2) * (1 + Math.sin(angle))),
    );
    const [xs, ys] = [rim.map(([x]) => x), rim.map(([, y]) => y)];
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  };
  return { picture: { width, height, data: bent }, place };
}

/** Bilinear, the picture's rim repeated beyond it. */
function sample(
  data: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  into: Uint8Array,
  at: number,
): void {
  const px = Math.min(Math.max(x - 0.5, 0), width - 1.001);
  const py = Math.min(Math.max(y - 0.5, 0), height - 1.001);
  const [column, row] = [Math.floor(px), Math.floor(py)];
  const [u, v] = [px - column, py - row];
  for (let channel = 0; channel < 3; channel++) {
    const i = 3 * (row * width + column) + channel;
    const j = i + 3 * width;
    into[at + channel] = Math.round(
      (data[i] * (1 - u) + data[i + 3] * u) * (1 - v) + (data[j] * (1 - u) + data[j + 3] * u) * v,
    );
  }
}
