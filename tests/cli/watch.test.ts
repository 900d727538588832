import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { samplePhoto } from '../support/clips.ts';
import { type Running, start } from '../support/job-processes.ts';

const PATIENCE = 1_200_000;

let base: string;
let folder: string;
let photos: Buffer[];
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-watch-'));
  photos = await Promise.all(
    ([2, 3, 4] as const).map((number) => sharp(samplePhoto(number)).resize({ width: 320 }).toBuffer()),
  );
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
  await mkdir(at('in'));
});

interface Told {
  readonly status: string;
  readonly input?: string;
  readonly output?: string;
}

const records = (run: Running): Told[] =>
  run
    .stdout()
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
const digest = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

/** Resolves once that was told of an input, or the command has ended. */
async function told(run: Running, status: string, input: string): Promise<Told> {
  for (;;) {
    const found = records(run).find((one) => one.status === status && one.input === input);
    if (found) return found;
    if (run.process.exitCode !== null)
      throw new Error(`it ended without ${status} of ${path.basename(input)}: ${run.stderr()}`);
    await wait(50);
  }
}

describe('a watched folder', () => {
  it(
    'gives what is in it and what comes, each once, however slowly; damaged files, files that go and its own outputs do no harm',
    async () => {
      await writeFile(at('in', 'first.jpg'), photos[0]);
      // The outputs go into the very tree that is watched.
      const out = at('in', 'safe');
      const run = start('protect', '--watch', '-r', at('in'), '-o', out, '--json');
      await told(run, 'protected', at('in', 'first.jpg'));

      // Copied piece by piece, with a pause in which it looks whole.
      const slow = at('in', 'slow.jpg');
      const piece = Math.ceil(photos[1].length / 4);
      for (let i = 0; i < 4; i++) {
        await appendFile(slow, photos[1].subarray(i * piece, (i + 1) * piece));
        await wait(i === 1 ? 6000 : 500);
      }
      // Gone before it is done.
      await writeFile(at('in', 'gone.jpg'), photos[2].subarray(0, 5000));
      await wait(500);
      await rm(at('in', 'gone.jpg'));
      await mkdir(at('in', 'deeper'));
      await writeFile(at('in', 'deeper', 'second.jpg'), photos[2]);
      await writeFile(at('in', 'cut.jpg'), photos[0].subarray(0, photos[0].length / 2));

      await told(run, 'protected', slow);
      await told(run, 'protected', at('in', 'deeper', 'second.jpg'));
      await told(run, 'failed', at('in', 'cut.jpg'));
      await wait(4000);
      run.process.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 2, signal: null });

      const all = records(run);
      expect(all.at(0)).toMatchObject({ status: 'watching' });
      expect(all.at(-1)).toMatchObject({
        status: 'summary',
        total: 4,
        protected: 3,
        failed: { corrupt: 1 },
        notBegun: 0,
      });
      expect(all.filter(({ status }) => status === 'protected')).toHaveLength(3);
      expect(all.filter(({ status }) => status === 'failed').map(({ input }) => input)).toEqual([
        at('in', 'cut.jpg'),
      ]);
      expect(await readdir(out)).toHaveLength(3);
      // Whole, as the command makes it of the whole file.
      const { output } = await told(run, 'protected', slow);
      await sayeh('protect', slow, '-o', at('again.jpg'));
      expect(await digest(output as string)).toBe(await digest(at('again.jpg')));
      expect(await readFile(slow)).toEqual(photos[1]);
    },
    PATIENCE,
  );

  it(
    'gives a file anew, in the place of the old one, when it has changed',
    async () => {
      const file = at('in', 'one.jpg');
      const run = start('protect', '--watch', at('in'), '-o', at('out'), '--json');
      await run.said('watching');
      await writeFile(file, photos[0]);
      const { output } = await told(run, 'protected', file);
      const before = await stat(output as string, { bigint: true });
      await writeFile(file, photos[1]);
      while ((await stat(output as string, { bigint: true })).ino === before.ino) await wait(50);
      while (records(run).filter(({ status }) => status === 'protected').length < 2) await wait(50);
      run.process.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(await readdir(at('out'))).toEqual([path.basename(output as string)]);
      await sayeh('protect', file, '-o', at('again.jpg'));
      expect(await digest(output as string)).toBe(await digest(at('again.jpg')));
      expect(records(run).at(-1)).toMatchObject({ status: 'summary', total: 1, protected: 1 });
    },
    PATIENCE,
  );

  it(
    'must be a folder, and not the one that the outputs go to',
    async () => {
      await writeFile(at('in', 'one.jpg'), photos[0]);
      const onFile = await sayeh('protect', '--watch', at('in', 'one.jpg'));
      expect(onFile).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/--watch is for folders, and one\.jpg/),
      });
      for (const out of [at('in'), folder]) {
        const circle = await sayeh('protect', '--watch', at('in'), '-o', out);
        expect(circle).toMatchObject({ code: 1, stderr: expect.stringMatching(/outputs would be inputs/) });
      }
      expect(await readdir(at('in'))).toEqual(['one.jpg']);
    },
    PATIENCE,
  );
});
