import { open } from 'node:fs/promises';
import type { Plan } from '../core/plan/plan.ts';
import { asUnwritable, publish } from '../node/files/output-file.ts';
import { planText } from './plan-text.ts';

/** A person's next click is waited for so long. */
const SETTLE_MS = 400;
/** Writing takes at most this share of the time: a plan of a long film is tens of megabytes. */
const SHARE = 0.1;

/**
 * Writes a plan whenever it has changed, to one place, readable by its owner alone; each time whole under another
 * name first, so that the last one is there whatever happens. A plan holds geometry and decisions, no pictures.
 */
export class Autosave {
  readonly file: string;
  readonly #told: (problem: string | undefined) => void;
  #next: Plan | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #notBefore = 0;
  #problem: string | undefined;
  #saved = false;

  /** `told` hears what keeps a plan from being saved, and undefined once one could be again. */
  constructor(file: string, told: (problem: string | undefined) => void) {
    this.file = file;
    this.#told = told;
  }

  /** Whether the file holds a plan of this session. */
  get saved(): boolean {
    return this.#saved;
  }

  save(plan: Plan): void {
    this.#next = plan;
    const wait = Math.max(SETTLE_MS, this.#notBefore - performance.now());
    this.#timer ??= setTimeout(() => void this.flush(), wait);
  }

  /** Writes what is not written yet; never throws. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const plan = this.#next;
    this.#next = undefined;
    if (plan) this.#writing = this.#writing.then(() => this.#write(plan));
    return this.#writing;
  }

  async #write(plan: Plan): Promise<void> {
    const began = performance.now();
    let problem: string | undefined;
    try {
      await publish(this.file, { overwrite: true }, ({ partial }) => this.#writeTo(partial, plan));
    } catch (error) {
      problem = error instanceof Error ? error.message : 'the plan could not be written';
    }
    this.#saved ||= problem === undefined;
    const now = performance.now();
    this.#notBefore = now + (now - began) / SHARE;
    if (problem !== this.#problem) this.#told(problem);
    this.#problem = problem;
  }

  async #writeTo(partial: string, plan: Plan): Promise<void> {
    const handle = await open(partial, 'r+').catch((error) => {
      throw asUnwritable(error, this.file);
    });
    try {
      for (const piece of planText(plan)) await handle.write(piece);
    } catch (error) {
      throw asUnwritable(error, this.file);
    } finally {
      await handle.close();
    }
  }
}
