import type { Detection } from '../detect/detection.ts';
import { iou } from '../geometry/box.ts';
import type { Mask } from '../redact/mask.ts';
import { exposedShare } from './exposed.ts';

/** What is open to this share and more, covers have no part in. */
const CLEAR = 0.95;
/** Boxes in two pictures of one frame that overlap this much are one face. */
const SAME_FACE = 0.35;
/** What a network must score in the source, as a share of what it must in the written picture. */
export const IN_SOURCE = 0.5;

/** Whether a network saw the same face in another picture of the same frame. */
export function alsoSeen({ box }: Detection, there: readonly Detection[]): boolean {
  return there.some((other) => iou(other.box, box) >= SAME_FACE);
}

/**
 * Those of the detections in a written picture that are no work of its covers. A smooth fill between what is left of
 * a crowd can look like a large face out of focus, so what reaches into covers is believed only if a network
 * saw it in the source too (`inSource`, same frame, source pixels).
 */
export function confirmed(
  open: readonly Detection[],
  inSource: readonly Detection[],
  mask: Mask,
): Detection[] {
  return open.filter((face) => exposedShare(face.box, mask) >= CLEAR || alsoSeen(face, inSource));
}
