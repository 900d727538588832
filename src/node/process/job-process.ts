import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SayehError, type SayehErrorCode } from '../../core/errors.ts';
import { removePartialsOf } from '../files/output-file.ts';
import { isolationLayers, type Layer, layerThatFailed } from './isolation.ts';
import { asThrown } from './job-failure.ts';
import { type FromJob, OVER_MEMORY, type ToJob } from './job-protocol.ts';
import { type Ask, Questions } from './questions.ts';

/** One thing for a job process to do. */
export interface Job {
  readonly task: string;
  /** Plain data. */
  readonly given: unknown;
  /** How errors name what is worked on. */
  readonly name: string;
  /**
   * Seconds without progress after which the process is given up. A job that serves may rest while nothing is asked.
   */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: never) => void) | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  /** The job answers from now on, until it is stopped by `signal`. */
  readonly onServing?: ((ask: Ask) => void) | undefined;
}

/** A process that is asked to stop has this long for it, in milliseconds. */
const STOP_WITHIN_MS = 3000;
/** Of what a process writes to standard error so much is kept, in characters, for who asks for details. */
const KEPT = 8192;
const TICK_MS = 1000;

/** Every process that is running, so that none outlives a command that ends in a hurry. */
const running = new Set<JobProcess>();

/** Ends every job process at once and removes what they had half-written. */
export async function endJobs(): Promise<void> {
  await Promise.all([...running].map((job) => job.end()));
}

/**
 * A process of its own for what decodes files, with a limit on its memory and, where the system allows it, without
 * network and privileges. A fault in native code ends it and nothing else. It does one job at a time and ends with its
 * parent. While it does nothing it does not keep its parent from ending.
 */
export class JobProcess {
  readonly #entry: URL;
  readonly #args: readonly string[];
  /** Bytes that may be resident. */
  readonly #limit: number;
  #layers: Layer[];
  #child!: ChildProcess;
  #said = '';
  #overMemory = false;
  #folder: string | undefined;
  #take: ((message: FromJob) => void) | undefined;
  #lost: ((ended: Ended) => void) | undefined;
  #unsent: ToJob | undefined;
  #ready = false;
  #ended: Promise<Ended>;
  #settle!: (ended: Ended) => void;
  #isLost = false;
  #ending = false;
  #jobs = 0;
  #memory = 0;

  private constructor(entry: URL, args: readonly string[], limit: number) {
    this.#entry = entry;
    this.#args = args;
    this.#limit = limit;
    this.#layers = isolationLayers(limit);
    this.#ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#spawn();
    running.add(this);
  }

  /** Starts `entry`, a script that calls `serveJobs`, and returns at once. `limit` is in bytes. */
  static start(entry: URL, args: readonly string[], limit: number): JobProcess {
    return new JobProcess(entry, args, limit);
  }

  /** Whether it has ended or is about to, by whatever cause. */
  get isLost(): boolean {
    return this.#isLost || this.#ending;
  }
  /** Jobs begun. */
  get jobs(): number {
    return this.#jobs;
  }
  /** Bytes that were resident after its last job. */
  get memory(): number {
    return this.#memory;
  }

  /**
   * Does a job and answers with its result. Throws SayehError: what the job throws; 'crashed' where the process ended
   * by itself; 'too-large' where it had more memory than it may; 'stalled' where nothing went on for too long;
   * 'aborted'. After the last four, whatever was half-written is removed. Questions that are open by then are rejected
   * with the same.
   */
  async run(job: Job): Promise<unknown> {
    const { task, given, name, patience, signal, onProgress, onNote, onServing } = job;
    this.#jobs++;
    this.#folder = undefined;
    this.#said = '';
    this.#keepParent(true);
    let stillFor = 0;
    let givenUp: 'stalled' | 'aborted' | undefined;
    const giveUp = (why: typeof givenUp) => {
      givenUp ??= why;
      this.#child.kill('SIGKILL');
    };
    // Counted in ticks: while this process stands still, as on Ctrl-Z, the other one does too.
    const questions = new Questions(
      (message) => this.#post(message),
      (failure) => asThrown(failure, name),
    );
    let isServing = false;
    const ticks = setInterval(() => {
      stillFor = isServing && !questions.areOpen ? 0 : stillFor + TICK_MS / 1000;
      if (stillFor > patience) giveUp('stalled');
    }, TICK_MS);
    let stopping: NodeJS.Timeout | undefined;
    const stop = () => {
      questions.end(signal?.reason);
      if (!this.#ready) return giveUp('aborted'); // it has not begun, so nothing is lost
      this.#post({ kind: 'stop' });
      stopping = setTimeout(() => giveUp('aborted'), STOP_WITHIN_MS);
    };
    try {
      const answer = await new Promise<FromJob | Ended>((resolve) => {
        this.#lost = resolve;
        this.#take = (message) => {
          stillFor = 0;
          if (message.kind === 'writes') this.#folder = message.folder;
          if (message.kind === 'progress') onProgress?.(message.progress as never);
          if (message.kind === 'note') onNote?.(message.note);
          if (message.kind === 'serving') {
            isServing = true;
            onServing?.(questions.ask);
          }
          if ('id' in message) questions.take(message);
          if (message.kind === 'done' || message.kind === 'failed') resolve(message);
        };
        if (this.isLost) void this.#ended.then(resolve);
        else this.#send({ kind: 'do', task, given, memory: this.#limit });
        if (signal?.aborted) stop();
        else signal?.addEventListener('abort', stop, { once: true });
      });
      switch (answer.kind) {
        case 'done':
          this.#memory = answer.memory;
          return answer.result;
        case 'failed':
          this.#memory = answer.memory;
          throw asThrown(answer.failure, name);
        case 'ended':
          throw signal?.aborted
            ? new SayehError('aborted', 'stopped before it was done')
            : givenUp === 'stalled'
              ? new SayehError('stalled', `${name}: given up, nothing went on for ${Math.round(patience)} s`)
              : this.#afterwards(answer, name);
        default:
          throw new SayehError('internal', 'a job process answered out of turn');
      }
    } catch (error) {
      questions.end(error);
      throw error;
    } finally {
      questions.end(new SayehError('internal', 'a job process does not answer any more'));
      clearInterval(ticks);
      clearTimeout(stopping);
      signal?.removeEventListener('abort', stop);
      this.#take = undefined;
      this.#lost = undefined;
      this.#keepParent(false);
    }
  }

  /** Ends it at once; whatever it had half-written is removed. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #spawn(): void {
    const command = [
      ...this.#layers.flatMap((layer) => layer.command),
      process.execPath,
      ...process.execArgv,
      fileURLToPath(this.#entry),
      ...this.#args,
    ];
    const child = spawn(command[0], command.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (text) => {
      said = `${said}${text}`.slice(-KEPT);
      this.#said = said;
    });
    // A process that ends breaks its pipes; that it ended is told elsewhere.
    for (const pipe of [child.stderr, child.stdio[4]]) pipe?.on('error', () => {});
    child.stdio[4]?.on('data' as never, (text: Buffer) => {
      if (String(text).includes(OVER_MEMORY)) this.#overMemory = true;
    });
    child.on('error', (error) => {
      said += error.message;
      if (child.pid === undefined) this.#gone(child, { kind: 'ended', code: null, signal: null }, said);
    });
    child.on('message', (message: FromJob) => {
      if (message.kind !== 'ready') return this.#take?.(message);
      this.#ready = true;
      if (this.#unsent) this.#post(this.#unsent);
      this.#unsent = undefined;
    });
    // `close` comes after all that it said has been read.
    child.on('close', (code, signal) => this.#gone(child, { kind: 'ended', code, signal }, said));
    this.#keepParent(this.#take !== undefined);
  }

  #gone(child: ChildProcess, ended: Ended, said: string): void {
    if (child !== this.#child || this.#isLost) return;
    if (!this.#ready && !child.killed && this.#layers.length > 0) {
      // It never began: something around it is not allowed here. Rather less isolation than no work at all.
      const failed = layerThatFailed(this.#layers, said);
      this.#layers = failed ? this.#layers.filter((layer) => layer !== failed) : [];
      this.#spawn();
      return;
    }
    this.#isLost = true;
    running.delete(this);
    if (this.#folder !== undefined && child.pid !== undefined) removePartialsOf(child.pid, this.#folder);
    this.#settle(ended);
    this.#lost?.(ended);
  }

  #send(message: ToJob): void {
    if (this.#ready) this.#post(message);
    else this.#unsent = message;
  }

  #post(message: ToJob): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #keepParent(keep: boolean): void {
    const { stderr, stdio, channel } = this.#child;
    for (const one of [this.#child, stderr as Socket | null, stdio[4] as unknown as Socket, channel])
      if (keep) one?.ref();
      else one?.unref();
  }

  /** What its end says about the file that it was working on. */
  #afterwards({ code, signal }: Ended, name: string): SayehError {
    const cause = new Error(`exit code ${code}, signal ${signal}\n${this.#said}`);
    cause.stack = cause.message;
    const say = (kind: SayehErrorCode, text: string) => new SayehError(kind, `${name}: ${text}`, { cause });
    const memory = `${(this.#limit / 2 ** 30).toFixed(1)} GiB`;
    if (this.#overMemory || /out of memory|bad_alloc|allocation failed/i.test(this.#said))
      return say('too-large', `it takes more than the ${memory} of memory that one file may have (--memory)`);
    if (signal === 'SIGKILL')
      return say('crashed', 'what was reading it was ended from outside, perhaps because memory ran out');
    return say(
      'crashed',
      `what was reading it crashed (${signal ?? `exit code ${code}`}); the file may be damaged, or made to do harm`,
    );
  }
}

interface Ended {
  readonly kind: 'ended';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
