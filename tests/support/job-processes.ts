import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

/** These tests look at processes through /proc. */
export const hasProc = process.platform === 'linux';
export const procNote = hasProc ? '' : ' (skipped: needs /proc)';

/** The built command line while it runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it said so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Resolves once it said that, or has ended. */
  said(words: string | RegExp): Promise<void>;
}

export function start(...args: string[]): Running {
  return startAs(process.execPath, LAUNCHER, ...args);
}

/** The same through another program, which must end in being it. */
export function startAs(program: string, ...args: string[]): Running {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const heard = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (text) => {
      heard[name] += text;
    });
  let over = false;
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
    }),
  );
  return {
    process: child,
    pid: child.pid as number,
    stdout: () => heard.stdout,
    stderr: () => heard.stderr,
    ended,
    async said(words) {
      const pattern = typeof words === 'string' ? new RegExp(words) : words;
      while (!over && !pattern.test(heard.stdout + heard.stderr)) await wait(20);
    },
  };
}

export const LAUNCHER_ARGS = [process.execPath, LAUNCHER];

/** The processes that read files for a command, in the order of their numbers. */
export function jobsOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => statusOf(each, 'PPid') === String(pid) && commandOf(each).includes('job-main.js'))
    .sort((a, b) => a - b);
}

/** One line of what the system says of a process; undefined where there is none. */
export function statusOf(pid: number, name: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Resolves once a process is gone; a killed one is a zombie for a moment. */
export async function gone(pid: number): Promise<void> {
  while (!(statusOf(pid, 'State') ?? 'Z').startsWith('Z')) await wait(20);
}
