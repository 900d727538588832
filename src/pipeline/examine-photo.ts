import { confirmed, IN_SOURCE, mayBeOfCovers } from '../core/check/confirm.ts';
import { believable, photoExaminations, secondNetwork } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import type { Opening } from '../core/check/mend.ts';
import type { DetectorName } from '../core/detect/catalogue.ts';
import type { Detection } from '../core/detect/detection.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import type { ScaledLook } from '../core/detect/photo-looks.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type Mask, rasterise } from '../core/redact/mask.ts';
import type { DetectorPool } from '../node/inference/detector-pool.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { lookAtPhoto } from '../node/inference/look-at-photo.ts';
import type { Photo } from '../node/media/photo/photo.ts';

/**
 * Looks for people in a photo that was just written, by networks of two families: for faces that no cover hides.
 * `source` is the photo that the plan was made for.
 * `written` may hold fewer pictures than the plan, where an animation's encoder joined such as are the same; what is
 * open in one of them is taken for open in every frame that it may stand for.
 */
export async function examinePhoto(
  written: Photo,
  source: Photo,
  plan: Plan,
  detectors: Detectors,
  options: { readonly cover: 'head' | 'face'; readonly signal?: AbortSignal | undefined },
): Promise<Opening[]> {
  const { width, height, frameCount } = written;
  const [first, second] = await Promise.all([detectors.pool('photo'), detectors.pool('check')]);
  const looks = photoExaminations(width, height);
  const masks = masksOf(plan, options.cover);
  const kept = new KeptVisible(plan);
  const look = async ({ hasAlpha }: Photo, data: Uint8Array, share = 1): Promise<Detection[]> => {
    options.signal?.throwIfAborted();
    const pixels = { width, height, channels: hasAlpha ? 4 : 3, data } as const;
    const ask = async (asked: DetectorPool, name: DetectorName, list: readonly ScaledLook[]) => {
      const lowered = list.map(({ scale, threshold }) => ({ scale, threshold: threshold * share }));
      const seen = await lookAtPhoto(asked, name, pixels, lowered, options.signal);
      return seen.filter((face) => believable(face, lowered[0].threshold));
    };
    return mergeLooks([
      ...(await ask(second, secondNetwork(detectors.name), looks.second)),
      ...(await ask(first, detectors.name, looks.fine)),
    ]);
  };
  const joined = plan.film.frames - frameCount;
  const openings: Opening[] = [];
  const before = source.frames()[Symbol.asyncIterator]();
  try {
    for await (const { index, data } of written.frames()) {
      const original = await before.next();
      const found = await look(written, data);
      if (found.length === 0) continue;
      // Which original a joined picture shows is not known: nothing seen in it is taken for a work of its covers.
      const same = joined === 0 && !original.done ? original.value : undefined;
      let inSource: Detection[] | undefined;
      for (let frame = index; frame <= index + joined; frame++) {
        let open = kept.withoutThem(frame, exposedFaces(found, masks(frame)));
        if (same && open.some((face) => mayBeOfCovers(face, masks(frame)))) {
          inSource ??= await look(source, same.data, IN_SOURCE);
          open = confirmed(open, inSource, masks(frame));
        }
        for (const { box, score } of open) {
          openings.push({ from: frame, boxes: [box], score, reason: 'found in the written file' });
        }
      }
    }
  } finally {
    await before.return?.();
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
