import type { PlanTrack } from '../../../core/plan/plan.ts';
import { clampPoint } from '../logic/drawing.ts';
import { dragBox, type Handle, handleAt } from '../logic/handles.ts';
import { trackAt } from '../logic/hit.ts';
import { lastsThrough } from '../logic/track-state.ts';
import { type Point, toPicture } from '../logic/viewport.ts';
import { commitDraft, moveTrack } from '../state/draw.ts';
import { panPixels, zoomBy } from '../state/looking.ts';
import { chosen, chosenTracks, settings, shownFrame, tracksHere } from '../state/review.ts';
import { draft, draftByKeys, following, pictureSize, playing, tool, viewport } from '../state/view.ts';
import { choose } from '../state/walk.ts';

type Box4 = [number, number, number, number];

/** A track's box while it is dragged, before it is let go. */
export interface Moved {
  readonly track: number;
  readonly box: Box4;
}

/** Nearer than this to where it began, a drag is a click, in CSS pixels. */
const CLICK = 5;
/** How near to a handle, a corner or a small face counts as on it, in CSS pixels. */
const REACH = { mouse: 9, touch: 22 } as const;

interface Gesture {
  readonly kind: 'pan' | 'draw' | 'move' | 'pinch' | 'press';
  readonly start: Point;
  last: Point;
  readonly track?: PlanTrack;
  readonly handle?: Handle;
  moved: boolean;
}

/** What fingers, pens and mice do on the picture. */
export class StagePointer {
  readonly #element: HTMLElement;
  readonly #show: (moved: Moved | undefined, pointer: Point | undefined) => void;
  readonly #down = new Map<number, Point>();
  #gesture: Gesture | undefined;
  #moved: Moved | undefined;

  constructor(element: HTMLElement, show: (moved: Moved | undefined, pointer: Point | undefined) => void) {
    this.#element = element;
    this.#show = show;
    element.addEventListener('mousedown', this.#onMouseDown);
    element.addEventListener('pointerdown', this.#onDown);
    element.addEventListener('pointermove', this.#onMove);
    element.addEventListener('pointerup', this.#onUp);
    element.addEventListener('pointercancel', this.#onCancel);
    element.addEventListener('dblclick', this.#onDouble);
    element.addEventListener('wheel', this.#onWheel, { passive: false });
  }

  readonly #at = (event: MouseEvent): Point => {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  /** Keys go to the picture from now on, and not to the list or button that had the focus. */
  readonly #onMouseDown = (event: MouseEvent): void => {
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };

  readonly #reach = (event: PointerEvent) =>
    (event.pointerType === 'touch' ? REACH.touch : REACH.mouse) / viewport.peek().scale;

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button > 1) return;
    const at = this.#at(event);
    this.#down.set(event.pointerId, at);
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already.
    }
    if (this.#down.size === 2) {
      // A second finger: what the first one began was no drawing.
      if (this.#gesture?.kind === 'draw' && tool.peek() !== 'polygon') draft.value = undefined;
      this.#gesture = { kind: 'pinch', start: at, last: at, moved: true };
      this.#setMoved(undefined);
      return;
    }
    const point = toPicture(at, viewport.peek());
    if (event.button === 1) this.#begin('pan', at);
    else if (tool.peek() !== 'select') this.#beginDrawing(at, point);
    else this.#beginChoosing(event, at, point);
  };

  #begin(kind: Gesture['kind'], at: Point, more: Partial<Gesture> = {}): void {
    this.#gesture = { kind, start: at, last: at, moved: false, ...more };
  }

  #beginDrawing(at: Point, point: Point): void {
    if (following.peek()) return;
    const kind = tool.peek();
    const inside = clampPoint(point, pictureSize.peek());
    const now = draft.peek();
    playing.value = false;
    draftByKeys.value = false;
    if (kind === 'polygon' || kind === 'select') {
      this.#begin('draw', at);
      return;
    }
    // The second click of two sets the opposite corner.
    const first = now?.kind === kind && now.points.length === 1 ? now.points[0] : undefined;
    draft.value = { kind, points: first ? [first, inside] : [inside] };
    this.#begin('draw', at);
  }

  #beginChoosing(event: PointerEvent, at: Point, point: Point): void {
    const only = chosenTracks.peek();
    const track = only.length === 1 ? only[0] : undefined;
    const frame = shownFrame.peek();
    if (track && !playing.peek() && !event.shiftKey && lastsThrough(track, frame)) {
      const [x, y, width, height] = track.boxes[frame - track.from];
      const handle = handleAt(point, { x, y, width, height }, this.#reach(event));
      if (handle && (handle !== 'body' || track.standing === 'drawn')) {
        this.#begin('move', at, { track, handle });
        return;
      }
    }
    this.#begin('press', at);
  }

  readonly #onMove = (event: PointerEvent): void => {
    const at = this.#at(event);
    const before = this.#down.get(event.pointerId);
    if (before) this.#down.set(event.pointerId, at);
    const gesture = this.#gesture;
    const point = clampPoint(toPicture(at, viewport.peek()), pictureSize.peek());
    if (!gesture || !before) {
      this.#show(this.#moved, point);
      return;
    }
    if (gesture.kind === 'pinch') {
      this.#pinch(event.pointerId, before, at);
      return;
    }
    if (Math.hypot(at.x - gesture.start.x, at.y - gesture.start.y) > CLICK) gesture.moved = true;
    if (gesture.moved) this.#drag(gesture, at, point);
    gesture.last = at;
  };

  #drag(gesture: Gesture, at: Point, point: Point): void {
    if (gesture.kind === 'pan' || gesture.kind === 'press') {
      panPixels(at.x - gesture.last.x, at.y - gesture.last.y);
    } else if (gesture.kind === 'draw') {
      const now = draft.peek();
      if (now && now.kind !== 'polygon') draft.value = { ...now, points: [now.points[0], point] };
      this.#show(undefined, point);
    } else if (gesture.track && gesture.handle) {
      const { track, handle, start } = gesture;
      const [x, y, width, height] = track.boxes[shownFrame.peek() - track.from];
      const { scale } = viewport.peek();
      const box = dragBox(
        { x, y, width, height },
        handle,
        (at.x - start.x) / scale,
        (at.y - start.y) / scale,
      );
      this.#setMoved({ track: track.id, box: [box.x, box.y, box.width, box.height] });
    }
  }

  #pinch(id: number, before: Point, at: Point): void {
    const other = [...this.#down].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(at.x - other.x, at.y - other.y);
    panPixels((at.x - before.x) / 2, (at.y - before.y) / 2);
    if (was > 10 && is > 10) zoomBy(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  }

  readonly #onUp = (event: PointerEvent): void => {
    const at = this.#at(event);
    const gesture = this.#gesture;
    this.#down.delete(event.pointerId);
    if (this.#down.size > 0) return;
    this.#gesture = undefined;
    if (!gesture) return;
    const point = clampPoint(toPicture(at, viewport.peek()), pictureSize.peek());
    if (gesture.kind === 'draw') this.#endDrawing(event, gesture, point);
    else if (gesture.kind === 'press' && !gesture.moved) this.#press(event, point);
    else if (gesture.kind === 'move') {
      const moved = this.#moved;
      if (!moved) this.#press(event, point);
      else void moveTrack(moved.track, moved.box).then(() => this.#setMoved(undefined));
    }
  };

  #press(event: PointerEvent, point: Point): void {
    const track = trackAt(
      point,
      tracksHere.peek(),
      shownFrame.peek(),
      settings.peek().cover,
      this.#reach(event),
    );
    if (track) {
      playing.value = false;
      choose(track, event.shiftKey);
    } else if (!event.shiftKey) chosen.value = [];
  }

  #endDrawing(event: PointerEvent, gesture: Gesture, point: Point): void {
    const now = draft.peek();
    if (tool.peek() === 'polygon') {
      const corners = now?.points ?? [];
      const [first] = corners;
      const closes =
        first &&
        corners.length >= 3 &&
        Math.hypot(first.x - point.x, first.y - point.y) <= this.#reach(event);
      if (closes) void commitDraft();
      else draft.value = { kind: 'polygon', points: [...corners, point] };
      return;
    }
    // A first click waits for the second.
    if (now && (gesture.moved || now.points.length === 2)) {
      if (gesture.moved) draft.value = { ...now, points: [now.points[0], point] };
      void commitDraft();
    }
  }

  readonly #onCancel = (event: PointerEvent): void => {
    this.#down.delete(event.pointerId);
    this.#gesture = undefined;
    this.#setMoved(undefined);
  };

  readonly #onDouble = (event: MouseEvent): void => {
    if (tool.peek() === 'polygon') void commitDraft();
    else if (tool.peek() === 'select' && event.shiftKey === false) event.preventDefault();
  };

  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.shiftKey) panPixels(-event.deltaY, 0);
    else zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), this.#at(event));
  };

  #setMoved(moved: Moved | undefined): void {
    this.#moved = moved;
    this.#show(moved, undefined);
  }
}
