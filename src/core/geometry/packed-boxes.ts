import type { Box } from './box.ts';

/** Boxes as x, y, width, height after one another: a quarter of the memory that objects take. */
export type PackedBoxes = Float64Array;

export function packBoxes(boxes: readonly Box[]): PackedBoxes {
  const packed = new Float64Array(boxes.length * 4);
  boxes.forEach(({ x, y, width, height }, i) => {
    packed.set([x, y, width, height], i * 4);
  });
  return packed;
}

export function unpackBoxes(packed: PackedBoxes): Box[] {
  return Array.from({ length: packed.length / 4 }, (_, i) => {
    const at = i * 4;
    return { x: packed[at], y: packed[at + 1], width: packed[at + 2], height: packed[at + 3] };
  });
}
