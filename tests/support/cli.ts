import { execFile } from 'node:child_process';
import path from 'node:path';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

/** Runs the built command line as a shell would. */
export function sayeh(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(process.execPath, [LAUNCHER, ...args], { env }, (error, stdout, stderr) => {
      // Who is killed by a signal has no exit code, and did not succeed.
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}
