import { SayehError, type SayehErrorCode } from '../core/errors.ts';
import type { MediaType } from '../core/media-type.ts';
import { coverRegion } from '../core/plan/cover-region.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ReportSettings } from '../core/report/report.ts';
import type { Language } from '../core/report/words/words.ts';
import { applyEdit } from '../core/review/apply-edit.ts';
import type { Edit } from '../core/review/edit.ts';
import { boxToFollow, type ToFollow, withFollowed } from '../core/review/followed-track.ts';
import { History } from '../core/review/history.ts';
import { planChanges } from '../core/review/plan-changes.ts';
import type { Protected } from '../pipeline/protect.ts';
import type {
  Changed,
  CodedTimes,
  Followed,
  PlanAnswer,
  Rendered,
  RenderSettings,
  SessionItem,
} from './api.ts';
import type { Autosave } from './autosave.ts';
import { FrameDesk } from './pictures/frame-desk.ts';
import type { Showing } from './pictures/picture-source.ts';
import { codeOf, wordsFor } from './words-for.ts';
import type { ReviewWork } from './work.ts';

/** One input: where it is, and what is said about it. */
export interface ItemSource {
  readonly index: number;
  readonly label: string;
  readonly file: string;
  readonly type: MediaType;
  readonly output: string;
}

/** Where a plan was when an edit was made for it is not where it is now. */
export class Stale extends Error {
  readonly revision: number;
  constructor(revision: number) {
    super('the plan has changed since');
    this.revision = revision;
  }
}

interface FrameAsked {
  readonly width?: number | undefined;
  readonly view: 'original' | 'protected';
  readonly style: RenderSettings['style'];
  readonly cover: RenderSettings['cover'];
  readonly crop?: Showing['crop'];
}

const USUAL_WIDTH = 1280;
/** Share of the frames counted after which the page is told again. */
const TELL_EVERY = 0.05;

/** A photo or film under review: its plan as edited so far, its frames, and what came of rendering it. */
export class ReviewItem {
  readonly source: ItemSource;
  readonly autosave: Autosave;
  readonly #work: ReviewWork;
  readonly #tell: () => void;
  #status: SessionItem['status'] = 'waiting';
  #progress: number | undefined;
  #error: string | undefined;
  #failure: SayehErrorCode | undefined;
  #history: History | undefined;
  #revision = 0;
  #desk: Promise<FrameDesk> | undefined;
  #unwanted = new AbortController();
  #closing: Promise<void> = Promise.resolve();
  #job: string | undefined;
  #rendered: Rendered | undefined;
  #result: { readonly protected: Protected; readonly settings: RenderSettings } | undefined;

  /** `tell` is called whenever what `summary` says has changed. */
  constructor(source: ItemSource, autosave: Autosave, work: ReviewWork, tell: () => void) {
    this.source = source;
    this.autosave = autosave;
    this.#work = work;
    this.#tell = tell;
  }

  get summary(): SessionItem {
    const film = this.#history?.plan.film;
    return {
      index: this.source.index,
      kind: this.source.type.kind,
      label: this.source.label,
      status: this.#status,
      progress: this.#progress,
      error: this.#error,
      width: film?.width ?? 0,
      height: film?.height ?? 0,
      frames: film?.frames ?? 0,
      frameRate: film?.frameRate ?? 0,
      job: this.#job,
      rendered: this.#rendered,
    };
  }

  get status(): SessionItem['status'] {
    return this.#status;
  }

  /** Why it cannot be reviewed, where it cannot. */
  get failure(): SayehErrorCode | undefined {
    return this.#failure;
  }

  get revision(): number {
    return this.#revision;
  }

  get result(): { readonly protected: Protected; readonly settings: RenderSettings } | undefined {
    return this.#result;
  }

  /** The plan of the moment. Throws SayehError('usage') before there is one. */
  get plan(): Plan {
    return this.#known().plan;
  }

  analysing(progress: number | undefined): void {
    this.#show('analysing', progress);
  }

  ready(plan: Plan, options: { save: boolean }): void {
    this.#history = new History(plan);
    this.#show('ready', undefined);
    if (options.save) this.autosave.save(plan);
  }

  failed(message: string, code: SayehErrorCode): void {
    this.#error = message;
    this.#failure = code;
    this.#show('failed', undefined);
  }

  renders(job: string | undefined): void {
    this.#job = job;
    this.#tell();
  }

  /** Notes what came of rendering. Returns true if the check of the written file changed the plan. */
  rendered(
    outcome: Rendered,
    result?: { readonly protected: Protected; readonly settings: RenderSettings; readonly from: Plan },
  ): boolean {
    this.#job = undefined;
    this.#rendered = outcome;
    if (result) this.#result = result;
    const mended = result !== undefined && result.from === this.plan && result.protected.plan !== result.from;
    if (mended) this.#change(result.protected.plan);
    this.#tell();
    return mended;
  }

  get planAnswer(): PlanAnswer {
    const { plan, canUndo, canRedo } = this.#known();
    return { revision: this.#revision, plan, canUndo, canRedo };
  }

  /** When each frame is shown: known once all frames are counted. */
  async times(): Promise<CodedTimes> {
    return (await this.desk()).source.times();
  }

  /** All edits or none. Throws Stale, and SayehError('usage') for an edit that makes no sense. */
  edit(revision: number, edits: readonly Edit[]): Changed {
    this.#check(revision);
    const { plan } = this.#known();
    return this.#change(edits.reduce(applyEdit, plan));
  }

  undo(revision: number): Changed {
    return this.#step(revision, (history) => history.undo(), 'undo');
  }

  redo(revision: number): Changed {
    return this.#step(revision, (history) => history.redo(), 'redo');
  }

  /** Follows a region and covers it. What is edited meanwhile stays. */
  async follow(
    {
      revision,
      frame,
      direction,
    }: { revision: number; frame: number; direction: 'both' | 'forwards' | 'backwards' },
    what: ToFollow,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<Followed> {
    this.#check(revision);
    const region = boxToFollow(this.plan, frame, what);
    const { source } = await this.desk();
    const { film, cuts } = this.plan;
    const asked = { scene: { film, cuts }, frame, region, direction };
    const path = await source.follow(asked, { signal, onProgress });
    signal.throwIfAborted();
    const { plan, track } = withFollowed(this.plan, frame, what, path);
    const { from, boxes, before, after } = path;
    return { ...this.#change(plan), track, from, to: from + boxes.length, before, after };
  }

  /** A frame as JPEG. */
  async frame(index: number, asked: FrameAsked, signal: AbortSignal): Promise<Uint8Array> {
    const desk = await this.desk();
    const width = asked.width ?? Math.min(USUAL_WIDTH, desk.source.width);
    return desk.picture(index, (frame) => this.#showing(frame, width, asked), signal);
  }

  /** The frames, opened at the first call. Throws SayehError. */
  desk(): Promise<FrameDesk> {
    this.#desk ??= this.#open().catch((error) => {
      this.#desk = undefined;
      throw error;
    });
    return this.#desk;
  }

  get isOpen(): boolean {
    return this.#desk !== undefined;
  }

  /** Lets go of the frames; the next call of `desk` opens them again. */
  closeDesk(): Promise<void> {
    const desk = this.#desk;
    this.#desk = undefined;
    this.#unwanted.abort();
    if (desk) this.#closing = desk.then((open) => open.close()).catch(() => {});
    return this.#closing;
  }

  /** The report on what was rendered last, as HTML. Throws SayehError('usage') where nothing was. */
  async report(language: Language, codec: ReportSettings['codec']): Promise<string> {
    if (!this.#result) throw new SayehError('usage', 'nothing was rendered yet');
    const { keepsName, reportOf } = await import('../pipeline/report.ts');
    const { htmlReport } = await import('../core/report/html.ts');
    const { file, output } = this.source;
    const { protected: result, settings } = this.#result;
    const one = await this.#work.reportOn({ number: this.source.index + 1, input: file, output, result });
    const names = keepsName(file, output) ? 'kept' : one.name === undefined ? 'chosen' : 'neutral';
    return htmlReport(await reportOf([one], { ...settings, codec, names }), language);
  }

  async #open(): Promise<FrameDesk> {
    const { film } = this.#known().plan;
    const { file, type } = this.source;
    this.#unwanted = new AbortController();
    const { signal } = this.#unwanted;
    await this.#closing;
    let told = 0;
    const onProgress = (done: number, total: number) => {
      const progress = done / total;
      if (progress - told < TELL_EVERY) return;
      told = progress;
      this.#show('ready', progress);
    };
    try {
      const onLost = () => void this.closeDesk(); // whoever asks next finds out whether it can be opened again
      const source = await this.#work.openPictures({ file, type, film }, { signal, onProgress, onLost });
      if (this.#status === 'failed') this.#openedAgain();
      // Pictures come before all frames are counted; that they are the plan's is known only then.
      source.times().then(
        () => told > 0 && this.#show('ready', undefined),
        (error) => this.#cannotOpen(error),
      );
      return new FrameDesk(source);
    } catch (error) {
      this.#cannotOpen(error);
      throw error;
    }
  }

  #cannotOpen(error: unknown): void {
    // It was closed meanwhile.
    if (codeOf(error) === 'aborted' || (error instanceof DOMException && error.name === 'AbortError')) return;
    this.failed(wordsFor(error, this.source.file), codeOf(error));
  }

  #openedAgain(): void {
    this.#error = undefined;
    this.#failure = undefined;
    this.#show('ready', undefined);
  }

  #showing(frame: number, width: number, { view, style, cover, crop }: FrameAsked): Showing {
    if (view === 'original') return { width, crop };
    const regions = this.plan.tracks
      .filter((track) => track.decision === 'cover')
      .filter((track) => frame >= track.from && frame < track.from + track.boxes.length)
      .map((track) => coverRegion(track, frame, cover));
    return { width, crop, covers: { regions, style } };
  }

  #step(revision: number, step: (history: History) => boolean, what: string): Changed {
    this.#check(revision);
    const history = this.#known();
    const before = history.plan;
    if (!step(history)) throw new SayehError('usage', `there is nothing to ${what}`);
    return this.#changed(before);
  }

  #change(plan: Plan): Changed {
    const history = this.#known();
    const before = history.plan;
    history.change(plan);
    return this.#changed(before);
  }

  #changed(before: Plan): Changed {
    const { plan, canUndo, canRedo } = this.#known();
    if (plan !== before) {
      this.#revision++;
      this.autosave.save(plan);
    }
    return { revision: this.#revision, ...planChanges(before, plan), canUndo, canRedo };
  }

  #check(revision: number): void {
    if (revision !== this.#revision) throw new Stale(this.#revision);
  }

  #known(): History {
    if (!this.#history) throw new SayehError('usage', 'this is not analysed yet');
    return this.#history;
  }

  #show(status: SessionItem['status'], progress: number | undefined): void {
    this.#status = status;
    this.#progress = progress;
    this.#tell();
  }
}
