import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { SayehError } from '../../core/errors.ts';
import { removePartialsOf } from '../files/output-file.ts';
import { GUARD_FD, OVER_MEMORY } from './job-protocol.ts';

// A thread of a job process that ends the whole of it, whatever the other threads are busy with: when its parent is
// gone, and when it has more memory than it may.

/** To the guard. */
export interface Guarded {
  /** Bytes that may be resident. */
  readonly memory?: number;
  /** Where files in the making are. */
  readonly folder?: string;
}

const LOOK_EVERY_MS = 100;

if (!parentPort) throw new SayehError('internal', 'this file only runs as a worker thread');
let { memory = Number.POSITIVE_INFINITY, folder } = workerData as Guarded;
parentPort.on('message', (changed: Guarded) => {
  memory = changed.memory ?? memory;
  folder = changed.folder ?? folder;
});

function end(): void {
  if (folder !== undefined) removePartialsOf(process.pid, folder);
  process.kill(process.pid, 'SIGKILL');
}

new Socket({ fd: GUARD_FD, writable: false }).on('error', end).on('close', end).resume();

setInterval(() => {
  if (process.memoryUsage.rss() <= memory) return;
  writeSync(GUARD_FD, OVER_MEMORY);
  end();
}, LOOK_EVERY_MS);
