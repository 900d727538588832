import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

/** What ran: its answer, as tests/support/cli.ts gives it. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const works = (program: string, ...args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Whether a process may be put into a network of its own, with no interface that is up. */
export const hasUnshare = works('unshare', '-rn', 'true');
export const unshareNote = hasUnshare ? '' : ' (skipped: unshare -rn is not here or not permitted)';

/** Whether a process's system calls may be watched. */
export const hasStrace = works('strace', '-f', '-o', '/dev/null', 'true');
export const straceNote = hasStrace ? '' : ' (skipped: strace is not here or not permitted)';

/** Runs the built command line. */
export const sayehHere = (folder: string, ...args: string[]) =>
  run(process.execPath, [LAUNCHER, ...args], folder);

/** Runs the built command line where there is no network to reach. */
export const sayehAlone = (folder: string, ...args: string[]) =>
  run('unshare', ['-rn', process.execPath, LAUNCHER, ...args], folder);

/** Runs the built command line and returns what it, its threads and its children asked of the system as well. */
export async function sayehTraced(folder: string, log: string, ...args: string[]) {
  const ended = await traced(folder, log, [LAUNCHER, ...args]);
  return { ...ended, calls: systemCalls(readFileSync(log, 'utf8')) };
}

/** Runs a script under strace, as above. */
export function traced(folder: string, log: string, script: readonly string[]): Promise<Ended> {
  const calls = 'trace=network,open,openat,openat2,creat,memfd_create,mkdir,mkdirat,execve';
  return run('strace', ['-f', '-s', '256', '-e', calls, '-o', log, process.execPath, ...script], folder);
}

/** A finished system call: `openat`, with all that strace printed of it. */
export interface SystemCall {
  readonly name: string;
  readonly text: string;
}

/** Reads strace's log. A call that others came between is printed in two lines. */
export function systemCalls(log: string): SystemCall[] {
  const calls: SystemCall[] = [];
  for (const line of log.split('\n')) {
    const [, name] = /^\d+\s+([a-z]\w*)\(/.exec(line) ?? [];
    if (name) calls.push({ name, text: line.replace(/^\d+\s+/, '') });
  }
  return calls;
}

function run(program: string, args: readonly string[], folder: string): Promise<Ended> {
  // As a user would have it: a test runner's or a build machine's variables may quieten what would otherwise speak.
  const { CI: _, ORT_DISABLE_TELEMETRY: __, ORT_RUNNING_UNIT_TESTS: ___, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd: folder, env: { ...env, NO_COLOR: '1' }, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        // A process that a signal ended has no code, which must not look like success.
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      },
    );
  });
}
