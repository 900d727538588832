import { aroundSightings } from '../core/check/around-sightings.ts';
import { confirmed, IN_SOURCE, mayBeOfCovers } from '../core/check/confirm.ts';
import { BELIEVED, believable, secondNetwork } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { FramesToExamine } from '../core/check/frames-to-examine.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import { LeaksInTime } from '../core/check/leaks-in-time.ts';
import type { Opening } from '../core/check/mend.ts';
import type { Detection } from '../core/detect/detection.ts';
import { type FilmLook, filmLooks } from '../core/detect/film-looks.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type Mask, rasterise } from '../core/redact/mask.ts';
import { CameraMotionEstimator } from '../core/track/camera-motion/estimator.ts';
import { lumaSize } from '../core/track/camera-motion/luma-size.ts';
import type { CameraMotion } from '../core/track/camera-motion.ts';
import type { FrameSpan } from '../core/track/frame-span.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import type { av } from '../node/media/video/ffmpeg.ts';
import { FrameLooker } from '../node/media/video/frame-looker.ts';
import { FrameScaler } from '../node/media/video/frame-scaler.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';

export interface ExamineFilmOptions {
  readonly cover?: 'head' | 'face' | undefined;
  /** Only what changed since the last examination, where there was one. */
  readonly within?: readonly FrameSpan[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an examination of a written film found. */
export interface ExaminedFilm {
  readonly examined: number;
  /** Faces that are open to see, with the frames around each look, and what a cover left before it went. */
  readonly openings: readonly Opening[];
}

const USUAL_FRAME_RATE = 25;

/**
 * Looks for people in a film that was just written, frame by frame as it is read back for its check: by networks of
 * two families, for faces that no cover hides; and, with the source beside it, for places that are covered in one
 * frame and shown in the next. Constant memory but for a few numbers a frame.
 */
export class FilmExaminer {
  readonly #plan: Plan;
  readonly #options: ExamineFilmOptions;
  readonly #source: VideoReader | undefined;
  readonly #sourceFrames: AsyncIterator<{ readonly picture: av.Frame }> | undefined;
  readonly #scaler = new FrameScaler();
  readonly #second: { readonly looker: FrameLooker; readonly look: FilmLook };
  readonly #fine: { readonly looker: FrameLooker; readonly look: FilmLook };
  readonly #toExamine: FramesToExamine;
  readonly #estimator: CameraMotionEstimator;
  readonly #covers: CoverIndex;
  readonly #kept: KeptVisible;
  readonly #leaks: LeaksInTime;
  /** At normal sensitivity what may be no face is not covered for longer because it stays. */
  readonly #mayLeak: (face: { readonly track: number }) => boolean;
  readonly #frames: { motion: CameraMotion; open: Detection[] }[] = [];
  readonly #answers: Promise<void>[] = [];
  #examined = 0;

  /**
   * `source` is the film that the plan was made for; without it nothing is said of leaks in time. Close the
   * examiner in any case.
   */
  static async open(
    source: { readonly file: string; readonly format: VideoFormat } | undefined,
    plan: Plan,
    detectors: Detectors,
    options: ExamineFilmOptions,
  ): Promise<FilmExaminer> {
    const [reader, first, second] = await Promise.all([
      source && VideoReader.open(source.file, source.format),
      detectors.pool('video'),
      detectors.pool('check'),
    ]);
    return new FilmExaminer(reader, plan, detectors, first, second, options);
  }

  private constructor(
    source: VideoReader | undefined,
    plan: Plan,
    detectors: Detectors,
    first: Awaited<ReturnType<Detectors['pool']>>,
    second: Awaited<ReturnType<Detectors['pool']>>,
    options: ExamineFilmOptions,
  ) {
    const { width, height, frames, frameRate } = plan.film;
    const fps = frameRate || USUAL_FRAME_RATE;
    const looks = filmLooks(detectors.name, width, height);
    const small = lumaSize(width, height);
    this.#plan = plan;
    this.#options = options;
    this.#source = source;
    this.#sourceFrames = source?.frames(options.signal)[Symbol.asyncIterator]();
    const network = secondNetwork(detectors.name);
    this.#second = {
      looker: new FrameLooker(second, this.#scaler),
      look: { network, scale: looks.careful.scale },
    };
    this.#fine = { looker: new FrameLooker(first, this.#scaler), look: looks.fine };
    this.#toExamine = new FramesToExamine(frames, fps, plan.cuts, plan.risks, options.within);
    this.#estimator = new CameraMotionEstimator({
      width,
      height,
      lumaWidth: small.width,
      lumaHeight: small.height,
    });
    this.#covers = new CoverIndex(plan);
    this.#kept = new KeptVisible(plan);
    const believed =
      plan.analysis.sensitivity === 'normal' ? ['sure', 'drawn'] : ['sure', 'drawn', 'doubtful'];
    const sure = new Set(
      plan.tracks.filter(({ standing }) => believed.includes(standing)).map(({ id }) => id),
    );
    this.#mayLeak = ({ track }) => sure.has(track);
    this.#leaks = new LeaksInTime({ scale: width / small.width, fps });
  }

  /** Takes the next frame of the written film. */
  async next(index: number, written: av.Frame): Promise<void> {
    const source = await this.#sourceFrames?.next();
    if (source?.done) return; // the check of the written film's length says what is wrong
    const { width, height } = this.#plan.film;
    const small = lumaSize(width, height);
    const picture = source?.value.picture ?? written;
    const luma = await this.#scaler.luma(picture, small.width, small.height);
    const motion = this.#estimator.next(luma);
    const frame = { motion, open: [] };
    this.#frames.push(frame);
    const faces = this.#covers.tracksAt(index);
    const regions = this.#covers.regionsAt(index, this.#options.cover ?? 'head');
    let made: Mask | undefined;
    const mask = () => {
      made ??= rasterise(regions, width, height);
      return made;
    };
    if (source) this.#leaks.next(index, { ...small, data: luma }, motion, faces.filter(this.#mayLeak), mask);

    const { second, fine } = this.#toExamine.at(index);
    if (second || fine) this.#examined++;
    const original = source?.value.picture;
    if (second) await this.#look(index, this.#second, BELIEVED.second, written, original, mask(), frame.open);
    if (fine) await this.#look(index, this.#fine, BELIEVED.fine, written, original, mask(), frame.open);
  }

  async #look(
    index: number,
    { looker, look }: { looker: FrameLooker; look: FilmLook },
    threshold: number,
    written: av.Frame,
    source: av.Frame | undefined,
    mask: Mask,
    seen: Detection[],
  ): Promise<void> {
    const before = source && (await looker.cut(source, look));
    const { found } = await looker.look(written, look, threshold);
    const believed = (face: Detection) => believable(face, threshold);
    const answer = found.then(async (detections) => {
      let open = this.#kept.withoutThem(index, exposedFaces(detections.filter(believed), mask));
      if (before && !open.some((face) => mayBeOfCovers(face, mask))) looker.drop(before);
      else if (before) open = confirmed(open, await looker.ask(before, threshold * IN_SOURCE), mask);
      seen.push(...mergeLooks([...seen.splice(0), ...open]));
    });
    answer.catch(() => {}); // met in `finish`, where reading does not end early with an error of its own
    this.#answers.push(answer);
  }

  /** What was found, once every frame was taken. */
  async finish(): Promise<ExaminedFilm> {
    await Promise.all(this.#answers);
    const openings = aroundSightings(this.#frames, this.#plan.film.frameRate || USUAL_FRAME_RATE);
    const leaks = this.#leaks.leaks.map(
      ({ from, boxes }): Opening => ({ from, boxes, score: 0, reason: 'still shown where its cover ended' }),
    );
    return { examined: this.#examined, openings: [...openings, ...leaks] };
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#answers);
    await this.#sourceFrames?.return?.();
    this.#scaler.close();
    await this.#source?.close();
  }
}
