import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { asSharp } from '../picture.ts';
import { run } from '../run.ts';
import { cutSquare, moved, type Square } from './picture.ts';
import type { Target } from './targets.ts';

// The adversary's best case in a film: the camera pans over a face that does not move, so that every frame samples
// it anew, and how far it panned is known to the pixel.

const FRAMES = 12;
/** What the camera moves between two frames, in pixels: over a grid of 8 or 16 it meets every column and row. */
const STEP = { x: 3, y: 2 };

/** A film of a wall of pictures, and where the faces are in its first frame. */
export interface WallFilm {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly squares: ReadonlyMap<Target, Square>;
}

/** Hangs pictures of one size side by side and pans over them. `work` is a folder for what is written. */
export async function filmWall(targets: readonly Target[], work: string): Promise<WallFilm> {
  const { width: across, height: down } = targets[0].original;
  const columns = Math.ceil(Math.sqrt(targets.length));
  const rows = Math.ceil(targets.length / columns);
  const wall = { width: columns * across, height: rows * down };
  const data = new Uint8Array(3 * wall.width * wall.height).fill(128);
  const squares = new Map<Target, Square>();
  for (const [i, target] of targets.entries()) {
    const { width, height, data: pixels } = target.original;
    if (width !== across || height !== down) throw new Error('the pictures of a wall must be of one size');
    const [left, top] = [(i % columns) * across, Math.floor(i / columns) * down];
    squares.set(target, moved(target.square, left, top));
    for (let y = 0; y < height; y++)
      data.set(pixels.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * wall.width + left));
  }
  const [image, file] = ['wall.png', 'wall.mp4'].map((name) => path.join(work, name));
  await asSharp({ ...wall, data })
    .png({ compressionLevel: 1 })
    .toFile(image);
  const width = even(wall.width - STEP.x * FRAMES);
  const height = even(wall.height - STEP.y * FRAMES);
  const pan = `crop=${width}:${height}:${STEP.x}*n:${STEP.y}*n:exact=1`;
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-loop', '1', '-framerate', '25', '-i', image, '-vf', `${pan},format=yuv420p`],
    ...['-frames:v', String(FRAMES), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '14', file],
  ]);
  return { file, width, height, squares };
}

/** A film's frames, decoded by the ffmpeg program. Throws unless all are there, each in its size. */
export async function framesOf(file: string, { width, height }: WallFilm): Promise<RgbPicture[]> {
  const size = 3 * width * height;
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { encoding: 'buffer', maxBuffer: 2 * FRAMES * size },
  );
  if (stdout.length !== FRAMES * size) throw new Error('the film is not as long or large as it was made');
  return Array.from({ length: FRAMES }, (_, i) => ({
    width,
    height,
    data: stdout.subarray(i * size, (i + 1) * size),
  }));
}

/** One face in all frames, laid over one another by the known pan, and averaged. */
export function averaged(
  frames: readonly RgbPicture[],
  square: Square,
): { picture: RgbPicture; square: Square } {
  const parts = frames.map((frame, i) => cutSquare(frame, moved(square, -STEP.x * i, -STEP.y * i)));
  const [{ width, height, data }] = parts;
  const mean = Uint8Array.from(data, (_, at) =>
    Math.round(parts.reduce((sum, part) => sum + part.data[at], 0) / parts.length),
  );
  return { picture: { width, height, data: mean }, square: { x: 0, y: 0, side: width } };
}

const even = (length: number) => length - (length % 2);
