import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../../core/errors.ts';
import { writerMark, writerRuns } from './writer-mark.ts';

/**
 * The one moment that every published file claims to be from: a real time would say when someone sat at this
 * machine. 2000-01-01 is within what every file system can store.
 */
export const NEUTRAL_TIME = new Date('2000-01-01T00:00:00Z');

/** `.RANDOM+MARK-PID.sayeh-partial`: the process that writes it is named, so that a later run can tell a leftover. */
const PARTIAL = /^\.[0-9a-f]{8}([0-9a-f]{8})-(\d+)\.sayeh-partial$/;

/**
 * A file being written. Until `commit` it lives beside its target under a random name that only its owner can
 * read; `discard` removes it. The target name never holds anything but a whole file.
 */
export class OutputFile {
  /** Where to write. */
  readonly partial: string;
  readonly #target: string;
  readonly #overwrite: boolean;
  #settled = false;

  private constructor(partial: string, target: string, overwrite: boolean) {
    this.partial = partial;
    this.#target = target;
    this.#overwrite = overwrite;
    pending.add(this);
  }

  /** Makes the folder if need be and an empty 0600 file in it. */
  static async create(target: string, options: { overwrite: boolean }): Promise<OutputFile> {
    const folder = path.dirname(target);
    const name = `.${randomBytes(4).toString('hex')}${writerMark()}-${process.pid}.sayeh-partial`;
    const partial = path.join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await sweepLeftovers(folder);
      if (!options.overwrite && (await exists(target))) throw alreadyThere(target);
      const handle = await open(partial, 'wx', 0o600);
      await handle.close();
    } catch (error) {
      throw asUnwritable(error, target);
    }
    return new OutputFile(partial, target, options.overwrite);
  }

  /** Puts the bytes on the disk for good and gives the file its name. Throws and removes it if it cannot. */
  async commit(): Promise<void> {
    try {
      const handle = await open(this.partial, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await utimes(this.partial, NEUTRAL_TIME, NEUTRAL_TIME);
      await this.#name();
      await syncFolder(path.dirname(this.#target));
      this.#settle();
    } catch (error) {
      await this.discard();
      throw asUnwritable(error, this.#target);
    }
  }

  async discard(): Promise<void> {
    if (this.#settled) return;
    this.#settle();
    await rm(this.partial, { force: true });
  }

  #settle(): void {
    this.#settled = true;
    pending.delete(this);
  }

  async #name(): Promise<void> {
    if (this.#overwrite) return rename(this.partial, this.#target);
    // A hard link fails if the name is taken, even by someone who took it a moment ago; rename would not.
    try {
      await link(this.partial, this.#target);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw alreadyThere(this.#target);
      // File systems without hard links, such as exFAT.
      if (await exists(this.#target)) throw alreadyThere(this.#target);
      return rename(this.partial, this.#target);
    }
    await rm(this.partial).catch(() => {}); // the file is published; its second name goes with the next sweep
  }
}

/**
 * Publishes one file: `work` writes the partial file and checks it; the name is given only if it succeeds, and
 * nothing is left if it fails.
 */
export async function publish<T>(
  target: string,
  options: { overwrite: boolean },
  work: (file: OutputFile) => Promise<T>,
): Promise<T> {
  const file = await OutputFile.create(target, options);
  try {
    const result = await work(file);
    await file.commit();
    return result;
  } catch (error) {
    await file.discard().catch(() => {}); // the first error is the one to tell, and the next run sweeps
    throw error;
  }
}

/** Files begun and neither committed nor discarded, so that an interrupted run can remove them. */
const pending = new Set<OutputFile>();

/** Removes every file still being written; for a process about to end. */
export async function discardPending(): Promise<void> {
  await Promise.all([...pending].map((file) => file.discard()));
}

/** Removes partial files in a folder whose writer is no longer running: a run before this one was killed. */
async function sweepLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, mark, pid] = PARTIAL.exec(name) ?? [];
    if (pid !== undefined && !writerRuns(Number(pid), mark))
      await rm(path.join(folder, name), { force: true });
  }
}

/**
 * Removes what one process has half-written in a folder, at once: for a process that is about to end, or for its parent
 * when it has ended.
 */
export function removePartialsOf(pid: number, folder: string): void {
  try {
    for (const name of readdirSync(folder))
      if (Number(PARTIAL.exec(name)?.[2]) === pid) rmSync(path.join(folder, name), { force: true });
  } catch {
    // The folder is gone or closed to us; a later run sweeps up.
  }
}

/** Writes bytes to the partial file in full. */
export async function writeWhole(file: OutputFile, bytes: Uint8Array): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.partial, 'r+');
    await handle.writeFile(bytes);
  } catch (error) {
    throw asUnwritable(error, file.partial);
  } finally {
    await handle?.close();
  }
}

function alreadyThere(target: string): SayehError {
  return new SayehError('exists', `${path.basename(target)} is already there; give another name or --force`);
}

export function asUnwritable(error: unknown, target: string): SayehError {
  if (error instanceof SayehError) return error;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const why = REASONS[code] ?? `the system answered ${code}`;
  return new SayehError('unwritable', `cannot write ${path.basename(target)}: ${why}`, { cause: error });
}

const REASONS: Record<string, string> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'no permission for that folder',
  EPERM: 'no permission for that folder',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  ENOTDIR: 'a part of its folder is a file',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'its folder, or the unfinished file in it, was taken away',
};

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Makes a new name itself durable. Windows neither needs it nor lets a folder be opened. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Some network file systems refuse to sync a folder; the file itself is already safe.
  }
}
