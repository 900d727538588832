import { iou } from '../geometry/box.ts';
import type { Detection } from './detection.ts';

/**
 * Greedy non-maximum suppression: of detections that overlap by more than `threshold` (IoU), the one with the
 * highest score stays. Returns them by falling score; ties keep their order.
 */
export function nonMaximumSuppression<D extends Detection>(detections: readonly D[], threshold: number): D[] {
  const kept: D[] = [];
  for (const candidate of [...detections].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => iou(other.box, candidate.box) <= threshold)) kept.push(candidate);
  }
  return kept;
}
