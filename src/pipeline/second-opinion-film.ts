import { aroundSightings } from '../core/check/around-sightings.ts';
import { IN_SOURCE } from '../core/check/confirm.ts';
import { BELIEVED, believable, LARGE_FACES, secondNetwork } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { FramesToExamine } from '../core/check/frames-to-examine.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import { LeaksInTime } from '../core/check/leaks-in-time.ts';
import type { Opening } from '../core/check/mend.ts';
import type { Detection } from '../core/detect/detection.ts';
import { type FilmLook, filmLooks, judgedFinely } from '../core/detect/film-looks.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import { frameRateOf } from '../core/plan/frame-rate.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type Mask, rasterise } from '../core/redact/mask.ts';
import { CameraMotionEstimator } from '../core/track/camera-motion/estimator.ts';
import { lumaSize } from '../core/track/camera-motion/luma-size.ts';
import type { CameraMotion } from '../core/track/camera-motion.ts';
import type { Look } from '../core/track/frame-looks.ts';
import { LookStore } from '../core/track/look-store.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { FrameLooker } from '../node/media/video/frame-looker.ts';
import { FrameScaler } from '../node/media/video/frame-scaler.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';
import type { OnProgress } from './progress.ts';

export interface SecondOpinionOptions {
  readonly cover: 'head' | 'face';
  /** Ask the first network again as well: for plans that it did not just make itself. */
  readonly thorough: boolean;
  /** How the camera came to each frame, where that is known already. */
  readonly motion?: readonly CameraMotion[] | undefined;
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What a second look at a film says of a plan for it. */
export interface SecondOpinion {
  /** Faces that the plan leaves open, and what it covers in one frame and shows in the next. */
  readonly openings: readonly Opening[];
  /** How many frames were looked at. */
  readonly examined: number;
  readonly frames: readonly ExaminedSource[];
}

/** What is remembered of a frame of the source, for the look at what was written. */
export interface ExaminedSource {
  readonly motion: CameraMotion;
  /** Faces that the covers leave open. */
  readonly open: readonly Detection[];
  /** What the networks saw, at half the score at which they are believed; undefined where none looked. */
  seen?: Look;
}

/**
 * Holds a plan against its film before anything is written: a network of another family looks for faces in frames
 * of the source, where nothing hides or disturbs them, and geometry tells which of them the covers leave open.
 * Constant memory but for a few numbers a frame.
 */
export async function secondOpinionOnFilm(
  file: string,
  format: VideoFormat,
  plan: Plan,
  detectors: Detectors,
  { cover, thorough, motion: known, limits, signal, onProgress }: SecondOpinionOptions,
): Promise<SecondOpinion> {
  const { width, height } = plan.film;
  const fps = frameRateOf(plan.film);
  const small = lumaSize(width, height);
  const { careful, fine } = filmLooks(detectors.name, width, height);
  const other: FilmLook = { network: secondNetwork(detectors.name), scale: careful.scale };
  const large: FilmLook = { network: other.network, scale: careful.scale * LARGE_FACES };
  const toExamine = new FramesToExamine(plan.film.frames, fps, plan.cuts, plan.risks);
  const estimator = new CameraMotionEstimator({
    width,
    height,
    lumaWidth: small.width,
    lumaHeight: small.height,
  });
  const covers = new CoverIndex(plan);
  const kept = new KeptVisible(plan);
  const leaks = new LeaksInTime({ scale: width / small.width, fps });
  const mayLeak = worthFollowing(plan);
  const store = new LookStore();
  const frames: ExaminedSource[] = [];
  const answers: Promise<void>[] = [];
  let examined = 0;

  const [first, second] = await Promise.all([detectors.pool('video'), detectors.pool('check')]);
  const scaler = new FrameScaler();
  const reader = await VideoReader.open(file, format, limits);
  try {
    const lookers = { first: new FrameLooker(first, scaler), second: new FrameLooker(second, scaler) };
    for await (const { index, picture } of reader.frames(signal)) {
      const luma = await scaler.luma(picture, small.width, small.height);
      const motion = known?.[index] ?? estimator.next(luma);
      const open: Detection[] = [];
      const frame: ExaminedSource = { motion, open };
      frames.push(frame);
      const regions = covers.regionsAt(index, cover);
      let made: Mask | undefined;
      const mask = () => {
        made ??= rasterise(regions, width, height);
        return made;
      };
      const faces = covers.tracksAt(index).filter(({ track }) => mayLeak.has(track));
      leaks.next(index, { ...small, data: luma }, motion, faces, mask);

      const asked = toExamine.at(index);
      const looks: { looker: FrameLooker; look: FilmLook; threshold: number }[] = [];
      if (asked.second) looks.push({ looker: lookers.second, look: other, threshold: BELIEVED.second });
      if (asked.written) looks.push({ looker: lookers.second, look: large, threshold: BELIEVED.second });
      if (asked.first && thorough)
        looks.push({ looker: lookers.first, look: careful, threshold: BELIEVED.first });
      if (asked.closer) looks.push({ looker: lookers.first, look: fine, threshold: BELIEVED.fine });
      if (looks.length === 0) continue;
      examined++;
      const found: Promise<Detection[]>[] = [];
      for (const { looker, look, threshold } of looks)
        found.push((await looker.look(picture, look, threshold * IN_SOURCE)).found);
      const answer = Promise.all(found).then((lists) => {
        const believed = lists.flatMap((list, i) =>
          list.filter(
            (face) =>
              believable(face, looks[i].threshold) && (looks[i].look !== fine || judgedFinely(face, careful)),
          ),
        );
        open.push(...kept.withoutThem(index, exposedFaces(mergeLooks(believed), mask())));
        frame.seen = store.keep('careful', lists.flat());
      });
      answer.catch(() => {}); // met below, where reading does not end early with an error of its own
      answers.push(answer);
      onProgress?.({ phase: 'second-opinion', done: index + 1, total: plan.film.frames });
    }
    await Promise.all(answers);
  } finally {
    scaler.close();
    await reader.close();
  }
  const stillShown = leaks.leaks.map(
    ({ from, boxes }): Opening => ({ from, boxes, score: 0, reason: 'still shown where its cover ended' }),
  );
  const openings = aroundSightings(frames, fps, 'seen by a second network');
  return { openings: [...openings, ...stillShown], examined, frames };
}

/** At normal sensitivity what may be no face is not covered for longer because it stays. */
function worthFollowing({ analysis, tracks }: Plan): Set<number> {
  const doubtful = analysis.sensitivity !== 'normal';
  const worth = tracks.filter(
    ({ standing }) => standing === 'sure' || standing === 'drawn' || (doubtful && standing === 'doubtful'),
  );
  return new Set(worth.map(({ id }) => id));
}
