import type { Detection } from '../detect/detection.ts';
import { type Box, centre } from '../geometry/box.ts';
import { boxOf } from '../plan/box-tuple.ts';
import type { Plan } from '../plan/plan.ts';

/** The people whom somebody decided to leave visible: seeing their faces is no miss. */
export class KeptVisible {
  readonly #tracks: Plan['tracks'];

  constructor(plan: Plan) {
    this.#tracks = plan.tracks.filter(({ decision }) => decision === 'keep');
  }

  /** The faces of a frame that are not theirs. A face is somebody's if the middle of each lies in the other's box. */
  withoutThem(frame: number, faces: readonly Detection[]): Detection[] {
    const kept = this.#tracks.flatMap(({ from, boxes }) => {
      const box = boxes[frame - from];
      return box ? [boxOf(box)] : [];
    });
    return faces.filter(({ box }) => !kept.some((own) => holds(own, centre(box)) && holds(box, centre(own))));
  }
}

function holds({ x, y, width, height }: Box, point: { readonly x: number; readonly y: number }): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}
