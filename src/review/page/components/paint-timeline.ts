import type { PlanRisk, PlanTrack } from '../../../core/plan/plan.ts';
import type { Span } from '../logic/decide.ts';
import type { Language } from '../logic/digits.ts';
import type { FrameTimes } from '../logic/frame-times.ts';
import { lanesInSight } from '../logic/lanes.ts';
import { rulerMarks, rulerStep } from '../logic/ruler.ts';
import { shortTimeCode, timeCode } from '../logic/time-code.ts';
import { type TimeWindow, xOf } from '../logic/time-window.ts';
import { endOf, stateOf, type TrackState } from '../logic/track-state.ts';

/** Heights in CSS pixels, from the top: the whole film, the time codes, the risks, and each lane. */
export const OVERVIEW = 12;
const RULER = 22;
const RISKS = 18;
export const LANE = 14;
export const LANES_TOP = OVERVIEW + RULER + RISKS;
/** Marks nearer to another than this would run into one another. */
const APART = 7;

/** Colours of the page's theme, read from its style sheet. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  readonly strong: string;
  readonly states: Readonly<Record<TrackState, string>>;
  readonly font: string;
}

export interface TimelineView {
  readonly width: number;
  readonly height: number;
  readonly window: TimeWindow;
  readonly times: FrameTimes;
  readonly language: Language;
  readonly lanes: readonly PlanTrack[];
  readonly scroll: number;
  readonly chosen: readonly number[];
  readonly cuts: readonly number[];
  readonly risks: readonly PlanRisk[];
  readonly risk: number | undefined;
  readonly visible: readonly (readonly [number, number])[];
  readonly span: Span;
  readonly frame: number;
  readonly palette: Palette;
}

/** Draws the time axis, the risks, one lane a track and the playhead. Only what is in sight costs anything. */
export function paintTimeline(ctx: CanvasRenderingContext2D, view: TimelineView): void {
  const { width, height, palette } = view;
  ctx.clearRect(0, 0, width, height);
  ctx.font = palette.font;
  ctx.textBaseline = 'middle';
  const x = (frame: number) => xOf(view.times.at(frame), view.window, width);
  paintLanes(ctx, view, x);
  paintCuts(ctx, view, x);
  ctx.fillStyle = palette.panel;
  ctx.fillRect(0, 0, width, LANES_TOP);
  paintOverview(ctx, view);
  ctx.save();
  ctx.translate(0, OVERVIEW);
  paintRuler(ctx, view);
  paintVisible(ctx, view, x);
  paintRisks(ctx, view, x);
  ctx.restore();
  paintSpan(ctx, view, x);
  paintPlayhead(ctx, view, x);
}

type ToX = (frame: number) => number;

/** The whole film in one line: what is left to look at, who stays visible, and the part that is shown below. */
function paintOverview(ctx: CanvasRenderingContext2D, view: TimelineView): void {
  const { width, palette, times, risks, visible, window, frame } = view;
  const x = (seconds: number) => (seconds / times.duration) * width;
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, 0, width, OVERVIEW - 2);
  ctx.fillStyle = palette.states.doubtful;
  for (const { at, seen } of risks) if (!seen) ctx.fillRect(x(times.at(at)) - 1, 1, 2, 4);
  ctx.fillStyle = palette.states.kept;
  for (const [from, to] of visible) {
    ctx.fillRect(x(times.at(from)), 6, Math.max(2, x(times.at(to) - times.at(from))), 4);
  }
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(x(window.from) + 0.75, 0.75, Math.max(3, x(window.to - window.from) - 1.5), OVERVIEW - 3.5);
  ctx.fillStyle = palette.strong;
  ctx.fillRect(x(times.at(frame)) - 1, 0, 2, OVERVIEW - 2);
}

function paintRuler(ctx: CanvasRenderingContext2D, { width, window, palette, language }: TimelineView): void {
  const perSecond = width / (window.to - window.from || 1);
  const step = rulerStep(perSecond, 84);
  ctx.fillStyle = palette.muted;
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  ctx.textAlign = 'left';
  for (const seconds of rulerMarks(window.from, window.to, step)) {
    const at = Math.round(xOf(seconds, window, width)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(at, RULER - 12);
    ctx.lineTo(at, RULER - 4);
    ctx.stroke();
    ctx.fillText(step < 1 ? timeCode(seconds + 1e-6, language) : shortTimeCode(seconds, language), at + 4, 9);
  }
}

/** Where anybody stays visible, right under the time codes: it cannot be scrolled away. */
function paintVisible(ctx: CanvasRenderingContext2D, { visible, palette }: TimelineView, x: ToX): void {
  ctx.fillStyle = palette.states.kept;
  for (const [from, to] of visible) {
    const left = x(from);
    ctx.fillRect(left, RULER - 4, Math.max(3, x(to) - left), 4);
  }
}

/** A triangle a risk: full while nobody looked, the larger the riskier. Where many crowd, the worst are shown. */
function paintRisks(
  ctx: CanvasRenderingContext2D,
  { risks, risk, palette, width }: TimelineView,
  x: ToX,
): void {
  const bottom = RULER + RISKS - 2;
  const taken = new Set<number>();
  risks.forEach(({ from, to, at, level, seen }, index) => {
    const middle = x(at);
    const slot = Math.round(middle / (2 * APART));
    if (middle < -20 || middle > width + 20 || (taken.has(slot) && index !== risk)) return;
    taken.add(slot);
    const size = 4 + 5 * level;
    if (index === risk) {
      ctx.fillStyle = palette.strong;
      ctx.globalAlpha = 0.25;
      ctx.fillRect(x(from), RULER, Math.max(2, x(to) - x(from)), RISKS);
      ctx.globalAlpha = 1;
    }
    ctx.beginPath();
    ctx.moveTo(middle - size, bottom - 2 * size + 1);
    ctx.lineTo(middle + size, bottom - 2 * size + 1);
    ctx.lineTo(middle, bottom);
    ctx.closePath();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = index === risk ? palette.strong : palette.text;
    ctx.fillStyle = index === risk ? palette.strong : palette.states.doubtful;
    if (!seen) ctx.fill();
    ctx.globalAlpha = seen ? 0.6 : 1;
    ctx.stroke();
    ctx.globalAlpha = 1;
  });
}

function paintLanes(ctx: CanvasRenderingContext2D, view: TimelineView, x: ToX): void {
  const { lanes, scroll, height, width, chosen, palette } = view;
  const room = height - LANES_TOP;
  const { first, count } = lanesInSight(lanes.length, scroll, LANE, room);
  for (let i = first; i < first + count; i++) {
    const track = lanes[i];
    const top = LANES_TOP + i * LANE - scroll;
    const state = stateOf(track);
    const left = Math.max(-4, x(track.from));
    const right = Math.min(width + 4, x(endOf(track)));
    const isChosen = chosen.includes(track.id);
    if (isChosen) {
      ctx.fillStyle = palette.strong;
      ctx.globalAlpha = 0.18;
      ctx.fillRect(0, top, width, LANE);
      ctx.globalAlpha = 1;
    }
    paintBar(ctx, state, left, top + 2, Math.max(2, right - left), LANE - 4, palette);
    ctx.fillStyle = palette.text;
    for (const key of track.keys ?? []) {
      const at = x(key);
      ctx.fillRect(at - 1, top + 1, 3, LANE - 2);
    }
    if (isChosen) {
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = 2;
      ctx.strokeRect(left, top + 2, Math.max(2, right - left), LANE - 4);
    }
  }
}

/** Covered is full, doubtful is striped, drawn has a line along its middle, visible is two lines. */
function paintBar(
  ctx: CanvasRenderingContext2D,
  state: TrackState,
  x: number,
  y: number,
  width: number,
  height: number,
  palette: Palette,
): void {
  ctx.fillStyle = palette.states[state];
  if (state === 'kept') {
    ctx.fillRect(x, y, width, 3);
    ctx.fillRect(x, y + height - 3, width, 3);
    ctx.fillRect(x, y, Math.min(width, 3), height);
    ctx.fillRect(x + Math.max(0, width - 3), y, Math.min(width, 3), height);
    return;
  }
  if (state === 'covered') ctx.globalAlpha = 0.75;
  ctx.fillRect(x, y, width, height);
  ctx.globalAlpha = 1;
  if (state === 'covered') return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 2;
  ctx.beginPath();
  if (state === 'drawn') {
    ctx.moveTo(x, y + height / 2);
    ctx.lineTo(x + width, y + height / 2);
  } else {
    for (let at = x - height; at < x + width; at += 7) {
      ctx.moveTo(at, y + height);
      ctx.lineTo(at + height, y);
    }
  }
  ctx.stroke();
  ctx.restore();
}

function paintCuts(
  ctx: CanvasRenderingContext2D,
  { cuts, height, width, palette }: TimelineView,
  x: ToX,
): void {
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  let last = -APART;
  for (const cut of cuts) {
    const at = Math.round(x(cut)) + 0.5;
    if (at < 0 || at > width || at - last < APART) continue;
    last = at;
    ctx.beginPath();
    ctx.moveTo(at, LANES_TOP);
    ctx.lineTo(at, height);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function paintSpan(
  ctx: CanvasRenderingContext2D,
  { span, height, width, palette }: TimelineView,
  x: ToX,
): void {
  const { from, to } = span;
  if (from === undefined && to === undefined) return;
  const left = from === undefined ? 0 : x(from);
  const right = to === undefined ? width : x(to);
  ctx.fillStyle = palette.text;
  ctx.globalAlpha = 0.1;
  const top = OVERVIEW + RULER;
  ctx.fillRect(left, top, right - left, height - top);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 2;
  for (const [at, inwards] of [
    [from === undefined ? undefined : left, 1],
    [to === undefined ? undefined : right, -1],
  ] as const) {
    if (at === undefined) continue;
    ctx.beginPath();
    ctx.moveTo(at + inwards * 6, top + 1);
    ctx.lineTo(at, top + 1);
    ctx.lineTo(at, height - 1);
    ctx.lineTo(at + inwards * 6, height - 1);
    ctx.stroke();
  }
}

function paintPlayhead(
  ctx: CanvasRenderingContext2D,
  { frame, height, palette }: TimelineView,
  x: ToX,
): void {
  const at = Math.round(x(frame)) + 0.5;
  const wide = x(frame + 1) - x(frame);
  if (wide > 4) {
    // Drawn wide enough to see that a frame lasts.
    ctx.fillStyle = palette.strong;
    ctx.globalAlpha = 0.2;
    ctx.fillRect(at, LANES_TOP, wide, height);
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = palette.strong;
  ctx.fillStyle = palette.strong;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(at, OVERVIEW + 4);
  ctx.lineTo(at, height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(at - 6, OVERVIEW);
  ctx.lineTo(at + 6, OVERVIEW);
  ctx.lineTo(at, OVERVIEW + 9);
  ctx.closePath();
  ctx.fill();
}
