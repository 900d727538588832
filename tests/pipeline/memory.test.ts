import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ffmpeg, panOver } from '../support/clips.ts';

const LIBRARY = pathToFileURL(path.resolve(import.meta.dirname, '../../dist/index.js')).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-memory-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Most memory that a process of its own ever held while it protected a film, in MiB. */
async function peakMemory(film: string): Promise<number> {
  const script = `
    import { protect } from ${JSON.stringify(LIBRARY)};
    await protect(${JSON.stringify(film)}, ${JSON.stringify(`${film}.out.mp4`)});
    console.log(process.resourceUsage().maxRSS / 1024);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return Number(stdout);
}

it('memory does not grow with the length of a film', { timeout: 300_000 }, async () => {
  const short = path.join(folder, 'short.mp4');
  await ffmpeg(...panOver(1, { width: 320, height: 180, seconds: 5, rate: 25 }), '-c:v', 'libx264', short);
  const long = path.join(folder, 'long.mp4');
  await ffmpeg('-stream_loop', '11', '-i', short, '-c', 'copy', long);

  const [once, twelveTimes] = [await peakMemory(short), await peakMemory(long)];

  // One minute of raw frames would be 130 MiB more, a look at each 1000 MiB; boxes and promises are a few, and what
  // the collector leaves lying on a busy machine up to a hundred.
  expect(twelveTimes - once).toBeLessThan(125);
  expect(twelveTimes).toBeLessThan(1200);
});
