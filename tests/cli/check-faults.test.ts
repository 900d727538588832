import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let base: string;
let film: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-check-faults-'));
  film = path.join(base, 'film.mp4');
  await ffmpeg(...panOver(4, { width: 640, height: 480, seconds: 1, rate: 25 }), '-c:v', 'libx264', film);
});
afterAll(() => rm(base, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string | null;
  readonly stderr: string;
}

function run(command: string, ...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(command, args, { maxBuffer: 1 << 26 }, (error, _, stderr) => {
      done({ code: error ? (error.code ?? error.signal ?? null) : 0, stderr });
    });
  });
}

describe('a fault in what looks again means no output', () => {
  /** Sayeh as installed elsewhere, so that its files can be spoiled. */
  async function installation(): Promise<string> {
    const folder = await mkdtemp(path.join(base, 'installed-'));
    for (const part of ['bin', 'dist', 'models', 'package.json'])
      await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    return folder;
  }

  it("one bit of the second network's file altered: refused for photos, films and verify", async () => {
    const folder = await installation();
    const model = path.join(folder, 'models', 'retinaface-int8.onnx');
    const bytes = await readFile(model);
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(model, bytes);
    const out = path.join(folder, 'out');
    for (const input of [samplePhoto(4), film]) {
      const ended = await run(
        process.execPath,
        path.join(folder, 'bin/sayeh.js'),
        'protect',
        input,
        '-o',
        `${out}/`,
      );
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/retinaface.*(altered|not the file)/);
      expect(await readdir(out).catch(() => [])).toEqual([]);
    }
    const verified = await run(process.execPath, path.join(folder, 'bin/sayeh.js'), 'verify', film);
    expect(verified.code).not.toBe(0);
  });

  it('the file is not there at all', async () => {
    const folder = await installation();
    await rm(path.join(folder, 'models', 'retinaface-int8.onnx'));
    const out = path.join(folder, 'out');
    const ended = await run(
      process.execPath,
      path.join(folder, 'bin/sayeh.js'),
      'protect',
      film,
      '-o',
      `${out}/`,
    );
    expect(ended.code).toBe(2);
    expect(await readdir(out).catch(() => [])).toEqual([]);
  });

  // Address space, in KiB. Where the process starts at all, memory runs out anywhere between start and the last look.
  it.each([1.5, 2.5, 3.5, 4.5, 5.5, 6.5])(
    'memory ends at %s GiB: a whole, clean file or none',
    async (gib) => {
      const out = path.join(base, `memory-${gib}`);
      await mkdir(out);
      const limit = Math.round(gib * 1024 * 1024);
      const command = `ulimit -v ${limit}; exec "$@"`;
      const launcher = path.join(ROOT, 'bin/sayeh.js');
      const output = path.join(out, 'film.mp4');
      const ended = await run(
        'bash',
        '-c',
        command,
        'bash',
        process.execPath,
        launcher,
        'protect',
        film,
        '-o',
        output,
      );
      const left = (await readdir(out)).filter((name) => !name.endsWith('.sayeh-partial'));
      if (ended.code === 0) expect((await sayeh('verify', output, '--against', film)).code).toBe(0);
      else expect(left).toEqual([]);
    },
  );
});
