import type { Box } from '../../../core/geometry/box.ts';
import { coverRegion } from '../../../core/plan/cover-region.ts';
import { boundsOf, outline } from '../logic/outline.ts';
import { lastsThrough } from '../logic/track-state.ts';
import { lookAt, type Point, panBy, WHOLE, zoomAt } from '../logic/viewport.ts';
import { chosenTracks, risk, risks, settings, shownFrame } from './review.ts';
import { look, pictureSize, stageSize } from './view.ts';

/** One press of a key or button. */
const FACTOR = 1.5;
const PAN = 0.15;

export function zoomBy(factor: number, anchor?: Point): void {
  const stage = stageSize.peek();
  const at = anchor ?? { x: stage.width / 2, y: stage.height / 2 };
  look.value = zoomAt(look.peek(), factor, at, pictureSize.peek(), stage);
}

export const zoomIn = (): void => zoomBy(FACTOR);
export const zoomOut = (): void => zoomBy(1 / FACTOR);
export const zoomFit = (): void => {
  look.value = WHOLE;
};

/** Moves the view by a share of the stage: to the right shows what is to the right. */
export function pan(right: number, down: number): void {
  const { width, height } = stageSize.peek();
  panPixels(-right * PAN * width, -down * PAN * height);
}

export function panPixels(dx: number, dy: number): void {
  look.value = panBy(look.peek(), dx, dy, pictureSize.peek(), stageSize.peek());
}

/** Looks closely at what is chosen or at the risk's place; at the whole picture if that is done already. */
export function zoomToChosen(): void {
  const box = placeOfInterest();
  if (!box) {
    zoomFit();
    return;
  }
  const wanted = lookAt(box, pictureSize.peek(), stageSize.peek());
  const now = look.peek();
  const there =
    Math.hypot(wanted.x - now.x, wanted.y - now.y) < 0.01 && Math.abs(wanted.zoom - now.zoom) < 0.01;
  look.value = there ? WHOLE : wanted;
}

function placeOfInterest(): Box | undefined {
  const frame = shownFrame.peek();
  const track = chosenTracks.peek().findLast((one) => lastsThrough(one, frame));
  if (track) return boundsOf(outline(coverRegion(track, frame, settings.peek().cover)));
  const box = risk.peek() === undefined ? undefined : risks.peek()[risk.peek() as number]?.box;
  return box && { x: box[0], y: box[1], width: box[2], height: box[3] };
}
