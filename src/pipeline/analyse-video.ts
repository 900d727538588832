import type { Sensitivity } from '../core/detect/catalogue.ts';
import type { Detection } from '../core/detect/detection.ts';
import { filmLooks, judgedFinely } from '../core/detect/film-looks.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { frameRateOf } from '../core/plan/frame-rate.ts';
import { planFromTracks } from '../core/plan/from-tracks.ts';
import type { Plan } from '../core/plan/plan.ts';
import { CameraMotionEstimator } from '../core/track/camera-motion/estimator.ts';
import { lumaSize } from '../core/track/camera-motion/luma-size.ts';
import type { MotionReport } from '../core/track/camera-motion/report.ts';
import type { CameraMotion } from '../core/track/camera-motion.ts';
import type { FrameLooks, Look } from '../core/track/frame-looks.ts';
import type { FrameSpan } from '../core/track/frame-span.ts';
import { LookStore } from '../core/track/look-store.ts';
import { type Risk, rankRisks } from '../core/track/risk.ts';
import { chooseLook, NOTHING_SEEN } from '../core/track/sampling.ts';
import { SECOND_LOOK_SHARE, secondLooks } from '../core/track/second-look.ts';
import { detectionFloor } from '../core/track/sensitivity.ts';
import { type Track, type TrackOptions, track } from '../core/track/track.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { FrameLooker } from '../node/media/video/frame-looker.ts';
import { FrameScaler } from '../node/media/video/frame-scaler.ts';
import { VideoReader } from '../node/media/video/video-reader.ts';
import type { AnalysisCheckpoint } from './analysis-checkpoint.ts';
import type { OnProgress } from './progress.ts';

export interface AnalyseVideoOptions {
  readonly sensitivity: Sensitivity;
  /** Look carefully at every so manyth frame and at no other, whatever happens in the film. */
  readonly every?: number | undefined;
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** What is found is kept there on the way, and what an earlier run found is taken from there. */
  readonly checkpoint?: AnalysisCheckpoint | undefined;
}

/** A frame as it is being filled: answers of the detectors come in later. */
interface FrameInProgress {
  readonly motion: MotionReport;
  readonly looks: Look[];
}

/** What is known of a film once it was analysed. */
export interface FilmAnalysis {
  readonly plan: Plan;
  /** How the camera came to each frame. */
  readonly motion: readonly CameraMotion[];
}

/** Finds and follows the faces of a film, says what to cover, and ranks where one may have been missed. */
export async function analyseVideo(
  file: string,
  format: VideoFormat,
  detectors: Detectors,
  options: AnalyseVideoOptions,
): Promise<FilmAnalysis> {
  const { checkpoint } = options;
  try {
    const looked = (await checkpoint?.begin()) ?? (await lookThrough(file, format, detectors, options));
    return await conclude(file, format, detectors, looked, options);
  } finally {
    await checkpoint?.pause();
  }
}

/** Follows what the first pass found, looks again where a face was most likely missed, and follows anew. */
async function conclude(
  file: string,
  format: VideoFormat,
  detectors: Detectors,
  { frames, film }: FirstPass,
  options: AnalyseVideoOptions,
): Promise<FilmAnalysis> {
  const fps = frameRateOf(film);
  const settings = { width: film.width, height: film.height, fps, sensitivity: options.sensitivity };

  let followed = follow(frames, settings);
  const again = secondLooks(frames, followed.risks, SECOND_LOOK_SHARE[options.sensitivity]);
  if (again.length > 0 && options.every === undefined) {
    followed = { tracks: [], risks: [] }; // a long film's tracks need not be in memory twice
    const left = options.checkpoint?.recallAgain(frames, again) ?? again;
    if (left.length > 0) await lookAgain(file, format, detectors, frames, left, options);
    followed = follow(frames, settings);
  }
  const { tracks, risks } = followed;
  const cuts = frames.flatMap(({ motion }, index) => (motion.cut ? [index] : []));
  const { sensitivity, every } = options;
  const analysis = { detector: detectors.name, sensitivity, ...(every && { every }) };
  const plan = planFromTracks(film, analysis, tracks, cuts, risks);
  return { plan, motion: frames.map(({ motion }) => motion) };
}

function follow(frames: readonly FrameLooks[], settings: TrackOptions): { tracks: Track[]; risks: Risk[] } {
  const tracks = track(frames, settings);
  return { tracks, risks: rankRisks(frames, tracks, settings) };
}

interface FirstPass {
  readonly frames: FrameInProgress[];
  readonly film: Plan['film'];
}

/** The first pass: follows the camera through every frame and looks as closely as each frame needs. */
async function lookThrough(
  file: string,
  format: VideoFormat,
  detectors: Detectors,
  { sensitivity, every, limits, signal, onProgress, checkpoint }: AnalyseVideoOptions,
): Promise<FirstPass> {
  const reader = await VideoReader.open(file, format, limits);
  const scaler = new FrameScaler();
  try {
    const { width, height, frameRate, frameCountHint } = reader.info;
    const kinds = filmLooks(detectors.name, width, height);
    const looker = new FrameLooker(await detectors.pool('video'), scaler);
    const small = lumaSize(width, height);
    const estimator = new CameraMotionEstimator({
      width,
      height,
      lumaWidth: small.width,
      lumaHeight: small.height,
    });
    const sampling = { width, height, fps: frameRateOf(reader.info), ...(every ? { every } : {}) };
    let state = NOTHING_SEEN;
    const frames: FrameInProgress[] = [];
    const store = new LookStore();
    const answers: Promise<void>[] = [];
    for await (const { index, picture } of reader.frames(signal)) {
      const motion = estimator.next(await scaler.luma(picture, small.width, small.height));
      const frame: FrameInProgress = { motion, looks: [] };
      frames.push(frame);
      const choice = chooseLook(state, motion, sampling);
      state = choice.state;
      const { look: kind } = choice;
      let answer: Promise<void> | undefined;
      if (kind !== 'none' && !checkpoint?.recall(index, frame)) {
        const { found } = await looker.look(picture, kinds[kind], detectionFloor(sensitivity, kind));
        answer = met(found.then((detections) => void frame.looks.push(store.keep(kind, detections))));
        answers.push(answer);
      }
      checkpoint?.add(frames, answer);
      onProgress?.({ phase: 'analyse', done: index + 1, total: frameCountHint || undefined });
    }
    await Promise.all(answers);
    const film = { kind: 'video', width, height, frames: frames.length, frameRate } as const;
    await checkpoint?.endOfFirstPass(film);
    return { frames, film };
  } finally {
    scaler.close();
    await reader.close();
  }
}

/** The second pass: looks finely at the frames where a face was most likely missed. */
async function lookAgain(
  file: string,
  format: VideoFormat,
  detectors: Detectors,
  frames: readonly FrameInProgress[],
  spans: readonly FrameSpan[],
  { sensitivity, limits, signal, onProgress, checkpoint }: AnalyseVideoOptions,
): Promise<void> {
  const reader = await VideoReader.open(file, format, limits);
  const scaler = new FrameScaler();
  try {
    const { fine, careful } = filmLooks(detectors.name, reader.info.width, reader.info.height);
    const looker = new FrameLooker(await detectors.pool('video'), scaler);
    const store = new LookStore();
    const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
    const answers: Promise<void>[] = [];
    let next = 0;
    for await (const { index, picture } of reader.frames(signal)) {
      while (next < spans.length && index >= spans[next].to) next++;
      if (next === spans.length) break;
      if (index < spans[next].from) continue;
      const { found } = await looker.look(picture, fine, detectionFloor(sensitivity, 'fine'));
      const keep = (detections: Detection[]) =>
        void frames[index].looks.push(
          store.keep(
            'fine',
            detections.filter((face) => judgedFinely(face, careful)),
          ),
        );
      const answer = met(found.then(keep));
      answers.push(answer);
      checkpoint?.addAgain(index, frames[index], answer);
      onProgress?.({ phase: 'look-again', done: answers.length, total });
    }
    await Promise.all(answers);
  } finally {
    scaler.close();
    await reader.close();
  }
}

/** Marks a promise as met: where reading ends early with an error of its own, nobody waits for the answers. */
function met(answer: Promise<void>): Promise<void> {
  answer.catch(() => {});
  return answer;
}
