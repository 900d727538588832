import type { Box } from '../../../core/geometry/box.ts';
import type { Point } from './viewport.ts';

/** Which sides a handle moves: -1 the left or upper one, 1 the right or lower one, 0 none. `body` moves all. */
export type Handle = { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 } | 'body';

const SIDES = [-1, 0, 1] as const;

/** Where the eight handles of a box are. */
export function handlesOf({ x, y, width, height }: Box): { handle: Handle; at: Point }[] {
  return SIDES.flatMap((sy) =>
    SIDES.filter((sx) => sx !== 0 || sy !== 0).map((sx) => ({
      handle: { x: sx, y: sy },
      at: { x: x + ((sx + 1) / 2) * width, y: y + ((sy + 1) / 2) * height },
    })),
  );
}

/** The handle of a box within `reach` of a point, its body where it lies inside, or undefined. */
export function handleAt(point: Point, box: Box, reach: number): Handle | undefined {
  let nearest: { handle: Handle; away: number } | undefined;
  for (const { handle, at } of handlesOf(box)) {
    const away = Math.hypot(at.x - point.x, at.y - point.y);
    if (away <= reach && (!nearest || away < nearest.away)) nearest = { handle, away };
  }
  if (nearest) return nearest.handle;
  const within =
    point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;
  return within ? 'body' : undefined;
}

/** The box after its handle was dragged by (dx, dy); it never gets narrower or lower than `smallest`. */
export function dragBox(box: Box, handle: Handle, dx: number, dy: number, smallest = 4): Box {
  if (handle === 'body') return { ...box, x: box.x + dx, y: box.y + dy };
  const along = (from: number, size: number, side: -1 | 0 | 1, by: number): [number, number] => {
    if (side === 0) return [from, size];
    const length = Math.max(smallest, size + side * by);
    return side > 0 ? [from, length] : [from + size - length, length];
  };
  const [x, width] = along(box.x, box.width, handle.x, dx);
  const [y, height] = along(box.y, box.height, handle.y, dy);
  return { x, y, width, height };
}
