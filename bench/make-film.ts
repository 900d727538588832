import { createRequire } from 'node:module';
import path from 'node:path';
import type { Size } from './bench.ts';
import { run } from './run.ts';

const RATE = 30;
/** The camera comes back to where it began, so that the film can be looped without a cut. */
export const LOOP_SECONDS = 10;
/** The wall of photographs, in pixels; at its widest the camera sees two thirds of either side. */
const WALL = { width: 5760, height: 3240 };

/**
 * Makes a film of 10 s, 30 frames a second, H.264: a camera pans and zooms over a wall of six photographs with
 * faces (they come with the package @vladmandic/face-api, MIT).
 */
export async function makeFilm(file: string, { width, height }: Size): Promise<void> {
  const demo = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
    'demo',
  );
  const inputs = [1, 2, 3, 4, 5, 6].flatMap((n) => ['-i', path.join(demo, `sample${n}.jpg`)]);
  const cell = `${WALL.width / 3}:${WALL.height / 2}`;
  const cells = [0, 1, 2, 3, 4, 5].map(
    (n) => `[${n}]scale=${cell}:force_original_aspect_ratio=increase,crop=${cell},setsar=1[c${n}]`,
  );
  const turn = `2*PI*on/${LOOP_SECONDS * RATE}`;
  const camera = [
    `z='1.65+0.15*sin(${turn})'`,
    `x='(iw-iw/zoom)*(0.5+0.5*sin(${turn}))'`,
    `y='(ih-ih/zoom)*(0.5+0.5*cos(${turn}))'`,
    `d=${LOOP_SECONDS * RATE}:s=${width}x${height}:fps=${RATE}`,
  ].join(':');
  const wall = `xstack=inputs=6:layout=0_0|w0_0|w0+w1_0|0_h0|w0_h0|w0+w1_h0`;
  const graph = `${cells.join(';')};[c0][c1][c2][c3][c4][c5]${wall},zoompan=${camera},format=yuv420p`;
  const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '22', '-g', '60', '-map_metadata', '-1'];
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-filter_complex', graph, ...coded, file]);
}

/** The same film so many times over, not coded anew. */
export async function loopFilm(film: string, times: number, file: string): Promise<void> {
  const loop = ['-stream_loop', String(times - 1), '-i', film, '-c', 'copy'];
  await run('ffmpeg', ['-v', 'error', '-y', ...loop, file]);
}
