import './reports-off.ts';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import type { Detection } from '../../core/detect/detection.ts';
import type { RgbPicture } from '../../core/detect/detector.ts';
import { SayehError, type SayehErrorCode } from '../../core/errors.ts';

/** To a worker: a picture to look at. Its bytes move there and come back with the answer. */
export interface DetectRequest {
  readonly id: number;
  readonly network: DetectorName;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly threshold: number;
}

/** To a worker: finish the picture at hand, forget those that wait, and end. */
export interface StopRequest {
  readonly stop: true;
}

/** From a worker: ready to begin, an answer, or a failure. */
export type DetectReply =
  | { readonly kind: 'ready'; readonly sizeMultiples: ReadonlyMap<DetectorName, number> }
  | {
      readonly kind: 'found';
      readonly id: number;
      readonly detections: Detection[];
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'failed';
      readonly id: number | undefined;
      readonly code: SayehErrorCode;
      readonly message: string;
    };

interface Waiting {
  readonly resolve: (answer: { detections: Detection[]; data: Uint8Array }) => void;
  readonly reject: (error: Error) => void;
}

// From source (tests) the compiled worker is used: a worker thread of Node 20 cannot load TypeScript.
const WORKER = new URL(
  import.meta.url.endsWith('.ts')
    ? '../../../dist/node/inference/detector-worker.js'
    : './detector-worker.js',
  import.meta.url,
);

/**
 * Detectors on several worker threads, single-threaded networks on each: that keeps all cores busy with whole
 * pictures, which is faster than splitting each picture's arithmetic, and leaves the caller's thread free.
 * Thresholds and scores are on the common scale (core/detect/score-scale.ts).
 */
export class DetectorPool {
  /** How many pictures are looked at side by side. */
  readonly size: number;
  readonly #sizeMultiples: ReadonlyMap<DetectorName, number>;
  readonly #workers: readonly Worker[];
  readonly #load: number[];
  readonly #waiting = new Map<number, Waiting & { readonly worker: number }>();
  #nextId = 0;
  #failure: Error | undefined;

  private constructor(workers: readonly Worker[], sizeMultiples: ReadonlyMap<DetectorName, number>) {
    this.size = workers.length;
    this.#sizeMultiples = sizeMultiples;
    this.#workers = workers;
    this.#load = workers.map(() => 0);
    for (const [index, worker] of workers.entries()) {
      worker.on('message', (reply: DetectReply) => this.#take(reply));
      worker.on('error', (cause) => this.#fail(asError(cause)));
      worker.on('exit', () => this.#fail(new SayehError('internal', `detector worker ${index} ended`)));
    }
  }

  /** Starts the workers and waits until every one has its networks loaded. */
  static async start(
    networks: readonly DetectorName[],
    size = availableParallelism(),
  ): Promise<DetectorPool> {
    const workers = Array.from(
      { length: size },
      () => new Worker(WORKER, { workerData: [...new Set(networks)], execArgv: [] }),
    );
    try {
      const [sizeMultiples] = await Promise.all(workers.map(ready));
      return new DetectorPool(workers, sizeMultiples);
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    }
  }

  /** What the sides of pictures for this network must be multiples of. Throws for one that was not started. */
  sizeMultiple(network: DetectorName): number {
    const multiple = this.#sizeMultiples.get(network);
    if (!multiple) throw new SayehError('internal', `the pool was started without ${network}`);
    return multiple;
  }

  /**
   * Looks at a picture on the least busy worker. `picture.data` is handed over: it must own its whole buffer,
   * and the answer gives it back for reuse.
   */
  detect(
    network: DetectorName,
    picture: RgbPicture,
    threshold: number,
  ): Promise<{ detections: Detection[]; data: Uint8Array }> {
    if (this.#failure) return Promise.reject(this.#failure);
    const worker = this.#load.indexOf(Math.min(...this.#load));
    const id = this.#nextId++;
    const request: DetectRequest = { id, network, threshold, ...picture };
    this.#load[worker]++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, worker });
      this.#workers[worker].postMessage(request, [picture.data.buffer as ArrayBuffer]);
    });
  }

  /** Ends the workers once each is done with the picture at hand. Pictures that wait are not looked at. */
  async close(): Promise<void> {
    this.#fail(new SayehError('internal', 'the detector pool is closed'));
    await Promise.all(this.#workers.map(ended));
  }

  #take(reply: DetectReply): void {
    if (reply.kind === 'ready') return;
    if (reply.kind === 'failed' && reply.id === undefined) {
      this.#fail(new SayehError(reply.code, reply.message));
      return;
    }
    const waiting = this.#waiting.get(reply.id as number);
    if (!waiting) return;
    this.#waiting.delete(reply.id as number);
    this.#load[waiting.worker]--;
    if (reply.kind === 'found') waiting.resolve(reply);
    else waiting.reject(new SayehError(reply.code, reply.message));
  }

  /** A lost worker loses pictures, so the whole pool is lost: nothing may go on without their answers. */
  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

function ready(worker: Worker): Promise<ReadonlyMap<DetectorName, number>> {
  return new Promise((resolve, reject) => {
    worker.once('error', (cause) => reject(asError(cause)));
    worker.once('message', (reply: DetectReply) => {
      if (reply.kind === 'ready') resolve(reply.sizeMultiples);
      else if (reply.kind === 'failed') reject(new SayehError(reply.code, reply.message));
    });
  });
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId < 0) resolve(); // it has ended already
    worker.once('exit', () => resolve());
    const request: StopRequest = { stop: true };
    worker.postMessage(request);
  });
}

function asError(cause: unknown): Error {
  return cause instanceof SayehError
    ? cause
    : new SayehError('internal', 'a detector worker failed', { cause });
}
