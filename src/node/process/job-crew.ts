import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Job, JobProcess } from './job-process.ts';

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

/**
 * Job processes, started as they are needed and used again. A file that ends a process which had done others before is
 * tried once more in a new one: what came before may be to blame, and then no other file pays for it.
 */
export class JobCrew {
  readonly #settings: CrewSettings;
  #idle: JobProcess[] = [];

  /** `first` is a process that was started early, with the same settings. */
  constructor(settings: CrewSettings, first?: JobProcess) {
    this.#settings = settings;
    if (first) this.#idle.push(first);
  }

  /**
   * Does one task on one file. Throws SayehError, see JobProcess.run. As many run side by side as are asked for.
   */
  async run(
    task: string,
    given: unknown,
    file: string,
    hooks: Pick<Job, 'signal' | 'onProgress' | 'onNote'> = {},
  ): Promise<unknown> {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const patience = this.#settings.patience + size / SLOWEST;
    const job: Job = { task, given, name: path.basename(file), patience, ...hooks };
    const process = this.#take();
    const isNew = process.jobs === 0;
    try {
      return await process.run(job);
    } catch (error) {
      const code = (error as { code?: string }).code;
      // What a process is left with after a fault of its own nobody knows.
      if (code === 'internal' || code === 'model') void process.end();
      const blameless = process.isLost && (code === 'crashed' || code === 'too-large');
      if (isNew || !blameless || hooks.signal?.aborted) throw error;
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
    return this.#idle.pop() ?? this.#start();
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
