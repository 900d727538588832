import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SayehError } from '../../core/errors.ts';
import { removePartialsOf } from '../files/output-file.ts';
import { type Answering, Answers } from './answers.ts';
import { asFailure } from './job-failure.ts';
import type { Guarded } from './job-guard.ts';
import type { FromJob, ToJob } from './job-protocol.ts';

/** What a task may tell and is told while it works. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** To be called before a file is begun in that folder, so that it can be swept up if this process ends. */
  writesIn(folder: string): void;
  onNote(note: string): void;
  onProgress(progress: {
    readonly phase: string;
    readonly done: number;
    readonly total: number | undefined;
  }): void;
  /** Answers what the parent asks, until it stops this job. The job is over when its task returns after that. */
  serve(answering: Answering): Promise<void>;
}

export type Task = (given: never, context: JobContext) => Promise<unknown>;

/** Progress is told at most this often; it also says that the work goes on. */
const TELL_EVERY_MS = 100;

/** Makes this process one that does tasks for its parent, one at a time, and ends with it. */
export function serveJobs(tasks: Readonly<Record<string, Task>>): void {
  // Ctrl-C reaches every process of a terminal; the parent says what is to happen.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  dieFirst();
  let folder: string | undefined;
  let guard: Worker | undefined;
  let stop: AbortController | undefined;
  const answers = new Answers(say);

  process.on('disconnect', () => {
    if (folder !== undefined) removePartialsOf(process.pid, folder);
    process.kill(process.pid, 'SIGKILL');
  });
  process.on('message', async (message: ToJob) => {
    if (message.kind === 'stop') return stop?.abort();
    if (message.kind !== 'do') return answers.take(message);
    const { task, given, memory } = message;
    stop = new AbortController();
    const { signal } = stop;
    if (!guard) {
      // Not before there is something to guard: until then the command is still finding out what to ask for.
      const workerData: Guarded = { memory };
      guard = new Worker(new URL('./job-guard.js', import.meta.url), { workerData, execArgv: [] });
      guard.unref();
    }
    const context: JobContext = {
      signal,
      writesIn(place) {
        folder = place;
        guard?.postMessage({ folder } satisfies Guarded);
        say({ kind: 'writes', folder });
      },
      onNote: (note) => say({ kind: 'note', note }),
      onProgress: throttled((progress) => say({ kind: 'progress', progress })),
      serve: (answering) => answers.serve(answering, signal),
    };
    let answer: FromJob;
    try {
      if (!Object.hasOwn(tasks, task)) throw new SayehError('internal', `there is no task ${task}`);
      const result = await tasks[task](given as never, context);
      answer = { kind: 'done', result, memory: process.memoryUsage.rss() };
    } catch (error) {
      answer = { kind: 'failed', failure: asFailure(error), memory: process.memoryUsage.rss() };
    }
    say(answer);
  });
  say({ kind: 'ready' });
}

function say(message: FromJob): void {
  // The channel may be closed by the time: then there is nobody to tell, and this process is about to end.
  if (process.connected) process.send?.(message, () => {});
}

/** Where memory runs out, the system is to end this process and not another one of the user's. */
function dieFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Without /proc it is as it was.
  }
}

function throttled(tell: JobContext['onProgress']): JobContext['onProgress'] {
  let phase: string | undefined;
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === phase && now - last < TELL_EVERY_MS && progress.done !== progress.total) return;
    phase = progress.phase;
    last = now;
    tell(progress);
  };
}
