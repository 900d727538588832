import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Eight hexadecimal digits that tell a process from any other that ever had its number: after a restart of the
 * machine, or in the next container, somebody else has it. Made of when it started and of the system's own start, where
 * the system says (Linux); all zeros elsewhere, or for a process that is not there.
 */
export function writerMark(pid: number = process.pid): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    // The second field is the program's name in brackets and may hold anything; the start time is the 22nd.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return createHash('sha256').update(`${boot}${pid} ${started}`).digest('hex').slice(0, 8);
  } catch {
    return '00000000';
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
