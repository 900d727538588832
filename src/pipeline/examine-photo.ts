import { confirmed } from '../core/check/confirm.ts';
import { believable, photoExaminations } from '../core/check/examiners.ts';
import { exposedFaces } from '../core/check/exposed.ts';
import { KeptVisible } from '../core/check/kept-visible.ts';
import type { Opening } from '../core/check/mend.ts';
import type { Detection } from '../core/detect/detection.ts';
import { mergeLooks } from '../core/detect/looks.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { rasterise } from '../core/redact/mask.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import type { Photo } from '../node/media/photo/photo.ts';
import { type ExaminedPicture, lookAs } from './second-opinion-photo.ts';

/**
 * Looks for people in a photo that was just written, by networks of two families: for faces that no cover hides.
 * `source` says what was seen in each picture of the original. `written` may hold fewer pictures than the plan, where
 * an animation's encoder joined such as are the same; what is open in one of them is taken for open in every frame
 * that it may stand for.
 */
export async function examinePhoto(
  written: Photo,
  plan: Plan,
  source: readonly ExaminedPicture[],
  detectors: Detectors,
  { cover, signal }: { readonly cover: 'head' | 'face'; readonly signal?: AbortSignal | undefined },
): Promise<Opening[]> {
  const { width, height, frameCount } = written;
  const { second, fine } = photoExaminations(detectors.name, width, height);
  const covers = new CoverIndex(plan);
  const masks = Array.from({ length: plan.film.frames }, (_, frame) =>
    rasterise(covers.regionsAt(frame, cover), width, height),
  );
  const kept = new KeptVisible(plan);
  const joined = plan.film.frames - frameCount;
  const openings: Opening[] = [];
  for await (const picture of written.frames()) {
    const found: Detection[] = [];
    for (const each of [second, fine]) {
      const list = await lookAs(each, written, picture, detectors, 1, signal);
      found.push(...list.filter((face) => believable(face, each.threshold)));
    }
    const faces = mergeLooks(found);
    for (let frame = picture.index; faces.length > 0 && frame <= picture.index + joined; frame++) {
      const open = kept.withoutThem(frame, exposedFaces(faces, masks[frame]));
      for (const { box, score } of confirmed(open, source[frame]?.seen ?? [], masks[frame])) {
        openings.push({ from: frame, boxes: [box], score, reason: 'found in the written file' });
      }
    }
  }
  return openings;
}
