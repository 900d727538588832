import { SayehError } from '../../core/errors.ts';
import { asFailure } from './job-failure.ts';
import type { FromJob, ToJob } from './job-protocol.ts';

/** What who answers a question may tell and is told meanwhile. */
export interface Asked {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  onProgress(progress: unknown): void;
}

/** What a job can be asked for while it serves, by name; several may be under way at a time. */
export type Answering = Readonly<Record<string, (given: never, asked: Asked) => Promise<unknown>>>;

/** Answers the questions to a job of this process. */
export class Answers {
  readonly #say: (message: FromJob) => void;
  readonly #underWay = new Map<
    number,
    { readonly controller: AbortController; readonly done: Promise<void> }
  >();
  #answering: Answering | undefined;

  constructor(say: (message: FromJob) => void) {
    this.#say = say;
  }

  /** Answers until the signal is aborted and what was under way has ended. */
  async serve(answering: Answering, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#answering = answering;
    this.#say({ kind: 'serving' });
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.#answering = undefined;
    const left = [...this.#underWay.values()];
    for (const { controller } of left) controller.abort();
    await Promise.all(left.map(({ done }) => done));
  }

  take(message: Extract<ToJob, { readonly id: number }>): void {
    if (message.kind === 'leave') this.#underWay.get(message.id)?.controller.abort();
    else this.#begin(message);
  }

  #begin(question: Extract<ToJob, { kind: 'ask' }>): void {
    const controller = new AbortController();
    const done = this.#answer(question, controller.signal).finally(() => this.#underWay.delete(question.id));
    this.#underWay.set(question.id, { controller, done });
  }

  async #answer({ id, what, given }: Extract<ToJob, { kind: 'ask' }>, signal: AbortSignal): Promise<void> {
    try {
      const answering = this.#answering ?? {};
      if (!Object.hasOwn(answering, what)) throw new SayehError('internal', `nothing answers to ${what}`);
      const onProgress = (progress: unknown) => this.#say({ kind: 'going', id, progress });
      const answer = await answering[what](given as never, { signal, onProgress });
      this.#say({ kind: 'answer', id, answer });
    } catch (error) {
      this.#say({ kind: 'refusal', id, failure: asFailure(error) });
    }
  }
}
