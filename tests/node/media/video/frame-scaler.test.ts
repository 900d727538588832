import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FrameScaler } from '../../../../src/node/media/video/frame-scaler.ts';
import { FrameSeeker } from '../../../../src/node/media/video/seek/frame-seeker.ts';
import { VideoReader } from '../../../../src/node/media/video/video-reader.ts';
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

it('whatever size a copy has, nothing is written beyond the memory that was set aside for it', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-scaler-'));
  const film = path.join(folder, 'film.mp4');
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=640x360:d=0.1', '-pix_fmt', 'yuv420p', film);
  const reader = await VideoReader.open(film, 'mp4');
  const scaler = new FrameScaler();
  let written = 0;
  const look = (copy: Uint8Array, what: string) => {
    const behind = new Uint8Array(copy.buffer).subarray(copy.byteOffset + copy.length);
    // swscale does write behind the last row, which is why there is room, and must not come to its end.
    expect(behind.length, what).toBeGreaterThan(64);
    expect(behind.subarray(-64).some(Boolean), what).toBe(false);
    written = Math.max(written, behind.findLastIndex(Boolean) + 1);
  };
  try {
    for await (const { picture } of reader.frames()) {
      for (let width = 1; width <= 100; width += 3) {
        const crop = { x: 2 * width, y: 20, width: 2 * width, height: 90 };
        look(await scaler.rgb(picture, { width, height: 41 }, crop), `${width} wide`);
        look(await scaler.luma(picture, width, 23), `luma, ${width} wide`);
      }
      break;
    }
  } finally {
    scaler.close();
    await reader.close();
    await rm(folder, { recursive: true, force: true });
  }
  expect(written).toBeGreaterThan(0);
});
