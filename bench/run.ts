import { spawn } from 'node:child_process';
import path from 'node:path';

/** What one run of a program took, and what it said. */
export interface Run {
  /** By the clock, start-up included. */
  readonly seconds: number;
  readonly stdout: string;
}

/**
 * Runs a program to its end; rejects, with its last words, if it failed. With `mayFail` only if it could not be
 * started: where what it wrote is judged file by file, one failure must not cost the verdict on the others.
 */
export function run(
  command: string,
  args: readonly string[],
  { mayFail = false }: { readonly mayFail?: boolean } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr = `${stderr}${text}`.slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 || mayFail) return resolve({ seconds: (performance.now() - start) / 1000, stdout });
      const last = stderr.trim().split('\n').at(-1);
      reject(new Error(`${path.basename(command)} ended with ${code}: ${last}`));
    });
  });
}
