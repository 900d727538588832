import type { Failure, FromJob, ToJob } from './job-protocol.ts';

export interface AskOptions {
  /** Whoever asked no longer waits once this is aborted; the job goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: never) => void) | undefined;
}

/**
 * Asks something of a job that serves, plain data in and out; several questions may be open at a time. Rejects with
 * what went wrong, with what ended the job, or at once with the signal's reason.
 */
export type Ask = (what: string, given: unknown, options?: AskOptions) => Promise<unknown>;

interface Open {
  readonly settle: () => void;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (why: unknown) => void;
  readonly onProgress: AskOptions['onProgress'];
}

/** The questions to one job that it has not answered yet. */
export class Questions {
  readonly #post: (message: ToJob) => void;
  readonly #thrown: (failure: Failure) => Error;
  readonly #open = new Map<number, Open>();
  #asked = 0;
  #over: { readonly why: unknown } | undefined;

  /** `thrown` makes an error of what went wrong on the other side. */
  constructor(post: (message: ToJob) => void, thrown: (failure: Failure) => Error) {
    this.#post = post;
    this.#thrown = thrown;
  }

  get areOpen(): boolean {
    return this.#open.size > 0;
  }

  readonly ask: Ask = (what, given, { signal, onProgress } = {}) =>
    new Promise((resolve, reject) => {
      if (this.#over) return reject(this.#over.why);
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#asked++;
      const leave = () => {
        settle();
        this.#post({ kind: 'leave', id });
        reject(signal?.reason);
      };
      const settle = () => {
        this.#open.delete(id);
        signal?.removeEventListener('abort', leave);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#open.set(id, { settle, resolve, reject, onProgress });
      this.#post({ kind: 'ask', id, what, given });
    });

  take(message: Extract<FromJob, { readonly id: number }>): void {
    const one = this.#open.get(message.id);
    if (!one) return; // nobody waits for it any more
    if (message.kind === 'going') one.onProgress?.(message.progress as never);
    else this.#close(one, message);
  }

  /** Nothing more will be answered; the first reason given is the one that is told. */
  end(why: unknown): void {
    this.#over ??= { why };
    for (const one of [...this.#open.values()]) {
      one.settle();
      one.reject(this.#over.why);
    }
  }

  #close({ settle, resolve, reject }: Open, ending: Extract<FromJob, { kind: 'answer' | 'refusal' }>): void {
    settle();
    if (ending.kind === 'answer') resolve(ending.answer);
    else reject(this.#thrown(ending.failure));
  }
}
