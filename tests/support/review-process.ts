import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/sayeh.js');

/** `sayeh review` as a shell would run it. */
export interface ReviewProcess {
  /** What it printed: the page and its key. */
  readonly address: string;
  readonly child: ChildProcess;
  /** The exit code, once it ends by itself. */
  readonly ended: Promise<number>;
}

/** Ends it and waits until it has: it saves what it holds first. */
export async function endReviewProcess({ child, ended }: ReviewProcess): Promise<void> {
  child.kill();
  await ended;
}

/** Starts the built command line and waits until it serves. */
export async function startReviewProcess(...args: string[]): Promise<ReviewProcess> {
  const child = spawn(process.execPath, [LAUNCHER, 'review', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  let printed = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      printed += bytes;
      const [, found] = /"address":"([^"]+)"/.exec(printed) ?? [];
      if (found) resolve(found);
    });
    child.stderr.on('data', (bytes) => {
      printed += bytes;
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
  return { address, child, ended };
}
