import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, iou } from '../../src/core/geometry/box.ts';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import type { EditBox } from '../../src/core/review/edit.ts';
import { type FollowedPath, followRegion } from '../../src/review/follow-region.ts';
import { FilmPictures } from '../../src/review/pictures/film-pictures.ts';
import { hasShared, SHARED, sharedNote } from '../support/shared.ts';

const LEAKBENCH = path.join(SHARED, 'leakbench/leakbench.mjs');
const WIDER = path.join(SHARED, 'data/wider');
/** A crowd; six people cut out of it walk before the others and before one another. */
const PHOTO = '2_Demonstration_Protesters_2_12.jpg';
const WALKERS = 6;
const SIZE = { width: 960, height: 540 };
/** Faces smaller than this, in pixels, or seen for less than so many frames, are left out. */
const SMALLEST = 20;
const SHORTEST = 25;

describe.skipIf(!hasShared)(`people in a crowd, followed from where somebody drew${sharedNote}`, () => {
  let folder: string;
  let clip: string;
  /** Per frame and face: x, y, width, height, and 1 where it is hidden. */
  let truth: [number, number, number, number, number][][];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-follow-'));
    const { images } = JSON.parse(await readFile(path.join(WIDER, 'gt.json'), 'utf8'));
    const labels = path.join(folder, 'labels');
    const one = images.filter(({ file }: { file: string }) => file.endsWith(PHOTO));
    await writeFile(labels, JSON.stringify({ images: one }));
    const made = ['--out', folder, '--size', `${SIZE.width}x${SIZE.height}`, '--walkers', String(WALKERS)];
    await promisify(execFile)(process.execPath, [
      LEAKBENCH,
      'clips',
      '--gt',
      labels,
      '--images',
      WIDER,
      ...made,
    ]);
    clip = path.join(folder, PHOTO.replace('.jpg', '.mp4'));
    truth = JSON.parse(await readFile(clip.replace('.mp4', '.json'), 'utf8')).frames;
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const isSeen = ([x, y, width, height, hidden]: readonly number[]) =>
    !hidden && height >= SMALLEST && x >= 0 && y >= 0 && x + width <= SIZE.width && y + height <= SIZE.height;
  /** As somebody draws around a face. */
  const around = ([x, y, width, height]: readonly number[]): Box => ({
    x: x - 0.15 * width,
    y: y - 0.15 * height,
    width: 1.3 * width,
    height: 1.3 * height,
  });

  it('are covered where they are, and where a path led to somebody else it says that it lost them', async () => {
    const film = { kind: 'video' as const, ...SIZE, frames: truth.length, frameRate: 30 };
    const pictures = await FilmPictures.open(clip, 'mp4', film);
    const { signal } = new AbortController();
    let [right, frames, people] = [0, 0, 0];
    const silent: number[] = [];
    try {
      for (const [face] of truth[0].entries()) {
        const first = truth.findIndex((boxes) => isSeen(boxes[face]));
        if (first < 0 || truth.slice(first).filter((boxes) => isSeen(boxes[face])).length < SHORTEST)
          continue;
        people++;
        const { x, y, width, height } = around(truth[first][face]);
        const region: EditBox = [x, y, width, height];
        const asked = { scene: { film, cuts: [0] }, frame: first, region, direction: 'forwards' as const };
        const followed: FollowedPath = await followRegion(pictures, asked, { signal });
        const overlaps = followed.boxes.flatMap((box, i) => {
          const is = truth[first + i][face];
          return isSeen(is) ? [iou(boxOf([...box]), around(is))] : [];
        });
        right += overlaps.filter((overlap) => overlap >= 0.5).length;
        frames += overlaps.length;
        if (followed.after !== 'lost' && overlaps.slice(-3).every((overlap) => overlap < 0.25))
          silent.push(face);
      }
    } finally {
      await pictures.close();
    }
    expect(people).toBeGreaterThan(10);
    expect(silent).toEqual([]);
    expect(right / frames).toBeGreaterThan(0.9);
  }, 1_200_000);
});
