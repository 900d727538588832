import { execFileSync } from 'node:child_process';
import { appendFile, chmod, copyFile, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SayehError } from '../../../src/core/errors.ts';
import { identify } from '../../../src/node/files/input-file.ts';
import { whileUnchanged, whileUntouched } from '../../../src/node/files/while-unchanged.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-unchanged-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  file = path.join(folder, 'march.mp4');
  await writeFile(file, Buffer.alloc(5000, 1));
});

/** What may happen to a file while it is read, by who else has it open. */
const CHANGES: Record<string, () => Promise<unknown>> = {
  'more is written to it': () => appendFile(file, 'more'),
  'it is emptied': () => writeFile(file, ''),
  'a byte of it changes, and the time is set back': async () => {
    const { atime, mtime } = await stat(file);
    await writeFile(file, Buffer.alloc(5000, 2));
    await utimes(file, atime, mtime);
  },
  'another file takes its place': async () => {
    await writeFile(`${file}.new`, Buffer.alloc(5000, 3));
    await rename(`${file}.new`, file);
  },
};

describe('a file that changes while it is read is refused', () => {
  it.each(Object.entries(CHANGES))('%s', async (_, change) => {
    const working = whileUnchanged(file, undefined, change);
    await expect(working).rejects.toThrow(/^march\.mp4 changed while it was read: nothing was written/);
    await expect(working).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('also where the work failed for it', async () => {
    const working = whileUnchanged(file, undefined, async () => {
      await writeFile(file, Buffer.alloc(100));
      throw new SayehError('corrupt', 'cut off');
    });
    await expect(working).rejects.toThrow(/changed while it was read/);
    await expect(working).rejects.toMatchObject({ cause: { message: 'cut off' } });
  });

  it('and where it is gone, it cannot be told', async () => {
    await expect(whileUnchanged(file, undefined, () => rm(file))).rejects.toThrow(
      /cannot read march\.mp4: there is no such file/,
    );
  });

  it('for quick work by its size and time', async () => {
    await expect(whileUntouched(file, () => appendFile(file, 'x'))).rejects.toThrow(
      /changed while it was read/,
    );
    expect(await whileUntouched(file, async () => 5)).toBe(5);
  });
});

describe('a file that stays as it is', () => {
  it('may be read, renamed on the way and given other permissions', async () => {
    const result = await whileUnchanged(file, undefined, async () => {
      await copyFile(file, `${file}.copy`);
      await chmod(file, 0o600);
      await rename(file, `${file}.away`);
      await rename(`${file}.away`, file);
      return 'done';
    });
    expect(result).toBe('done');
  });

  it('keeps the error of the work', async () => {
    const error = new SayehError('corrupt', 'cut off');
    await expect(whileUnchanged(file, undefined, () => Promise.reject(error))).rejects.toBe(error);
  });

  it('has a fingerprint of its own, which is not its SHA-256', async () => {
    const of = (name: string) => whileUnchanged(name, undefined, async (fingerprint) => fingerprint);
    const one = await of(file);
    await copyFile(file, `${file}.copy`);
    expect(await of(`${file}.copy`)).toEqual(one);
    await writeFile(`${file}.copy`, Buffer.alloc(5000, 9));
    expect(await of(`${file}.copy`)).not.toEqual(one);
    const sum = execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64);
    expect(Buffer.from(one).toString('hex')).not.toBe(sum);
  });
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  it.each([
    ['a pipe that nobody writes to', () => execFileSync('mkfifo', [path.join(folder, 'fifo')]), 'fifo'],
    ['a device', () => {}, '/dev/zero'],
  ])('%s is refused at once', async (_, make, name) => {
    make();
    await expect(identify(path.resolve(folder, name))).rejects.toThrow(/it is a pipe or device/);
  });

  it('what the system makes up as it is read is refused', {
    skip: process.platform !== 'linux',
  }, async () => {
    await expect(identify('/proc/self/maps')).rejects.toThrow(/maps is empty/);
  });
});
