import { type ExaminedFrame, lastingSightings, type SeenSpan } from '../core/check/around-sightings.ts';
import { alsoSeen } from '../core/check/confirm.ts';
import { secondNetwork } from '../core/check/examiners.ts';
import type { Detection } from '../core/detect/detection.ts';
import { filmNetworks } from '../core/detect/film-looks.ts';
import { IDENTITY } from '../core/geometry/similarity.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { MediaType, VideoFormat } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import { PLAN_VERSION } from '../core/plan/version.ts';
import { identify } from '../node/files/input-file.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { OnProgress } from './progress.ts';

export interface LookForFacesOptions {
  /** The file that this one was made from: what no network sees at the same place in it is a work of the covers. */
  readonly against?: string | undefined;
  /** What either file may be at most; the usual limits hold for those left out. */
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Shared by several calls; one is started and closed for this call if left out. */
  readonly detectors?: Detectors | undefined;
}

/** Where a file shows what looks like a face: places and times, never a face. */
export interface FacesSeen {
  readonly networks: readonly string[];
  /** In how many pictures faces were looked for. */
  readonly examined: number;
  /** Frames a second; 0 for photos. */
  readonly frameRate: number;
  /** In the order of their first frames. */
  readonly places: readonly SeenSpan[];
}

/**
 * Looks for faces that are open to see in a file, whoever made it: in films in several frames a second. Without the
 * original a smooth cover between people can look like a large face out of focus; with it, only what both show counts.
 *
 * Throws SayehError for what cannot be read: also where the original is a film and the file a photo, or the other way
 * round.
 */
export async function lookForFaces(file: string, options: LookForFacesOptions = {}): Promise<FacesSeen> {
  const detectors = options.detectors ?? new Detectors('centerface');
  try {
    const type = await identify(file);
    const look = type.kind === 'photo' ? lookAtPhotoFile : lookAtFilmFile;
    const seen = await look(file, type, detectors, options);
    let { frames } = seen;
    if (options.against !== undefined) {
      const original = await look(options.against, await identify(options.against), detectors, options);
      frames = frames.map(({ motion, open }, index) => {
        const there = original.frames[index]?.seen ?? [];
        return { motion, seen: [], open: open.filter((face) => alsoSeen(face, there)) };
      });
    }
    const first = type.kind === 'photo' ? detectors.name : filmNetworks(detectors.name)[0];
    return {
      networks: [secondNetwork(detectors.name), first],
      examined: seen.examined,
      frameRate: seen.frameRate,
      places: lastingSightings(frames, seen.frameRate || 1),
    };
  } finally {
    if (!options.detectors) await detectors.close();
  }
}

interface Looked {
  readonly examined: number;
  readonly frameRate: number;
  readonly frames: readonly (ExaminedFrame & { readonly seen: readonly Detection[] })[];
}

async function lookAtPhotoFile(
  file: string,
  _type: MediaType,
  detectors: Detectors,
  { limits, signal }: LookForFacesOptions,
): Promise<Looked> {
  const { openPhoto } = await import('../node/media/photo/open-photo.ts');
  const { secondOpinionOnPhoto } = await import('./second-opinion-photo.ts');
  const photo = await openPhoto(file, limits);
  const plan = nothingCovered({ ...photo, kind: 'photo', frames: photo.frameCount, frameRate: 0 });
  const opinion = await secondOpinionOnPhoto(photo, plan, detectors, {
    cover: 'head',
    thorough: true,
    signal,
  });
  // Pictures of one file need not show one scene: each stands alone.
  const motion = { transform: IDENTITY, confidence: 1, cut: true };
  const frames = opinion.frames.map((picture) => ({ ...picture, motion }));
  return { examined: opinion.examined, frameRate: 0, frames };
}

/** A film as long as this may be, whose header does not say how long it is: two days at 60 frames a second. */
const MOST_FRAMES = 10_000_000;

async function lookAtFilmFile(
  file: string,
  type: MediaType,
  detectors: Detectors,
  { limits, signal, onProgress }: LookForFacesOptions,
): Promise<Looked> {
  const { VideoReader } = await import('../node/media/video/video-reader.ts');
  const { secondOpinionOnFilm } = await import('./second-opinion-film.ts');
  const format = type.format as VideoFormat;
  const reader = await VideoReader.open(file, format, limits);
  const { width, height, frameRate, frameCountHint } = reader.info;
  await reader.close();
  const plan = nothingCovered({
    kind: 'video',
    width,
    height,
    // A header may say too little: what lies beyond is looked at as well.
    frames: Math.min(MOST_FRAMES, 2 * (frameCountHint || MOST_FRAMES)),
    frameRate,
  });
  const opinion = await secondOpinionOnFilm(file, format, plan, detectors, {
    cover: 'head',
    thorough: true,
    limits,
    signal,
    onProgress: onProgress && ((progress) => onProgress({ ...progress, total: frameCountHint || undefined })),
  });
  const frames = opinion.frames.map(({ motion, open, seen }) => ({
    motion,
    open,
    seen: seen?.detections ?? [],
  }));
  return { examined: opinion.examined, frameRate, frames };
}

function nothingCovered({ kind, width, height, frames, frameRate }: Plan['film']): Plan {
  return {
    sayeh: 'plan',
    version: PLAN_VERSION,
    film: { kind, width, height, frames, frameRate },
    analysis: { detector: 'centerface', sensitivity: 'normal' },
    cuts: [],
    tracks: [],
    risks: [],
  };
}
