import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckpointFiles } from '../../../src/node/files/checkpoint-files.ts';
import { publish, writeWhole } from '../../../src/node/files/output-file.ts';
import { writerMark, writerRuns } from '../../../src/node/files/writer-mark.ts';

let base: string;
let folder: string;
let other: ChildProcess;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'sayeh-left-'));
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await new Promise((resolve) => other.once('spawn', resolve));
});
afterAll(async () => {
  other.kill('SIGKILL');
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(base, 'case-'));
});

const linux = process.platform === 'linux';
const running = () => other.pid as number;

/** A number that no process has. */
const NOBODY = 2 ** 22 + 1;

it('a process is told from another that has its number later', { skip: !linux }, () => {
  expect(writerMark()).toMatch(/^[0-9a-f]{8}$/);
  expect(writerMark()).toBe(writerMark());
  expect(writerMark(running())).not.toBe(writerMark());
  expect(writerRuns(process.pid, writerMark())).toBe(true);
  expect(writerRuns(running(), writerMark(running()))).toBe(true);
  expect(writerRuns(running(), '0123abcd')).toBe(false);
  expect(writerRuns(NOBODY, writerMark())).toBe(false);
});

it('a process that is over, and whose parent never asks, is over', { skip: !linux }, async () => {
  // `sleep` never asks what became of the children that the shell before it had.
  const careless = spawn('sh', ['-c', 'sleep .2 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [said] = await once(careless.stdout, 'data');
    const pid = Number(String(said));
    const isOver = () => expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toMatch(/\) Z /);
    await vi.waitFor(isOver, { timeout: 30_000 });
    process.kill(pid, 0); // the system still knows it
    const [, started] = /\) Z (?:\S+ ){18}(\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    const mark = createHash('sha256').update(`${boot}${pid} ${started}`).digest('hex').slice(0, 8);
    expect(writerRuns(pid, mark)).toBe(false);
  } finally {
    careless.kill('SIGKILL');
  }
});

describe('unfinished files', () => {
  it('of runs that are over go with the next, whoever has their number now', { skip: !linux }, async () => {
    const kept = [
      `.00000000${writerMark(running())}-${running()}.sayeh-partial`,
      '.0000000000000000-1.sayeh-partial.txt',
      'holiday.mp4',
    ];
    const swept = [
      `.00000000${writerMark(running())}-${NOBODY}.sayeh-partial`,
      `.0000000012345678-${running()}.sayeh-partial`,
      `.0000000012345678-${process.pid}.sayeh-partial`,
    ];
    for (const name of [...kept, ...swept]) await writeFile(path.join(folder, name), 'x');
    await publish(path.join(folder, 'out.jpg'), { overwrite: false }, (file) =>
      writeWhole(file, Buffer.from('whole')),
    );
    expect((await readdir(folder)).sort()).toEqual([...kept, 'out.jpg'].sort());
  });

  it('whose folder goes, or moves, on the way: no output, and a clear word', async () => {
    for (const leave of [
      (from: string) => rm(from, { recursive: true }),
      (from: string) => rename(from, `${from}-moved`),
    ]) {
      const out = path.join(folder, 'out');
      const working = publish(path.join(out, 'a.jpg'), { overwrite: false }, async (file) => {
        await writeWhole(file, Buffer.from('whole'));
        await leave(out);
      });
      await expect(working).rejects.toThrow(
        /cannot write a\.jpg: its folder, or the unfinished file in it, was taken/,
      );
      expect(await readdir(folder)).not.toContain('out');
    }
    // Where the folder was moved to, the next run sweeps: this process is not over, so it is told that it is.
    const [left] = await readdir(path.join(folder, 'out-moved'));
    await rename(
      path.join(folder, 'out-moved', left),
      path.join(folder, 'out-moved', left.replace(/-\d+/, `-${NOBODY}`)),
    );
    await publish(path.join(folder, 'out-moved', 'b.jpg'), { overwrite: false }, async () => {});
    expect(await readdir(path.join(folder, 'out-moved'))).toEqual(['b.jpg']);
  });

  it('that cannot be removed do not hide what went wrong', { skip: process.getuid?.() === 0 }, async () => {
    const out = path.join(folder, 'out');
    await mkdir(out);
    const working = publish(path.join(out, 'a.jpg'), { overwrite: false }, async () => {
      await chmod(out, 0o500);
      throw new Error('what went wrong');
    });
    await expect(working).rejects.toThrow('what went wrong');
    await chmod(out, 0o700);
  });
});

describe('checkpoints', () => {
  const secret = Buffer.alloc(32, 1);

  it('are one film’s, and are not named after anything else that is known of it', async () => {
    const mine = new CheckpointFiles(folder, secret);
    const log = await mine.create();
    await log.append(Buffer.from('found so far'));
    await log.close();
    expect(await readdir(folder)).toEqual([mine.name]);
    expect(mine.name).toMatch(/^\.[0-9a-f]{16}-[0-9a-f]{8}-\d+\.sayeh-checkpoint$/);
    expect(mine.name).not.toContain(secret.toString('hex').slice(0, 16));
    expect(await new CheckpointFiles(folder, Buffer.alloc(32, 2)).left()).toEqual([]);
  });

  it('of a run that goes on are left alone, and of one that is over belong to whoever is first', {
    skip: !linux,
  }, async () => {
    const files = new CheckpointFiles(folder, secret);
    await (await files.create()).close();
    expect(await files.left()).toEqual([]); // this process runs
    const theirs = files.name.replace(/-[0-9a-f]{8}-\d+/, `-${writerMark(running())}-${running()}`);
    await rename(path.join(folder, files.name), path.join(folder, theirs));
    expect(await files.left()).toEqual([]);
    const over = files.name.replace(/-\d+\./, `-${NOBODY}.`);
    await rename(path.join(folder, theirs), path.join(folder, over));
    expect(await files.left()).toEqual([over]);
    const claims = await Promise.all([files.claim(over), files.claim(over)]);
    expect(claims.filter((log) => log !== undefined)).toHaveLength(1);
    for (const log of claims) await log?.close();
    await files.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a run that is just ending are waited for; of one that goes on, named', {
    skip: !linux,
  }, async () => {
    const files = new CheckpointFiles(folder, secret);
    await (await files.create()).close();
    expect(await files.othersOver(0)).toBeUndefined();
    const ending = spawn('sleep', ['60']);
    const theirs = files.name.replace(
      /-[0-9a-f]{8}-\d+/,
      `-${writerMark(ending.pid as number)}-${ending.pid}`,
    );
    await rename(path.join(folder, files.name), path.join(folder, theirs));
    expect(await files.othersOver(100)).toBe(theirs);
    const waiting = files.othersOver(60_000);
    ending.kill('SIGKILL');
    expect(await waiting).toBeUndefined();
    expect(await files.left()).toEqual([theirs]);
  });
});
