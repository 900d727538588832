import { NARROWEST, photoExaminations, secondNetwork } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import type { Opening } from '../core/check/mend.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type Mask, rasterise } from '../core/redact/mask.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { lookAtPhoto } from '../node/inference/look-at-photo.ts';
import type { Photo } from '../node/media/photo/photo.ts';

/**
 * Looks for people in a photo that was just written, by networks of two families: for faces that no cover hides.
 * `written` may hold fewer pictures than the plan, where an animation's encoder joined such as are the same; what is
 * open in one of them is taken for open in every frame that it may stand for.
 */
export async function examinePhoto(
  written: Photo,
  plan: Plan,
  detectors: Detectors,
  options: { readonly cover: 'head' | 'face'; readonly signal?: AbortSignal | undefined },
): Promise<Opening[]> {
  const { width, height, frameCount } = written;
  const [first, second] = await Promise.all([detectors.pool('photo'), detectors.pool('check')]);
  const looks = photoExaminations(width, height);
  const masks = masksOf(plan, options.cover);
  const joined = plan.film.frames - frameCount;
  const openings: Opening[] = [];
  for await (const { index, data } of written.frames()) {
    options.signal?.throwIfAborted();
    const pixels = { width, height, channels: written.hasAlpha ? 4 : 3, data } as const;
    const network = secondNetwork(detectors.name);
    const found = mergeLooks([
      ...(await lookAtPhoto(second, network, pixels, looks.second, options.signal)),
      ...(await lookAtPhoto(first, detectors.name, pixels, looks.fine, options.signal)),
    ]).filter(({ box }) => box.width >= NARROWEST);
    if (found.length === 0) continue;
    for (let frame = index; frame <= index + joined; frame++) {
      for (const { box, score } of exposedFaces(found, masks(frame))) {
        openings.push({ from: frame, boxes: [box], score, reason: 'found in the written file' });
      }
    }
  }
  return openings;
}

/** Masks by frame; asked for in nearly rising order, and again for a few frames back. */
function masksOf(plan: Plan, cover: 'head' | 'face'): (frame: number) => Mask {
  const covers = new CoverIndex(plan);
  const { width, height, frames } = plan.film;
  const made: Mask[] = [];
  return (frame) => {
    while (made.length <= Math.min(frame, frames - 1)) {
      made.push(rasterise(covers.regionsAt(made.length, cover), width, height));
    }
    return made[frame];
  };
}
