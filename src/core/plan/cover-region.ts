import { assertNever } from '../errors.ts';
import { type Box, centre } from '../geometry/box.ts';
import type { Region } from '../redact/region.ts';
import { boxOf } from './box-tuple.ts';
import type { PlanTrack } from './plan.ts';

/** The box of a track in frame `index`, which it must last through, as large as it was made to grow. */
export function grownBox({ from, boxes, grow }: PlanTrack, index: number): Box {
  const box = boxOf(boxes[index - from]);
  if (grow === undefined) return box;
  const { x, y } = centre(box);
  const [width, height] = [box.width * grow, box.height * grow];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * What a track covers in frame `index`, which it must last through, in source pixels: its drawn shape, or the
 * head or face, as `cover` says, of one without.
 */
export function coverRegion(track: PlanTrack, index: number, cover: 'head' | 'face'): Region {
  const box = grownBox(track, index);
  const { shape } = track;
  switch (shape?.kind) {
    case undefined:
      return { box, cover };
    case 'rectangle':
      return { rectangle: box };
    case 'ellipse':
      return { ellipse: box };
    case 'polygon': {
      const polygon = shape.points.map(([x, y]) => ({
        x: box.x + x * box.width,
        y: box.y + y * box.height,
      }));
      return { polygon };
    }
    default:
      return assertNever(shape, 'shape');
  }
}
