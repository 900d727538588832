import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const NOBODY = '00000000';

/**
 * Eight hexadecimal digits that tell a process from any other that ever had its number: after a restart of the
 * machine, or in the next container, somebody else has it. Made of when it started and of the system's own start, where
 * the system says (Linux); all zeros elsewhere, or for a process that is not there, or is over and only waits for its
 * parent to hear of it: in a container that may be for ever.
 */
export function writerMark(pid: number = process.pid): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    // The second field is the program's name in brackets and may hold anything; the start time is the 22nd.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, threads, started] = [fields[0], Number(fields[17]), fields[19]];
    if (state === 'Z' && threads <= 1) return NOBODY;
    return createHash('sha256').update(`${boot}${pid} ${started}`).digest('hex').slice(0, 8);
  } catch {
    return NOBODY;
  }
}

/** Whether the process with that number and mark still runs. */
export function writerRuns(pid: number, mark: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // EPERM: someone else's process
  }
  return writerMark(pid) === mark;
}
