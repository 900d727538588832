import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below } from '../../bench/kills/random.ts';
import { killAndRunAgain, unbroken } from '../../bench/kills/round.ts';
import { makeScene, removeScene, type Scene } from '../../bench/kills/scene.ts';
import { ffmpeg, panOver } from '../support/clips.ts';

// The short form of `npm run kills`.

const PATIENCE = 1_200_000;
/** What the moments are drawn from: other moments than the last time are of no use when something fails. */
const SEED = 20;

let folder: string;
let scene: Scene;
let whole: { milliseconds: number; hash: string };
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-kills-'));
  const film = path.join(folder, 'film.mp4');
  await ffmpeg(...panOver(1, { width: 320, height: 240, seconds: 3, rate: 15 }), '-c:v', 'libx264', film);
  scene = await makeScene(film, folder);
  whole = await unbroken(scene);
}, PATIENCE);
afterAll(() => removeScene(folder));

describe.skipIf(process.platform === 'win32')('kill -9', () => {
  const random = below(SEED);
  it.each(
    Array.from({ length: 6 }, (_, i) => ({
      share: (i + random(1000) / 1000) / 6,
      all: i % 2 === 0,
      resume: i % 3 !== 0,
    })),
  )(
    'at $share of the way: nothing half-done, nothing lost, and the next run succeeds',
    async ({ share, all, resume }) => {
      const kill = { after: share * whole.milliseconds, all, resume };
      const { problems } = await killAndRunAgain(scene, kill, whole.hash);
      expect(problems).toEqual([]);
    },
    PATIENCE,
  );
});
