import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/** A film to protect, and private places in which whatever a run leaves lying is seen. */
export interface Scene {
  readonly film: string;
  /** SHA-256 of the film. */
  readonly filmHash: string;
  readonly home: string;
  readonly temporary: string;
  /** Below it each round has a folder of its own for its output. */
  readonly rounds: string;
}

export async function makeScene(film: string, folder: string): Promise<Scene> {
  const [home, temporary, rounds] = ['home', 'tmp', 'rounds'].map((name) => path.join(folder, name));
  for (const place of [home, temporary, rounds]) await mkdir(place, { recursive: true });
  return { film, filmHash: await hashOf(film), home, temporary, rounds };
}

/** The environment of a run: nothing of this user's, so that all that appears is the run's. */
export function environment({ home, temporary }: Scene): NodeJS.ProcessEnv {
  const { CI: _, ORT_DISABLE_TELEMETRY: __, ORT_RUNNING_UNIT_TESTS: ___, ...own } = process.env;
  const inHome = Object.fromEntries(
    ['CACHE', 'CONFIG', 'DATA', 'STATE'].map((name) => [`XDG_${name}_HOME`, path.join(home, name)]),
  );
  return {
    ...own,
    ...inHome,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TEMP: temporary,
    NO_COLOR: '1',
  };
}

export async function newRound({ rounds }: Scene): Promise<string> {
  return mkdtemp(path.join(rounds, 'round-'));
}

export async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** Every file below the given folders that is there, as paths. */
export async function filesIn(...folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (!entry.isDirectory()) found.push(path.join(entry.parentPath, entry.name));
  }
  return found.sort();
}

export async function removeScene(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
