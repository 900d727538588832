import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Job, JobProcess } from './job-process.ts';
import type { Ask } from './questions.ts';

export interface CrewSettings {
  /** A script that calls `serveJobs`, and what it is started with. */
  readonly entry: URL;
  readonly args?: readonly string[];
  /** Bytes that one process may have resident. */
  readonly memory: number;
  /** Seconds that a file of no length may go without progress. */
  readonly patience: number;
}

/** Files are rarely slower to read than this, in bytes a second. */
const SLOWEST = 2 ** 20;
/** A process that holds more than this between two files is replaced by a new one, in bytes. */
const MOST_KEPT = 4 * 2 ** 30;

/** Of this machine's memory, or of what this container may have, so much is left to everything else. */
const LEFT_TO_OTHERS = 1 / 4;

/** What each of so many processes may have resident, in bytes, where nobody says otherwise. */
export function memoryShare(jobs: number): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  const total = constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
  return (total * (1 - LEFT_TO_OTHERS)) / jobs;
}

export type JobHooks = Pick<Job, 'signal' | 'onProgress' | 'onNote' | 'onServing'>;

/**
 * Job processes, started as they are needed and used again. A file that ends a process which had done others before is
 * tried once more in a new one: what came before may be to blame, and then no other file pays for it. Not so once it
 * served: whoever asks then decides.
 */
export class JobCrew {
  readonly #settings: CrewSettings;
  readonly #takeEarly: () => JobProcess | undefined;
  #idle: JobProcess[] = [];

  /** `takeEarly` gives a process that was started early, with the same settings, if there is one still to be had. */
  constructor(settings: CrewSettings, takeEarly: () => JobProcess | undefined = () => undefined) {
    this.#settings = settings;
    this.#takeEarly = takeEarly;
  }

  /**
   * Does one task on one file. Throws SayehError, see JobProcess.run. As many run side by side as are asked for.
   */
  async run(task: string, given: unknown, file: string, hooks: JobHooks = {}): Promise<unknown> {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const patience = this.#settings.patience + size / SLOWEST;
    let hasServed = false;
    const onServing = (ask: Ask) => {
      hasServed = true;
      hooks.onServing?.(ask);
    };
    const job: Job = { task, given, name: path.basename(file), patience, ...hooks, onServing };
    const process = this.#take();
    const isNew = process.jobs === 0;
    try {
      return await process.run(job);
    } catch (error) {
      const code = (error as { code?: string }).code;
      // What a process is left with after a fault of its own nobody knows.
      if (code === 'internal' || code === 'model') void process.end();
      const blameless = process.isLost && (code === 'crashed' || code === 'too-large');
      if (isNew || !blameless || hasServed || hooks.signal?.aborted) throw error;
    } finally {
      this.#giveBack(process);
    }
    const another = this.#start();
    try {
      return await another.run(job);
    } finally {
      this.#giveBack(another);
    }
  }

  /** Ends what does nothing; what still works ends with this process. */
  close(): void {
    for (const process of this.#idle) void process.end();
    this.#idle = [];
  }

  #take(): JobProcess {
    this.#idle = this.#idle.filter((process) => !process.isLost);
    return this.#idle.pop() ?? this.#takeEarly() ?? this.#start();
  }

  #start(): JobProcess {
    const { entry, args = [], memory } = this.#settings;
    return JobProcess.start(entry, args, memory);
  }

  #giveBack(process: JobProcess): void {
    if (process.isLost) return;
    if (process.memory > Math.min(MOST_KEPT, (this.#settings.memory * 2) / 3)) void process.end();
    else this.#idle.push(process);
  }
}
