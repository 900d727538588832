import { coverRegion } from '../../../core/plan/cover-region.ts';
import type { PlanRisk, PlanTrack } from '../../../core/plan/plan.ts';
import type { Draft } from '../logic/drawing.ts';
import { handlesOf } from '../logic/handles.ts';
import { boundsOf, outline } from '../logic/outline.ts';
import { stateOf, type TrackState } from '../logic/track-state.ts';
import { type Point, toStage, type Viewport } from '../logic/viewport.ts';

/** Colours over the picture; the same in light and dark, because the picture is. */
export const STATE_COLOURS: Readonly<Record<TrackState, string>> = {
  covered: '#3fd8c2',
  doubtful: '#ffc247',
  drawn: '#c3a5ff',
  kept: '#ff6b6b',
};
const DASHES: Readonly<Record<TrackState, readonly number[]>> = {
  covered: [],
  doubtful: [6, 4],
  drawn: [12, 4, 2, 4],
  kept: [],
};
const CASING = 'rgba(0, 0, 0, 0.75)';
const CHOSEN = '#ffffff';
/** Signs are left out of covers lower than this, in CSS pixels. */
const SIGN_FROM = 26;

export interface Overlay {
  readonly frame: number;
  readonly tracks: readonly PlanTrack[];
  readonly chosen: readonly number[];
  readonly cover: 'head' | 'face';
  /** Outlines of everything; what is chosen or visible has one in any case. */
  readonly masks: boolean;
  /** Whether covers are tinted; not where the picture shows what they will look like. */
  readonly tint: boolean;
  /** Whether the chosen track can be taken by its handles. */
  readonly handles: boolean;
  readonly moved:
    | { readonly track: number; readonly box: readonly [number, number, number, number] }
    | undefined;
  readonly risk: PlanRisk | undefined;
  readonly draft: Draft | undefined;
  readonly pointer: Point | undefined;
  readonly cross: Point | undefined;
  readonly following: boolean;
  readonly viewport: Viewport;
}

/** Draws what is known about a frame over it. The context's unit is a CSS pixel. */
export function paintOverlay(ctx: CanvasRenderingContext2D, overlay: Overlay): void {
  const { tracks, chosen, masks } = overlay;
  ctx.lineJoin = 'round';
  for (const track of tracks) {
    const state = stateOf(track);
    if (masks || state === 'kept' || chosen.includes(track.id)) paintTrack(ctx, track, state, overlay);
  }
  if (overlay.risk) paintRisk(ctx, overlay.risk, overlay);
  if (overlay.draft || overlay.cross) paintDraft(ctx, overlay);
}

function paintTrack(
  ctx: CanvasRenderingContext2D,
  track: PlanTrack,
  state: TrackState,
  { frame, cover, viewport, chosen, handles, moved, masks, tint }: Overlay,
): void {
  const here = moved?.track === track.id ? { ...track, from: frame, boxes: [[...moved.box]] } : track;
  const shown = here as PlanTrack;
  const corners = outline(coverRegion(shown, frame, cover)).map((corner) => toStage(corner, viewport));
  const bounds = boundsOf(corners);
  const path = pathOf(corners, true);
  const isChosen = chosen.includes(track.id);
  const colour = STATE_COLOURS[state];
  if (masks && tint && state !== 'kept') {
    ctx.fillStyle = colour;
    ctx.globalAlpha = isChosen ? 0.28 : 0.16;
    ctx.fill(path);
    ctx.globalAlpha = 1;
  }
  if (isChosen) stroke(ctx, path, CHOSEN, 5, []);
  stroke(ctx, path, colour, state === 'kept' ? 3 : 2, DASHES[state]);
  if (state === 'kept' && bounds.width >= 2 * SIGN_FROM) {
    // A second line inside the first: it stands out without its colour too.
    ctx.save();
    ctx.clip(path);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 14;
    ctx.stroke(path);
    ctx.strokeStyle = CASING;
    ctx.lineWidth = 9;
    ctx.stroke(path);
    ctx.restore();
    stroke(ctx, path, colour, 3, []);
  }
  if (state === 'kept' || (state !== 'covered' && bounds.height >= SIGN_FROM)) {
    paintSign(ctx, state, { x: bounds.x + bounds.width / 2, y: bounds.y });
  }
  if (isChosen && handles) {
    const [x, y, width, height] = shown.boxes[frame - shown.from];
    const corner = toStage({ x, y }, viewport);
    const box = { ...corner, width: width * viewport.scale, height: height * viewport.scale };
    ctx.strokeStyle = CHOSEN;
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 3]);
    ctx.strokeRect(box.x, box.y, box.width, box.height);
    ctx.setLineDash([]);
    for (const { at } of handlesOf(box)) square(ctx, at, 4);
  }
}

function square(ctx: CanvasRenderingContext2D, { x, y }: Point, half: number): void {
  ctx.fillStyle = CASING;
  ctx.fillRect(x - half - 1, y - half - 1, 2 * half + 2, 2 * half + 2);
  ctx.fillStyle = CHOSEN;
  ctx.fillRect(x - half, y - half, 2 * half, 2 * half);
}

/** A round sign on the upper edge of a cover: an eye, a question mark or a pencil. */
function paintSign(ctx: CanvasRenderingContext2D, state: TrackState, { x, y }: Point): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.beginPath();
  ctx.arc(0, 0, 10, 0, 2 * Math.PI);
  ctx.fillStyle = '#14181b';
  ctx.fill();
  ctx.strokeStyle = STATE_COLOURS[state];
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  if (state === 'kept') {
    ctx.moveTo(-6, 0);
    ctx.quadraticCurveTo(0, -7, 6, 0);
    ctx.quadraticCurveTo(0, 7, -6, 0);
    ctx.moveTo(1.8, 0);
    ctx.arc(0, 0, 1.8, 0, 2 * Math.PI);
  } else if (state === 'drawn') {
    ctx.moveTo(-4, 4);
    ctx.lineTo(-3, 1);
    ctx.lineTo(3, -5);
    ctx.lineTo(5, -3);
    ctx.lineTo(-1, 3);
    ctx.closePath();
  } else {
    ctx.moveTo(-2.6, -2);
    ctx.quadraticCurveTo(-2.6, -5, 0, -5);
    ctx.quadraticCurveTo(2.8, -5, 2.8, -2.4);
    ctx.quadraticCurveTo(2.8, -0.6, 0, 0);
    ctx.lineTo(0, 1.6);
    ctx.moveTo(0, 4.4);
    ctx.lineTo(0, 4.6);
  }
  ctx.stroke();
  ctx.restore();
}

/** Brackets around a place to look at. */
function paintRisk(ctx: CanvasRenderingContext2D, { at, box }: PlanRisk, { frame, viewport }: Overlay): void {
  if (!box || at !== frame) return;
  const away = 10;
  const corner = toStage({ x: box[0], y: box[1] }, viewport);
  const [left, top] = [corner.x - away, corner.y - away];
  const right = corner.x + box[2] * viewport.scale + away;
  const bottom = corner.y + box[3] * viewport.scale + away;
  const arm = Math.max(8, Math.min(22, (right - left) / 3));
  const path = new Path2D();
  for (const [x, dx] of [
    [left, 1],
    [right, -1],
  ] as const) {
    for (const [y, dy] of [
      [top, 1],
      [bottom, -1],
    ] as const) {
      path.moveTo(x + dx * arm, y);
      path.lineTo(x, y);
      path.lineTo(x, y + dy * arm);
    }
  }
  stroke(ctx, path, CHOSEN, 3, []);
}

function paintDraft(
  ctx: CanvasRenderingContext2D,
  { draft, pointer, cross, viewport, following }: Overlay,
): void {
  const colour = STATE_COLOURS.drawn;
  if (draft && draft.kind !== 'polygon') {
    const box = boundsOf(draft.points.map((point) => toStage(point, viewport)));
    const region = draft.kind === 'ellipse' ? { ellipse: box } : { rectangle: box };
    const path = pathOf(outline(region), true);
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.25;
    ctx.fill(path);
    ctx.globalAlpha = 1;
    stroke(ctx, path, colour, 2, following ? [4, 4] : DASHES.drawn);
    if (draft.points.length === 1) square(ctx, toStage(draft.points[0], viewport), 4);
  } else if (draft) {
    const corners = draft.points.map((point) => toStage(point, viewport));
    const end = cross ? toStage(cross, viewport) : pointer && toStage(pointer, viewport);
    const path = pathOf(end && !following ? [...corners, end] : corners, corners.length > 2);
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.25;
    ctx.fill(path);
    ctx.globalAlpha = 1;
    stroke(ctx, path, colour, 2, DASHES.drawn);
    for (const corner of corners) square(ctx, corner, 4);
  }
  if (cross) {
    const { x, y } = toStage(cross, viewport);
    stroke(ctx, new Path2D(`M${x - 12} ${y}h24M${x} ${y - 12}v24`), CHOSEN, 2, []);
  }
}

function pathOf(corners: readonly Point[], closed: boolean): Path2D {
  const path = new Path2D();
  for (const { x, y } of corners) path.lineTo(x, y);
  if (closed) path.closePath();
  return path;
}

/** A line with a dark one under it, so that it shows on any picture. */
function stroke(
  ctx: CanvasRenderingContext2D,
  path: Path2D,
  colour: string,
  width: number,
  dashes: readonly number[],
): void {
  ctx.setLineDash([]);
  ctx.strokeStyle = CASING;
  ctx.lineWidth = width + 2;
  ctx.stroke(path);
  ctx.setLineDash([...dashes]);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke(path);
  ctx.setLineDash([]);
}
