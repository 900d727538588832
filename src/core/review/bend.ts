import { centre } from '../geometry/box.ts';
import { boxOf, tupleOf } from '../plan/box-tuple.ts';
import type { EditBox } from './edit.ts';

type Tuple = [number, number, number, number];

/** Boxes over consecutive frames from `from` on. */
export interface Path {
  readonly from: number;
  readonly boxes: readonly EditBox[];
}

/**
 * Bends a path so that it goes through `box` in frame `at`. The frames from there to `before` and to `after`,
 * which stay as they are, follow less and less; with `before` or `after` undefined, all frames on that side
 * follow in full. Between two fixed frames a straight path becomes two straight ones, so this is how keyframes
 * are interpolated; a path that was followed through a film keeps its movement. Frames between the path's end and
 * a frame beyond it are filled evenly.
 */
export function bend(
  path: Path,
  at: number,
  box: EditBox,
  before: number | undefined,
  after: number | undefined,
): Path {
  const long = lengthen(path, at);
  const old = boxOf(long.boxes[at - long.from]);
  const [was, is] = [centre(old), centre(boxOf(box))];
  const shift = { x: is.x - was.x, y: is.y - was.y };
  const ratio = { width: box[2] / thick(old.width), height: box[3] / thick(old.height) };
  const boxes = long.boxes.map((tuple, i): EditBox => {
    const frame = long.from + i;
    if (frame === at) return box;
    const share = shareAt(frame, at, before, after);
    if (share === 0) return tuple;
    const { x, y } = centre(boxOf(tuple));
    // Sizes by ratio: they cannot fall below nothing, and an even growth stays one.
    const width = thick(tuple[2]) * ratio.width ** share;
    const height = thick(tuple[3]) * ratio.height ** share;
    return tupleOf({
      x: x + shift.x * share - width / 2,
      y: y + shift.y * share - height / 2,
      width,
      height,
    });
  });
  return { from: long.from, boxes };
}

/** How far a frame follows: 1 at `at`, 0 at the fixed frames and beyond. */
function shareAt(frame: number, at: number, before: number | undefined, after: number | undefined): number {
  const fixed = frame < at ? before : after;
  if (fixed === undefined) return 1;
  return Math.max(0, 1 - (frame - at) / (fixed - at));
}

/** The path, standing still from its end to a frame beyond it. */
function lengthen({ from, boxes }: Path, frame: number): Path {
  const end = from + boxes.length;
  if (frame < from) {
    return { from: frame, boxes: [...new Array<EditBox>(from - frame).fill(boxes[0]), ...boxes] };
  }
  if (frame < end) return { from, boxes };
  return { from, boxes: [...boxes, ...new Array<EditBox>(frame + 1 - end).fill(boxes[boxes.length - 1])] };
}

/** Boxes in the gap from one box to the next, evenly spaced; `count` of them. */
export function between(a: EditBox, b: EditBox, count: number): Tuple[] {
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 1) / (count + 1);
    const [x, y, width, height] = a.map((value, k) => value + (b[k] - value) * share);
    return tupleOf({ x, y, width, height });
  });
}

const thick = (size: number) => Math.max(1, size);
