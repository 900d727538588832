import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FrameScaler } from '../../../../src/node/media/video/frame-scaler.ts';
import { FrameSeeker } from '../../../../src/node/media/video/seek/frame-seeker.ts';
import { ffmpeg, panOver } from '../../../support/clips.ts';

it('copies asked for at the same time, of one shape and of several, are those made one after the other', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-scaler-'));
  const film = path.join(folder, 'film.mp4');
  await ffmpeg(...panOver(1, { width: 640, height: 360, seconds: 1, rate: 5 }), '-c:v', 'libx264', film);
  const seeker = await FrameSeeker.open(film, 'mp4', 5);
  const frame = await seeker.frame(2);
  const scaler = new FrameScaler();
  try {
    const sizes = [
      { width: 320, height: 180 },
      { width: 640, height: 360 },
      { width: 200, height: 200 },
    ];
    const alone: Uint8Array[] = [];
    for (const size of sizes) alone.push(await scaler.rgb(frame, size));
    const together = Array.from({ length: 90 }, (_, i) => scaler.rgb(frame, sizes[i % sizes.length]));
    for (const [i, copy] of (await Promise.all(together)).entries()) {
      expect(Buffer.compare(copy, alone[i % sizes.length]), `copy ${i}`).toBe(0);
    }
  } finally {
    scaler.close();
    frame.free();
    await seeker.close();
    await rm(folder, { recursive: true, force: true });
  }
});
