import { appendFile, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { publish } from '../../src/node/files/output-file.ts';
import type * as Cleaner from '../../src/node/media/video/drop-user-data.ts';
import { checkFormat } from '../../src/pipeline/check-format.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { box } from '../support/boxes.ts';
import { ffmpeg, panOver } from '../support/clips.ts';

/** A writer gone wrong: what a slip, or another version of a library, could make of it. */
const writer = vi.hoisted(() => ({ betrays: false }));
vi.mock('../../src/node/media/video/drop-user-data.ts', async (original) => {
  const { dropUserData } = await original<typeof Cleaner>();
  return {
    dropUserData: async (file: string) => {
      await dropUserData(file);
      if (writer.betrays) await appendFile(file, box('uuid', Buffer.from('0123456789abcdefwho filmed')));
    },
  };
});

let folder: string;
let out: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-unchecked-'));
  const tags = ['-metadata', 'location=+35.7+051.4/', '-metadata', 'artist=somebody'];
  await ffmpeg(
    ...panOver(2, { width: 128, height: 96, rate: 5 }),
    '-c:v',
    'libx264',
    ...tags,
    at('film.mp4'),
  );
});
beforeEach(async () => {
  out = await mkdtemp(path.join(folder, 'out-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('nothing is published that its check does not pass', () => {
  const jpeg = { kind: 'photo', format: 'jpeg' } as const;
  it.each([
    ['a film with tags', 'film.mp4', { kind: 'video', format: 'mp4' } as const, /not clean/],
    ['another type than was meant', 'film.mp4', jpeg, /is mp4, not jpeg/],
  ])('%s is taken away again', async (_, name, meant, message) => {
    const work = async ({ partial }: { partial: string }) => {
      await copyFile(at(name), partial);
      await checkFormat(partial, meant);
    };
    const published = publish(path.join(out, 'safe'), { overwrite: false }, work);
    await expect(published).rejects.toMatchObject({
      code: 'check-failed',
      message: expect.stringMatching(message),
    });
    expect(await readdir(out)).toEqual([]);
  });

  it('a film whose writer lets a name in, from the first step to the last', async () => {
    const target = path.join(out, 'safe.mp4');
    writer.betrays = true;
    await expect(protect(at('film.mp4'), target)).rejects.toMatchObject({ code: 'check-failed' });
    expect(await readdir(out)).toEqual([]);

    writer.betrays = false;
    await protect(at('film.mp4'), target);
    expect(await readdir(out)).toEqual(['safe.mp4']);
  }, 600_000);
});
