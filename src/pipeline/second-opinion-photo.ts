import { IN_SOURCE } from '../core/check/confirm.ts';
import { believable, type PhotoExamination, photoExaminations } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import type { Opening } from '../core/check/mend.ts';
import type { Detection } from '../core/detect/detection.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { rasterise } from '../core/redact/mask.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { lookAtPhoto } from '../node/inference/look-at-photo.ts';
import type { Photo, PhotoFrame } from '../node/media/photo/photo.ts';

export interface PhotoOpinionOptions {
  readonly cover: 'head' | 'face';
  /** Ask the first network again as well: for plans that it did not just make itself. */
  readonly thorough: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What a second look at a photo says of a plan for it. */
export interface PhotoOpinion {
  readonly openings: readonly Opening[];
  readonly examined: number;
  readonly frames: readonly ExaminedPicture[];
}

/** What is remembered of a picture of the source, for the look at what was written. */
export interface ExaminedPicture {
  /** Faces that the covers leave open. */
  readonly open: readonly Detection[];
  /** What the networks saw, at half the score at which they are believed. */
  readonly seen: readonly Detection[];
}

/**
 * Holds a plan against its photo before anything is written: a network of another family looks for faces in the
 * source, where nothing hides or disturbs them, and geometry tells which of them the covers leave open.
 */
export async function secondOpinionOnPhoto(
  source: Photo,
  plan: Plan,
  detectors: Detectors,
  { cover, thorough, signal }: PhotoOpinionOptions,
): Promise<PhotoOpinion> {
  const { width, height } = source;
  const { second, first } = photoExaminations(detectors.name, width, height);
  const covers = new CoverIndex(plan);
  const kept = new KeptVisible(plan);
  const frames: ExaminedPicture[] = [];
  for await (const frame of source.frames()) {
    const asked = thorough ? [second, first] : [second];
    const lists = await Promise.all(
      asked.map((each) => lookAs(each, source, frame, detectors, IN_SOURCE, signal)),
    );
    const believed = lists.flatMap((list, i) => list.filter((face) => believable(face, asked[i].threshold)));
    const mask = rasterise(covers.regionsAt(frame.index, cover), width, height);
    const open = kept.withoutThem(frame.index, exposedFaces(mergeLooks(believed), mask));
    frames.push({ open, seen: lists.flat() });
  }
  const openings = frames.flatMap(({ open }, from) =>
    open.map(
      ({ box, score }): Opening => ({ from, boxes: [box], score, reason: 'seen by a second network' }),
    ),
  );
  return { openings, examined: frames.length, frames };
}

/** What one network sees in one picture, at `share` of the score at which it is believed. Source pixels. */
export async function lookAs(
  { purpose, network, scales, threshold }: PhotoExamination,
  { width, height, hasAlpha }: Photo,
  { data }: PhotoFrame,
  detectors: Detectors,
  share: number,
  signal: AbortSignal | undefined,
): Promise<Detection[]> {
  signal?.throwIfAborted();
  const pixels = { width, height, channels: hasAlpha ? 4 : 3, data } as const;
  const looks = scales.map((scale) => ({ scale, threshold: threshold * share }));
  return lookAtPhoto(await detectors.pool(purpose), network, pixels, looks, signal);
}
