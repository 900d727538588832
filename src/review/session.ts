import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { DetectorName, Sensitivity } from '../core/detect/catalogue.ts';
import { SayehError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { VideoCodec } from '../node/media/video/codecs.ts';
import type { Progress } from '../pipeline/progress.ts';
import type { Rendered, RenderSettings, Session } from './api.ts';
import { Autosave } from './autosave.ts';
import { Events } from './events.ts';
import { type ItemSource, ReviewItem } from './item.ts';
import { codeOf, wordsFor } from './words-for.ts';
import type { ReviewWork } from './work.ts';

/** One file to review. */
export interface ReviewInput extends Omit<ItemSource, 'index'> {
  /** Where the plan is kept while it is edited. */
  readonly planFile: string;
  /** A plan that was made before; without one the file is analysed. */
  readonly plan?: Plan | undefined;
}

export interface ReviewOptions {
  readonly work: ReviewWork;
  readonly version: string;
  readonly settings: RenderSettings;
  readonly sensitivity: Sensitivity;
  readonly every?: number | undefined;
  readonly detector: DetectorName;
  readonly videoCodec: VideoCodec;
  readonly threads: number;
  /** Replace files that are already there. */
  readonly overwrite: boolean;
  /** Waited for before an input is rendered; nothing is written of it if that fails. */
  readonly beforeRender?: ((index: number) => Promise<void> | undefined) | undefined;
  /** Hears what the terminal shows. */
  readonly onProgress?: ((file: string, progress: Progress) => void) | undefined;
}

/** Films and photos whose frames are held open at a time: each may hold a few hundred megabytes. */
const MOST_OPEN = 2;
/** Progress is told at most this often. */
const TELL_EVERY_MS = 200;

interface Job {
  readonly item: ReviewItem;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** What the server serves: the inputs under review, and the work that goes on with them. */
export class ReviewSession {
  readonly items: readonly ReviewItem[];
  readonly events = new Events();
  readonly options: ReviewOptions;
  readonly #inputs: readonly ReviewInput[];
  readonly #jobs = new Map<string, Job>();
  readonly #stop = new AbortController();
  /** Numbers of the items asked for, the latest last. */
  #used: number[] = [];
  #analysing: Promise<void> | undefined;
  #rendering: Promise<void> = Promise.resolve();
  #written = new Set<number>();

  constructor(inputs: readonly ReviewInput[], options: ReviewOptions) {
    this.#inputs = inputs;
    this.options = options;
    this.items = inputs.map(({ planFile, plan: _, ...source }, index) => {
      const told = (problem: string | undefined) =>
        this.events.send({ type: 'saving', item: index, problem });
      const item: ReviewItem = new ReviewItem(
        { ...source, index },
        new Autosave(planFile, told),
        options.work,
        () => this.events.send({ type: 'item', item: item.summary }),
      );
      return item;
    });
  }

  get summary(): Session {
    const { version, settings } = this.options;
    return { version, settings, items: this.items.map(({ summary }) => summary) };
  }

  /** Analyses what has no plan yet, one after the other. */
  start(): void {
    this.#analysing ??= this.#analyseAll().finally(() => {
      this.#analysing = undefined;
      return this.#rest();
    });
  }

  /** True while something goes on that must be finished even if nobody looks. */
  get isRendering(): boolean {
    return this.#jobs.size > 0;
  }

  get isAnalysing(): boolean {
    return this.#analysing !== undefined;
  }

  /** The item of that number, its frames the last to be closed. */
  item(index: number): ReviewItem | undefined {
    const item = this.items[index];
    if (!item) return undefined;
    if (this.#used.at(-1) !== index) {
      this.#used = [...this.#used.filter((other) => other !== index), index];
      const open = this.#used.filter((other) => other === index || this.items[other].isOpen);
      for (const other of open.slice(0, -MOST_OPEN)) void this.items[other].closeDesk();
    }
    return item;
  }

  /** Renders the plan of the moment; answers the job's name. Throws SayehError('usage') if it is being rendered. */
  render(item: ReviewItem, settings: RenderSettings): string {
    if (item.summary.job) throw new SayehError('usage', 'this is being rendered already');
    const { plan, revision } = item;
    const job = randomBytes(8).toString('hex');
    const controller = new AbortController();
    item.renders(job);
    // One at a time: a film takes all processors there are.
    const done = this.#rendering.then(() =>
      this.#render(item, job, plan, revision, settings, controller.signal),
    );
    this.#rendering = done;
    this.#jobs.set(job, { item, controller, done });
    return job;
  }

  /** False where there is no such job. */
  stop(job: string): boolean {
    const found = this.#jobs.get(job);
    found?.controller.abort();
    return found !== undefined;
  }

  /** Stops all work, saves all plans and lets go of all frames. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const { controller } of this.#jobs.values()) controller.abort();
    await Promise.allSettled([this.#analysing, ...[...this.#jobs.values()].map(({ done }) => done)]);
    await Promise.all(this.items.map((item) => item.autosave.flush()));
    await Promise.all(this.items.map((item) => item.closeDesk()));
    this.events.close();
  }

  async #analyseAll(): Promise<void> {
    for (const item of this.items) {
      if (this.#stop.signal.aborted) return;
      const { plan } = this.#inputs[item.source.index];
      if (plan) item.ready(plan, { save: false });
      else await this.#analyse(item);
      this.#openEarly(item);
    }
  }

  /** Networks hold memory that the frames want while somebody looks. */
  async #rest(): Promise<void> {
    if (!this.isAnalysing && !this.isRendering) await this.options.work.rest();
  }

  /** The first to be ready is what the page opens first: its frames are counted before anybody asks. */
  #openEarly(item: ReviewItem): void {
    if (item.status !== 'ready' || this.items.some(({ isOpen }) => isOpen)) return;
    this.item(item.source.index)
      ?.desk()
      .catch(() => {}); // the item says itself what is wrong with it
  }

  async #analyse(item: ReviewItem): Promise<void> {
    const { file } = item.source;
    const { work, sensitivity, every, detector, onProgress } = this.options;
    const tell = atMostEvery(TELL_EVERY_MS, ({ done, total }: Progress) =>
      item.analysing(total ? Math.min(1, done / total) : undefined),
    );
    try {
      item.analysing(0);
      const plan = await work.analyse(file, {
        sensitivity,
        every,
        detector,
        signal: this.#stop.signal,
        onProgress: (progress) => {
          onProgress?.(file, progress);
          tell(progress);
        },
      });
      item.ready(plan, { save: true });
    } catch (error) {
      if (!this.#stop.signal.aborted) item.failed(wordsFor(error, file), codeOf(error));
    }
  }

  async #render(
    item: ReviewItem,
    job: string,
    plan: Plan,
    revision: number,
    settings: RenderSettings,
    signal: AbortSignal,
  ): Promise<void> {
    const { index, file, output } = item.source;
    const { work, videoCodec, threads, overwrite, onProgress } = this.options;
    let result: Rendered;
    let mended = false;
    const tell = atMostEvery(TELL_EVERY_MS, ({ phase, done, total }: Progress) =>
      this.events.send({
        type: 'progress',
        item: index,
        job,
        phase: phase === 'check' ? 'check' : 'render',
        done,
        total,
      }),
    );
    try {
      await this.options.beforeRender?.(index);
      const written = await work.render(file, plan, output, {
        ...settings,
        videoCodec,
        threads,
        overwrite: overwrite || this.#written.has(index), // what this session wrote it may write again
        signal,
        onProgress: (progress) => {
          onProgress?.(file, progress);
          tell(progress);
        },
      });
      this.#written.add(index);
      const { framesCovered, sound, warnings, check } = written;
      const name = path.basename(output);
      result = { status: 'done', name, revision, framesCovered, sound, check, warnings };
      mended = item.rendered(result, { protected: written, settings, from: plan });
    } catch (error) {
      const code = codeOf(error);
      result =
        signal.aborted || code === 'aborted'
          ? { status: 'stopped' }
          : { status: 'failed', code, message: wordsFor(error, file) };
      item.rendered(result);
    }
    this.#jobs.delete(job);
    this.events.send({ type: 'rendered', item: index, job, result });
    if (mended) this.events.send({ type: 'plan', item: index, revision: item.revision });
    await this.#rest();
  }
}

function atMostEvery<T>(milliseconds: number, call: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    const now = performance.now();
    if (now - last < milliseconds) return;
    last = now;
    call(value);
  };
}
