import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LAUNCHER } from '../places.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** What it printed: the page and its key. */
  readonly address: string;
}

/** Starts `sayeh review` as a shell would, and waits until it serves. */
export async function startServer(...args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [LAUNCHER, 'review', '--json', ...args]);
  child.stderr.pipe(process.stderr);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, address: JSON.parse(line).address };
  }
  throw new Error('the review server did not start; is the page built?');
}
