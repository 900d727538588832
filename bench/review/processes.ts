import { readdir, readFile } from 'node:fs/promises';

/** Processor time of a process and all below it so far, in seconds; Linux only, 0 elsewhere. */
export async function cpuSeconds(root: number | undefined): Promise<number> {
  let ticks = 0;
  for (const pid of await treeOf(root)) {
    // User and system; its own, and that of its children that have ended.
    for (const field of (await statOf(pid)).slice(11, 15)) ticks += Number(field);
  }
  return ticks / 100;
}

/**
 * Memory that a process and all below it hold now, and the sum of what each held at most, in MiB; Linux only. What
 * several of them share counts for each.
 */
export async function memoryMiB(
  root: number | undefined,
): Promise<{ readonly now: number; readonly peak: number } | undefined> {
  const held = { now: 0, peak: 0 };
  for (const pid of await treeOf(root)) {
    const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1024;
    held.now += read('VmRSS');
    held.peak += read('VmHWM');
  }
  return held.now > 0 ? held : undefined;
}

/** The processes below one that show pages, by their command line; Linux only. */
export async function renderersBelow(root: number): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await treeOf(root)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=renderer')) found.push(pid);
  }
  return found;
}

/** A process and all below it. */
async function treeOf(root: number | undefined): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const parents = new Map<number, number>();
  for (const pid of pids) parents.set(pid, Number((await statOf(pid))[1]));
  const isIn = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 0 && (pid === root || isIn(parents.get(pid)));
  return pids.filter(isIn);
}

/** The fields of /proc/PID/stat after the name, which may hold spaces. */
async function statOf(pid: number | undefined): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
