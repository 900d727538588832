import { availableParallelism } from 'node:os';
import { JobCrew, memoryShare } from '../node/process/job-crew.ts';
import type { Job } from '../node/process/job-process.ts';
import type { TaskName, Tasks } from '../pipeline/jobs.ts';
import type { OnProgress } from '../pipeline/progress.ts';
import { JOB_MAIN, takeEarlyJob } from './early-job.ts';

/** What may be said about the processes that read files. */
export interface JobOptions {
  /** How many work side by side. */
  jobs?: number;
  /** MiB that each may have. */
  memory?: number;
  /** Seconds without progress after which a file is given up. */
  patience: number;
}

interface Hooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onNote?: (note: string) => void;
}

/** Does the tasks of src/pipeline/jobs.ts, each in a process of its own. */
export class Jobs {
  /** How many files are worked on side by side. */
  readonly count: number;
  /** Networks that each process may run at once; undefined where it has the machine to itself. */
  readonly threads: number | undefined;
  readonly #crew: JobCrew;

  constructor({ jobs = 1, memory, patience }: JobOptions) {
    this.count = jobs;
    this.threads = jobs > 1 ? Math.max(1, Math.floor(availableParallelism() / jobs)) : undefined;
    const bytes = memory === undefined ? memoryShare(jobs) : memory * 2 ** 20;
    this.#crew = new JobCrew({ entry: JOB_MAIN, memory: bytes, patience }, takeEarlyJob());
  }

  /** Does a task on `file`. Throws SayehError; beside what the task throws, what JobProcess.run does. */
  run<T extends TaskName>(
    task: T,
    given: Parameters<Tasks[T]>[0],
    file: string,
    hooks: Hooks = {},
  ): Promise<Awaited<ReturnType<Tasks[T]>>> {
    return this.#crew.run(task, given, file, hooks as Pick<Job, 'signal' | 'onProgress' | 'onNote'>) as never;
  }

  close(): void {
    this.#crew.close();
  }
}
