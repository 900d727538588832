import { coverRegion } from '../../../core/plan/cover-region.ts';
import type { PlanTrack } from '../../../core/plan/plan.ts';
import { faceOutline } from '../../../core/redact/paint/face.ts';
import { ellipseIn, type Superellipse } from '../../../core/redact/paint/superellipse.ts';
import type { Region } from '../../../core/redact/region.ts';
import type { Point } from './viewport.ts';

/** Corners that stand for a curved outline; enough to look round on a large screen. */
const STEPS = 48;

/** The outline of what a track covers in a frame that it lasts through, as corners in picture pixels. */
export function outlineOf(track: PlanTrack, frame: number, cover: 'head' | 'face'): Point[] {
  return outline(coverRegion(track, frame, cover));
}

export function outline(region: Region): Point[] {
  if ('polygon' in region) return [...region.polygon];
  if ('rectangle' in region) {
    const { x, y, width, height } = region.rectangle;
    return [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ];
  }
  return around('ellipse' in region ? ellipseIn(region.ellipse) : faceOutline(region));
}

function around({ cx, cy, rx, ry, n }: Superellipse): Point[] {
  const bend = (value: number) => Math.sign(value) * Math.abs(value) ** (2 / n);
  return Array.from({ length: STEPS }, (_, i) => {
    const angle = (2 * Math.PI * i) / STEPS;
    return { x: cx + rx * bend(Math.cos(angle)), y: cy + ry * bend(Math.sin(angle)) };
  });
}

/** The smallest box around some corners. */
export function boundsOf(corners: readonly Point[]): { x: number; y: number; width: number; height: number } {
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Whether a point lies inside an outline (even-odd). */
export function inside(point: Point, corners: readonly Point[]): boolean {
  let within = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [a, b] = [corners[i], corners[j]];
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) {
      within = !within;
    }
  }
  return within;
}
