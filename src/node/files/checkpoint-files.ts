import { hkdfSync } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SealedLog } from './sealed-log.ts';
import { writerMark, writerRuns } from './writer-mark.ts';

/** `.FILM-MARK-PID.sayeh-checkpoint`: which film, and which process writes it or did. */
const NAME = /^\.([0-9a-f]{16})-([0-9a-f]{8})-(\d+)\.sayeh-checkpoint$/;

const LOOK_EVERY_MS = 50;

/**
 * The checkpoints of one film in one folder. `secret` is made from the film's content: whoever lacks the film can
 * neither read them nor tell which film they are of.
 */
export class CheckpointFiles {
  readonly #folder: string;
  readonly #secret: Uint8Array;
  readonly #film: string;
  /** What this process calls its own. */
  readonly #own: string;

  constructor(folder: string, secret: Uint8Array) {
    this.#folder = folder;
    this.#secret = secret;
    this.#film = Buffer.from(hkdfSync('sha256', secret, '', 'name', 8)).toString('hex');
    this.#own = path.join(folder, `.${this.#film}-${writerMark()}-${process.pid}.sayeh-checkpoint`);
  }

  /** This process's own, by name, for messages. */
  get name(): string {
    return path.basename(this.#own);
  }

  /** Those of runs that are over, the longest first. */
  async left(): Promise<string[]> {
    const found: { name: string; size: number }[] = [];
    for (const { name, runs } of await this.#all()) {
      if (runs) continue;
      const size = await stat(path.join(this.#folder, name)).then(
        (known) => known.size,
        () => 0,
      );
      found.push({ name, size });
    }
    return found.sort((a, b) => b.size - a.size).map(({ name }) => name);
  }

  /**
   * Waits for other runs to be over: one that was stopped a moment ago may still be ending. Returns the checkpoint of
   * one that still runs after so many milliseconds.
   */
  async othersOver(patience: number): Promise<string | undefined> {
    const until = performance.now() + patience;
    for (;;) {
      const other = (await this.#all()).find(({ name, runs }) => runs && name !== this.name);
      if (!other || performance.now() > until) return other?.name;
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Takes one over and opens it; undefined where another run was faster or it is no checkpoint. */
  async claim(name: string): Promise<SealedLog | undefined> {
    try {
      // Whoever renames it first has it: the name says that its writer runs.
      await rename(path.join(this.#folder, name), this.#own);
      return await SealedLog.open(this.#own, this.#secret);
    } catch {
      return undefined;
    }
  }

  /** Makes a new one. Throws the system's own error. */
  async create(): Promise<SealedLog> {
    await this.remove();
    return SealedLog.create(this.#own, this.#secret);
  }

  /** Removes this process's own. */
  async remove(): Promise<void> {
    await rm(this.#own, { force: true });
  }

  async removeLeft(): Promise<void> {
    for (const name of await this.left()) await rm(path.join(this.#folder, name), { force: true });
  }

  async #all(): Promise<{ name: string; runs: boolean }[]> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    return names.flatMap((name) => {
      const [, film, mark, pid] = NAME.exec(name) ?? [];
      return film === this.#film ? [{ name, runs: writerRuns(Number(pid), mark) }] : [];
    });
  }
}
