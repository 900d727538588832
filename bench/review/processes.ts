import { readdir, readFile } from 'node:fs/promises';

/** Processor time of a process so far, of all its threads, in seconds; Linux only, 0 elsewhere. */
export async function cpuSeconds(pid: number | undefined): Promise<number> {
  const fields = await statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** Memory that a process holds now, and held at most, in MiB; Linux only. */
export async function memoryMiB(
  pid: number | undefined,
): Promise<{ readonly now: number; readonly peak: number } | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
  const [now, peak] = [read('VmRSS'), read('VmHWM')];
  return Number.isNaN(now) ? undefined : { now, peak };
}

/** The processes below one that show pages, by their command line; Linux only. */
export async function renderersBelow(root: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const parents = new Map<number, number>();
  for (const pid of pids) parents.set(pid, Number((await statOf(pid))[1]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === root || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  const found: number[] = [];
  for (const pid of pids.filter(isBelow)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=renderer')) found.push(pid);
  }
  return found;
}

/** The fields of /proc/PID/stat after the name, which may hold spaces. */
async function statOf(pid: number | undefined): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
