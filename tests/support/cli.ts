import { execFile } from 'node:child_process';
import path from 'node:path';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a shell would. */
export function sayeh(...args: string[]): Promise<Ended> {
  return sayehWith({}, ...args);
}

/** The same with more in its environment. */
export function sayehWith(variables: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', ...variables };
    execFile(process.execPath, [LAUNCHER, ...args], { env }, (error, stdout, stderr) => {
      // Who is killed by a signal has no exit code, and did not succeed.
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}
