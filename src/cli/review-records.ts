import type { SayehError } from '../core/errors.ts';
import type { ReportSettings } from '../core/report/report.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { Witness } from './with-evidence.ts';
import type { RunReport } from './with-report.ts';

/** What a run writes down beside its files. */
export interface RunRecords {
  readonly report: RunReport;
  readonly witness: Witness;
}

/** What was published of one input, and how it was asked for. */
export interface Published {
  readonly protected: Protected;
  readonly settings: Pick<ReportSettings, 'style' | 'cover' | 'audio'>;
}

/**
 * Takes one input of a review to the run's report and evidence, by the rules of `protect`: the original is looked at
 * before anything is published of it. A review may render a file several times; what is written down when it ends is
 * the rendering that was published last.
 */
export class ReviewRecord {
  readonly #begun = deferred<void>();
  readonly #looked = deferred<void>();
  readonly #outcome = deferred<Published>();
  readonly #written: Promise<void>;

  constructor(file: string, output: string, { report, witness }: RunRecords) {
    this.#written = report.input(file, async (published) => {
      await this.#begun.promise;
      await witness(file, output, async () => {
        this.#looked.resolve();
        const { protected: result, settings } = await this.#outcome.promise;
        return published(output, result, settings);
      });
    });
    this.#written.catch(this.#looked.reject);
  }

  /** To be waited for before the input is rendered. Throws SayehError where nothing may be published of it. */
  before(): Promise<void> {
    this.#begun.resolve();
    return this.#looked.promise;
  }

  /** Writes down what was published, or why nothing was. Throws what went wrong in either case. */
  async end(outcome: Published | SayehError): Promise<void> {
    if ('protected' in outcome) this.#outcome.resolve(outcome);
    else {
      this.#outcome.reject(outcome);
      this.#begun.reject(outcome);
    }
    await this.#written;
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** A promise that is settled from outside; nobody need be there to hear that it was rejected. */
function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...(settle as Omit<Deferred<T>, 'promise'>) };
}
