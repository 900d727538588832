import type { Detection } from '../detect/detection.ts';
import { iou } from '../geometry/box.ts';
import type { Mask } from '../redact/mask.ts';
import { SAME_FACE } from './examiners.ts';
import { exposedShare } from './exposed.ts';

/** What is open to this share and more, covers have no part in. */
const CLEAR = 0.95;
/** What a network must score in the source, as a share of what it must in the written picture. */
export const IN_SOURCE = 0.5;

/** Whether covers may have a part in what was seen here. */
export function mayBeOfCovers({ box }: Detection, mask: Mask): boolean {
  return exposedShare(box, mask) < CLEAR;
}

/**
 * Those of the detections in a written picture that are no work of its covers. A smooth fill between what is left of
 * a crowd can look like a large face out of focus, so what reaches into covers is believed only if the same network
 * saw it in the source too (`inSource`, same frame, source pixels).
 */
export function confirmed(
  open: readonly Detection[],
  inSource: readonly Detection[],
  mask: Mask,
): Detection[] {
  return open.filter(
    (face) => !mayBeOfCovers(face, mask) || inSource.some(({ box }) => iou(face.box, box) >= SAME_FACE),
  );
}
