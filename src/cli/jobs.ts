import { availableParallelism } from 'node:os';
import type { GivenLimits } from '../core/limits.ts';
import { JobCrew, type JobHooks, memoryShare } from '../node/process/job-crew.ts';
import type { Ask } from '../node/process/questions.ts';
import type { TaskName, Tasks } from '../pipeline/jobs.ts';
import type { OnProgress } from '../pipeline/progress.ts';
import type { Shown } from '../review/work.ts';
import { JOB_MAIN, takeEarlyJob } from './early-job.ts';

/** What may be said about the processes that read files. */
export interface JobOptions {
  /** How many work side by side. */
  jobs?: number;
  /** MiB that each may have. */
  memory?: number;
  /** Seconds without progress after which a file is given up. */
  patience: number;
  /** What files may be at most. */
  limit?: GivenLimits;
}

interface Hooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly onNote?: (note: string) => void;
}

interface ShowHooks {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears how far the frames are counted. */
  readonly onProgress: (counted: { readonly done: number; readonly total?: number }) => void;
  readonly onServing: (ask: Ask) => void;
}

/** Does the tasks of src/pipeline/jobs.ts, each in a process of its own. */
export class Jobs {
  /** How many files are worked on side by side. */
  readonly count: number;
  /** Networks that each process may run at once; undefined where it has the machine to itself. */
  readonly threads: number | undefined;
  readonly #working: JobCrew;
  /** Processes that show, apart from those that work: these hold networks in memory. */
  readonly #showing: JobCrew;
  /** Goes to whoever needs one first. */
  #early = takeEarlyJob();

  constructor({ jobs = 1, memory, patience }: JobOptions) {
    this.count = jobs;
    this.threads = jobs > 1 ? Math.max(1, Math.floor(availableParallelism() / jobs)) : undefined;
    const bytes = memory === undefined ? memoryShare(jobs) : memory * 2 ** 20;
    const settings = { entry: JOB_MAIN, memory: bytes, patience };
    const takeEarly = () => {
      const early = this.#early;
      this.#early = undefined;
      return early?.isLost ? undefined : early;
    };
    this.#working = new JobCrew(settings, takeEarly);
    this.#showing = new JobCrew(settings, takeEarly);
  }

  /** Does a task on `file`. Throws SayehError; beside what the task throws, what JobProcess.run does. */
  run<T extends TaskName>(
    task: T,
    given: Parameters<Tasks[T]>[0],
    file: string,
    hooks: Hooks = {},
  ): Promise<Awaited<ReturnType<Tasks[T]>>> {
    return this.#working.run(task, given, file, hooks as JobHooks) as never;
  }

  /** Shows a photo or film, see src/cli/picture-task.ts, until the signal ends it. Throws SayehError as `run` does. */
  async show(shown: Shown, hooks: ShowHooks): Promise<void> {
    await this.#showing.run('pictures', shown, shown.file, hooks as JobHooks);
  }

  /** Ends processes that worked and do nothing now. */
  rest(): void {
    this.#working.close();
  }

  close(): void {
    this.#working.close();
    this.#showing.close();
    void this.#early?.end();
  }
}
