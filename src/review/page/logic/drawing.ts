import type { DrawnRegion, EditBox } from '../../../core/review/edit.ts';
import { boundsOf } from './outline.ts';
import type { Point, Size } from './viewport.ts';

export type ShapeKind = 'ellipse' | 'rectangle' | 'polygon';

/** What is being drawn and not yet covered, in picture pixels. */
export interface Draft {
  readonly kind: ShapeKind;
  /** Two opposite corners of a box, or the corners of a polygon so far. */
  readonly points: readonly Point[];
}

/** Smaller than this in either direction is a slip of the hand, in picture pixels. */
const SMALLEST = 4;

export function clampPoint({ x, y }: Point, { width, height }: Size): Point {
  return { x: Math.min(Math.max(0, x), width), y: Math.min(Math.max(0, y), height) };
}

/** The region that a draft has become, or undefined while it is too small or has too few corners. */
export function regionOf({ kind, points }: Draft): DrawnRegion | undefined {
  const { x, y, width, height } = boundsOf(points.length > 0 ? points : [{ x: 0, y: 0 }]);
  if (width < SMALLEST || height < SMALLEST) return undefined;
  const box: EditBox = [x, y, width, height];
  if (kind === 'ellipse') return { ellipse: box };
  if (kind === 'rectangle') return { rectangle: box };
  return points.length >= 3 ? { polygon: points.map((p) => [p.x, p.y] as const) } : undefined;
}

/** A shape in the middle of what is seen, for drawing without a pointer: a sixth of the sight, upright like a head. */
export function draftInMiddle(kind: ShapeKind, centre: Point, sight: Size, picture: Size): Draft {
  const half = Math.max(SMALLEST, Math.min(sight.width, sight.height) / 12);
  const corners = [
    { x: centre.x - half, y: centre.y - half * 1.3 },
    { x: centre.x + half, y: centre.y + half * 1.3 },
  ];
  return { kind, points: corners.map((corner) => clampPoint(corner, picture)) };
}

/** The draft moved by (dx, dy), or its far corner alone when resizing; it stays inside the picture. */
export function nudge(draft: Draft, dx: number, dy: number, resize: boolean, picture: Size): Draft {
  const { x, y, width, height } = boundsOf(draft.points);
  if (resize) {
    const w = Math.max(SMALLEST, Math.min(width + dx, picture.width - x));
    const h = Math.max(SMALLEST, Math.min(height + dy, picture.height - y));
    return {
      ...draft,
      points: [
        { x, y },
        { x: x + w, y: y + h },
      ],
    };
  }
  const mx = Math.min(Math.max(dx, -x), picture.width - x - width);
  const my = Math.min(Math.max(dy, -y), picture.height - y - height);
  return { ...draft, points: draft.points.map((p) => ({ x: p.x + mx, y: p.y + my })) };
}
