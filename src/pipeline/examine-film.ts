import { aroundSightings } from '../core/check/around-sightings.ts';
import { confirmed } from '../core/check/confirm.ts';
import { BELIEVED, believable, secondNetwork } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { FramesToExamine } from '../core/check/frames-to-examine.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import type { Opening } from '../core/check/mend.ts';
import type { Detection } from '../core/detect/detection.ts';
import { type FilmLook, filmLooks } from '../core/detect/film-looks.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import { frameRateOf } from '../core/plan/frame-rate.ts';
import type { Plan } from '../core/plan/plan.ts';
import { rasterise } from '../core/redact/mask.ts';
import type { FrameSpan } from '../core/track/frame-span.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import type { av } from '../node/media/video/ffmpeg.ts';
import { FrameLooker } from '../node/media/video/frame-looker.ts';
import { FrameScaler } from '../node/media/video/frame-scaler.ts';
import type { ExaminedSource } from './second-opinion-film.ts';

export interface ExamineFilmOptions {
  readonly cover: 'head' | 'face';
  /** Only what changed since the last examination, where there was one: there every frame that can be compared. */
  readonly within?: readonly FrameSpan[] | undefined;
}

/**
 * Looks for people in a film that was just written, frame by frame as it is read back for its check, by networks of
 * two families: for faces that no cover hides. `source` says what was seen in each frame of the original.
 */
export class FilmExaminer {
  readonly #plan: Plan;
  readonly #options: ExamineFilmOptions;
  readonly #source: readonly ExaminedSource[];
  readonly #scaler = new FrameScaler();
  readonly #second: { readonly looker: FrameLooker; readonly look: FilmLook };
  readonly #fine: { readonly looker: FrameLooker; readonly look: FilmLook };
  readonly #toExamine: FramesToExamine;
  readonly #covers: CoverIndex;
  readonly #kept: KeptVisible;
  readonly #open = new Map<number, Detection[]>();
  readonly #answers: Promise<void>[] = [];

  /** Close it in any case. */
  static async open(
    plan: Plan,
    source: readonly ExaminedSource[],
    detectors: Detectors,
    options: ExamineFilmOptions,
  ): Promise<FilmExaminer> {
    const pools = await Promise.all([detectors.pool('video'), detectors.pool('check')]);
    return new FilmExaminer(plan, source, detectors, pools, options);
  }

  private constructor(
    plan: Plan,
    source: readonly ExaminedSource[],
    detectors: Detectors,
    [first, second]: Awaited<ReturnType<Detectors['pool']>>[],
    options: ExamineFilmOptions,
  ) {
    const { width, height, frames } = plan.film;
    const looks = filmLooks(detectors.name, width, height);
    this.#plan = plan;
    this.#source = source;
    this.#options = options;
    this.#second = {
      looker: new FrameLooker(second, this.#scaler),
      look: { network: secondNetwork(detectors.name), scale: looks.careful.scale },
    };
    this.#fine = { looker: new FrameLooker(first, this.#scaler), look: looks.fine };
    this.#toExamine = new FramesToExamine(frames, frameRateOf(plan.film), plan.cuts, plan.risks);
    this.#covers = new CoverIndex(plan);
    this.#kept = new KeptVisible(plan);
  }

  /** Takes the next frame of the written film. */
  async next(index: number, written: av.Frame): Promise<void> {
    const { second, written: usual, fine } = this.#toExamine.at(index);
    const { within } = this.#options;
    if (within && !within.some(({ from, to }) => index >= from && index < to)) return;
    if (usual || (within && second)) await this.#look(index, this.#second, BELIEVED.second, written);
    if (fine) await this.#look(index, this.#fine, BELIEVED.fine, written);
  }

  async #look(
    index: number,
    { looker, look }: { looker: FrameLooker; look: FilmLook },
    threshold: number,
    written: av.Frame,
  ): Promise<void> {
    const { width, height } = this.#plan.film;
    const mask = rasterise(this.#covers.regionsAt(index, this.#options.cover), width, height);
    const { found } = await looker.look(written, look, threshold);
    const answer = found.then((detections) => {
      const believed = detections.filter((face) => believable(face, threshold));
      const open = this.#kept.withoutThem(index, exposedFaces(believed, mask));
      const real = confirmed(open, this.#source[index]?.seen?.detections ?? [], mask);
      this.#open.set(index, mergeLooks([...(this.#open.get(index) ?? []), ...real]));
    });
    answer.catch(() => {}); // met in `finish`, where reading does not end early with an error of its own
    this.#answers.push(answer);
  }

  /** Faces that are open to see, with the frames around each look, once every frame was taken. */
  async finish(): Promise<Opening[]> {
    await Promise.all(this.#answers);
    const frames = this.#source.map(({ motion }, frame) => ({ motion, open: this.#open.get(frame) ?? [] }));
    return aroundSightings(frames, frameRateOf(this.#plan.film), 'found in the written file');
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#answers);
    this.#scaler.close();
  }
}
