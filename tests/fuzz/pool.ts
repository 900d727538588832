import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../bench/places.ts';
import type { Depth, Execution } from './execution.ts';
import type { Witness } from './witness.ts';

/** How a damaged file fared. */
export interface Result {
  /** By command: `done`, or the code of the error. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** What must never happen, if it did. */
  readonly faults: readonly string[];
  /** Processor time, user and system, in milliseconds. */
  readonly ms: number;
  /** What the process grew by at most, in MiB. */
  readonly growth: number;
}

/** What one file may cost; more is a finding. */
export interface Budget {
  readonly ms: number;
  readonly megabytes: number;
}
export const BUDGETS: Readonly<Record<Depth, Budget>> = {
  strip: { ms: 2000, megabytes: 384 },
  decode: { ms: 20_000, megabytes: 1536 },
  protect: { ms: 90_000, megabytes: 3072 },
};

const PHOTOS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heif']);
/** FFmpeg decodes a film's first pictures to tell what they are, at up to 268 million pixels each, in MiB. */
const PROBING = 1536;
/** Memory over which a process is ended at once, in MiB. */
const END_OVER = 6144;
/** Files after which a process gives way to a fresh one. */
const TURN = 400;
/** Wall time without an answer after which a process is taken to hang; a busy machine is no fault. */
const PATIENCE = { strip: 90_000, decode: 300_000, protect: 600_000 } satisfies Record<Depth, number>;
/** The folder's name is one that no message may hold. */
const FOLDER = 'secret-folder';

/** A process that takes damaged files, one after the other, and is started anew when it dies. */
export class Lane {
  readonly #folder: string;
  readonly #witness: Witness | undefined;
  readonly #budgets: Readonly<Record<Depth, Budget>>;
  #child: ChildProcess | undefined;
  #printed = '';
  #taken = 0;

  constructor(folder: string, witness: Witness | undefined, budgets = BUDGETS) {
    this.#folder = path.join(folder, FOLDER);
    fs.mkdirSync(this.#folder, { recursive: true });
    this.#witness = witness;
    this.#budgets = budgets;
  }

  async execute(execution: Execution): Promise<Result> {
    const input = path.join(this.#folder, 'input');
    const output = path.join(this.#folder, 'output');
    fs.rmSync(output, { recursive: true, force: true });
    fs.mkdirSync(output);
    fs.writeFileSync(input, execution.bytes);
    const [stripped, covered] = ['stripped', 'protected'].map((name) => path.join(output, name));
    const request = { input, stripped, protected: covered, depth: execution.depth };
    const result = await this.#ask(request, execution.depth);
    const faults = [...result.faults, ...this.#printing()];
    const budget = this.#budgets[execution.depth];
    const megabytes = Math.max(budget.megabytes, PHOTOS.has(execution.format) ? 0 : PROBING);
    if (result.ms > budget.ms) faults.push(`${Math.round(result.ms)} ms of processor time`);
    if (result.growth > megabytes) faults.push(`${Math.round(result.growth)} MiB`);
    const written = { stripped: result.outcomes.strip, protected: result.outcomes.protect };
    const expected = Object.entries(written).flatMap(([name, outcome]) => (outcome === 'done' ? [name] : []));
    const there = fs.readdirSync(output).sort();
    if (result.outcomes.died === undefined && there.join() !== expected.sort().join())
      faults.push(
        `${there.join(' and ') || 'nothing'} written, where it should be ${expected.join(' and ') || 'nothing'}`,
      );
    if (!fs.readFileSync(input).equals(execution.bytes)) faults.push('the input was changed');
    if (this.#witness && execution.witnessed)
      for (const name of expected) {
        const told = await this.#witness.tellingTags(path.join(output, name));
        if (told.length > 0) faults.push(`exiftool reads in what is ${name}: ${told.slice(0, 8).join(', ')}`);
      }
    return { ...result, faults };
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  }

  async #ask(request: object, depth: Depth): Promise<Result> {
    if (this.#taken++ % TURN === TURN - 1) await this.close();
    const child = this.#child ?? (await this.#start());
    return new Promise((resolve) => {
      const died = (why: string) => {
        this.#child = undefined;
        resolve({
          outcomes: { died: why },
          faults: [`${why}${this.#printed ? `: ${this.#printed.slice(-500)}` : ''}`],
          ms: 0,
          growth: 0,
        });
      };
      let reason: string | undefined;
      const end = (why: string) => {
        reason = why;
        child.kill('SIGKILL');
      };
      const watch = setInterval(() => {
        if (memoryOf(child) > END_OVER) end(`more than ${END_OVER} MiB`);
      }, 100);
      const patience = setTimeout(() => end(`no answer in ${PATIENCE[depth] / 1000} s`), PATIENCE[depth]);
      const settle = () => {
        clearInterval(watch);
        clearTimeout(patience);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
      };
      child.once('message', (message) => {
        settle();
        resolve(message as Result);
      });
      child.once('exit', (code, signal) => {
        settle();
        died(reason ?? `the process died: ${signal ?? code}`);
      });
      child.send(request);
    });
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(path.join(ROOT, 'tests/fuzz/child.js'), [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        this.#printed = (this.#printed + text).slice(-4000);
      });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code, signal) =>
        reject(new Error(`the process did not start: ${signal ?? code} ${this.#printed}`)),
      );
    });
    child.removeAllListeners('exit');
    return child;
  }

  /** What was printed since the last file: a library that speaks past Sayeh may name anything. */
  #printing(): string[] {
    const printed = this.#printed.trim();
    this.#printed = '';
    return printed ? [`printed: ${printed.slice(0, 300)}`] : [];
  }
}

function memoryOf({ pid }: ChildProcess): number {
  try {
    const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / 2 ** 20;
  } catch {
    return 0; // not Linux, or just gone
  }
}
