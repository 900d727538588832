import { cpus } from 'node:os';
import {
  type CheckpointRecord,
  decodeRecord,
  encodeRecord,
  type LookAgain,
  type LookedAtFrame,
  sameMotion,
} from '../core/checkpoint/record.ts';
import type { DetectorName, Sensitivity } from '../core/detect/catalogue.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Look } from '../core/track/frame-looks.ts';
import { type FrameSpan, spansWhere } from '../core/track/frame-span.ts';
import { LookStore } from '../core/track/look-store.ts';
import { toolIdentity } from '../node/evidence/tool-identity.ts';
import type { CheckpointFiles } from '../node/files/checkpoint-files.ts';
import type { SealedLog } from '../node/files/sealed-log.ts';
import type { OnNote } from './progress.ts';

/** Never more often than this, in milliseconds. */
const SHORTEST_PAUSE = 1000;
/** Writing takes at most this share of the time. */
const SHARE = 0.01;
/** A run that was stopped ends within this, in milliseconds; one that does not is still at work. */
const ENDING = 5000;
/** Frames in one record at most. */
const MOST_FRAMES = 4096;

/** What decides, beside the film itself, what an analysis finds. */
export interface AnalysisSettings {
  readonly detector: DetectorName;
  readonly sensitivity: Sensitivity;
  readonly every: number | undefined;
}

/** A frame of the first pass as the analysis keeps it. */
interface Frame {
  readonly motion: LookedAtFrame['motion'];
  readonly looks: Look[];
}

/**
 * Keeps what the analysis of a film has found so far on the disk, so that a run after this one need not look again.
 * Nothing else is kept: which frames to look at, and what follows from the looks, is worked out anew from the film and
 * the kept looks, by the same code, so that the plan is the one of an unbroken run. A run whose checkpoint does not
 * fit, is damaged or cannot be written goes on without.
 */
export class AnalysisCheckpoint {
  readonly #files: CheckpointFiles;
  readonly #settings: AnalysisSettings;
  readonly #tell: OnNote;
  readonly #store = new LookStore();
  #log: SealedLog | undefined;
  /** Frames of an earlier run. */
  #kept: Frame[] = [];
  #film: Plan['film'] | undefined;
  readonly #keptAgain = new Map<number, Look>();
  /** Frames of this run, those recalled included. */
  #frames: readonly Frame[] = [];
  /** Frames of this run whose looks are not answered yet. */
  readonly #open = new Set<number>();
  /** So many frames were handed over to be written, and so many are in the file. */
  #written = 0;
  #safe = 0;
  #end: CheckpointRecord | undefined;
  #again: LookAgain[] = [];
  #writing: Promise<void> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #startOver = false;

  constructor(files: CheckpointFiles, settings: AnalysisSettings, tell: OnNote) {
    this.#files = files;
    this.#settings = settings;
    this.#tell = tell;
  }

  /** Looks for what an earlier run left. Returns its first pass, if it came to the end of that. */
  async begin(): Promise<{ frames: Frame[]; film: Plan['film'] } | undefined> {
    const other = await this.#files.othersOver(ENDING);
    if (other !== undefined)
      this.#tell(`another run is at work on this film, and ${other} is its own: looking anew beside it`);
    const [left] = await this.#files.left();
    if (left !== undefined) await this.#takeOver(left);
    await this.#files.removeLeft();
    this.#due = performance.now() + SHORTEST_PAUSE;
    const film = this.#film;
    return film && { frames: this.#kept, film };
  }

  /**
   * Gives a frame of the first pass the looks that an earlier run took at it. False for a frame that it did not come
   * to. The motion is that of this run: where it differs the film was decoded otherwise, and nothing more is taken.
   */
  recall(index: number, { motion, looks }: Frame): boolean {
    const known = this.#kept[index];
    if (!known) return false;
    if (sameMotion(known.motion, motion)) {
      looks.push(...known.looks);
      return true;
    }
    this.#tell(
      `from frame ${index} on the film looks otherwise than it did to the earlier run: looking anew`,
    );
    this.#kept = [];
    this.#keptAgain.clear();
    this.#written = 0;
    this.#safe = 0;
    this.#startOver = true;
    return false;
  }

  /** Notes that `frames` has one more frame, whose looks are there once `answer` is. */
  add(frames: readonly Frame[], answer?: Promise<unknown>): void {
    this.#frames = frames;
    const index = frames.length - 1;
    if (answer) {
      this.#open.add(index);
      // Without an answer the frame stays open, and nothing is written from it on.
      answer.then(
        () => this.#open.delete(index),
        () => {},
      );
    }
    this.#writeIfDue();
  }

  /** Notes that the first pass came to the film's end. */
  async endOfFirstPass({ width, height, frames, frameRate }: Plan['film']): Promise<void> {
    this.#end = { kind: 'end', width, height, frames, frameRate };
    await this.#writeNow();
  }

  /** Gives frames the looks that an earlier run took in the second pass. Returns the spans that are left. */
  recallAgain(frames: readonly Frame[], spans: readonly FrameSpan[]): FrameSpan[] {
    const left = new Set<number>();
    for (const { from, to } of spans) {
      for (let index = from; index < to; index++) {
        const look = this.#keptAgain.get(index);
        if (look) frames[index].looks.push(look);
        else left.add(index);
      }
    }
    return spansWhere(frames.length, (index) => left.has(index));
  }

  /** Notes a look of the second pass, the last of the frame's once `answer` is there. */
  addAgain(index: number, { looks }: Frame, answer: Promise<unknown>): void {
    answer.then(
      () => this.#again.push({ frame: index, look: looks[looks.length - 1] }),
      () => {},
    );
    this.#writeIfDue();
  }

  /** Writes what is known and lets go of the file. Never throws. */
  async pause(): Promise<void> {
    await this.#writeNow();
    this.#due = Number.POSITIVE_INFINITY;
    await this.#log?.close().catch(() => {});
    this.#log = undefined;
  }

  /** Whether there is something to go on from. */
  get isKept(): boolean {
    return this.#safe > 0;
  }

  /** What the file is called. */
  get name(): string {
    return this.#files.name;
  }

  /** The work is done: removes the file. Never throws. */
  async remove(): Promise<void> {
    await this.#files.remove().catch(() => {});
  }

  async #takeOver(name: string): Promise<void> {
    const log = await this.#files.claim(name);
    const trouble = log ? await this.#read(log) : 'it cannot be read';
    if (!trouble) {
      this.#log = log;
      this.#written = this.#kept.length;
      this.#safe = this.#written;
      const done = this.#film ? ', the last' : '';
      this.#tell(`an earlier run got to frame ${this.#kept.length}${done}: going on from there`);
      return;
    }
    await log?.close();
    this.#kept = [];
    this.#keptAgain.clear();
    this.#film = undefined;
    this.#tell(`what an earlier run found is not used: ${trouble}; looking anew`);
  }

  /** Returns why what is in the file cannot be used; undefined where it can. */
  async #read(log: SealedLog): Promise<string | undefined> {
    const segments = log.segments();
    try {
      const first = await segments.next();
      if (first.done) return 'its checkpoint is damaged';
      const misfit = misfitOf(JSON.parse(Buffer.from(first.value).toString()), await this.#fit());
      if (misfit) return misfit;
      for await (const segment of segments) this.#take(decodeRecord(segment));
      return this.#kept.length > 0 ? undefined : 'nothing whole is in its checkpoint';
    } catch {
      return 'its checkpoint is damaged';
    }
  }

  #take(record: CheckpointRecord): void {
    const keep = ({ kind, detections }: Look) => this.#store.keep(kind, detections);
    switch (record.kind) {
      case 'frames':
        if (record.from !== this.#kept.length) throw new RangeError('frames are missing');
        for (const { motion, looks } of record.frames) this.#kept.push({ motion, looks: looks.map(keep) });
        break;
      case 'end': {
        const { width, height, frames, frameRate } = record;
        if (frames !== this.#kept.length) throw new RangeError('frames are missing');
        this.#film = { kind: 'video', width, height, frames, frameRate };
        break;
      }
      case 'again':
        for (const { frame, look } of record.looks) this.#keptAgain.set(frame, keep(look));
    }
  }

  async #fit(): Promise<Fit> {
    const { detector, sensitivity, every } = this.#settings;
    const tool = await toolIdentity();
    return { settings: { detector, sensitivity, every: every ?? 0 }, tool, machine: cpus()[0]?.model ?? '' };
  }

  #writeIfDue(): void {
    if (!this.#writing && performance.now() >= this.#due) this.#writing = this.#write();
  }

  async #writeNow(): Promise<void> {
    await this.#writing;
    if (this.#due !== Number.POSITIVE_INFINITY) await this.#write();
  }

  async #write(): Promise<void> {
    const began = performance.now();
    const records = this.#newRecords();
    try {
      if (records.length > 0) {
        await this.#ready();
        for (const record of records) {
          await this.#log?.append(encodeRecord(record));
          if (record.kind === 'frames') this.#safe = record.from + record.frames.length;
        }
      }
      const now = performance.now();
      this.#due = now + Math.max(SHORTEST_PAUSE, (now - began) / SHARE);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      this.#tell(`no checkpoint can be written (the system answered ${code}): the work goes on without`);
      this.#due = Number.POSITIVE_INFINITY;
    } finally {
      this.#writing = undefined;
    }
  }

  /** What is known and not in the file, which is from then on taken to be in it. */
  #newRecords(): CheckpointRecord[] {
    const records: CheckpointRecord[] = [];
    const answered = Math.min(this.#frames.length, ...this.#open);
    while (this.#written < answered) {
      const from = this.#written;
      this.#written = Math.min(answered, from + MOST_FRAMES);
      records.push({ kind: 'frames', from, frames: this.#frames.slice(from, this.#written) });
    }
    if (this.#end?.kind === 'end' && this.#written === this.#end.frames) {
      records.push(this.#end);
      this.#end = undefined;
    }
    if (this.#again.length > 0) records.push({ kind: 'again', looks: this.#again });
    this.#again = [];
    return records;
  }

  async #ready(): Promise<void> {
    if (this.#log && !this.#startOver) return;
    if (this.#log) await this.#log.clear();
    else this.#log = await this.#files.create();
    this.#startOver = false;
    await this.#log.append(Buffer.from(JSON.stringify(await this.#fit())));
  }
}

/** What has to be the same for looks to be the same. */
interface Fit {
  readonly settings: unknown;
  readonly tool: unknown;
  /** The processor: networks are computed otherwise on another. */
  readonly machine: string;
}

function misfitOf(theirs: Fit, ours: Fit): string | undefined {
  const same = (part: keyof Fit) => JSON.stringify(theirs[part]) === JSON.stringify(ours[part]);
  if (!same('settings')) return 'it looked with other settings';
  if (!same('tool')) return 'it was of another version of Sayeh, or of a part of it';
  return same('machine') ? undefined : 'it ran on another processor';
}
