import { batch, computed, effect } from '@preact/signals';
import { nextFrame, wantedFrames } from '../logic/playhead.ts';
import { showMoment } from '../logic/time-window.ts';
import { frameWidth } from '../logic/viewport.ts';
import { arrivals, frameAddress, hasFailed, type Picture, pictureAt, want } from './frames.ts';
import { frame, itemIndex, review, settings, shownFrame } from './review.ts';
import {
  hasShown,
  pictureSize,
  playing,
  showProtected,
  speed,
  stageSize,
  timeWindow,
  viewport,
  watchUntil,
} from './view.ts';

/** While a film plays, frames are no wider than this: they must come as fast as they are shown. */
const WIDEST_PLAYING = 1280;

const query = computed(() => {
  const { width } = pictureSize.value;
  const wide = frameWidth(width, viewport.value.scale, Math.min(2, devicePixelRatio));
  const asked = Math.max(2, Math.round(playing.value ? Math.min(wide, WIDEST_PLAYING) : wide));
  const { style, cover } = settings.value;
  return showProtected.value ? { width: asked, view: 'protected', style, cover } : { width: asked };
});

/** What the server draws depends on the plan, so its revision is part of the name. */
const suffix = computed(() => (showProtected.value ? `#${review.value?.revision ?? 0}` : ''));

/** The name of a frame as it is to be shown now. */
export function addressOf(index: number): string {
  return frameAddress(itemIndex.value, index, query.value) + suffix.value;
}

/** The picture of the frame asked for, once it is here. */
export const picture = computed<Picture | undefined>(() => {
  arrivals.value;
  return review.value && stageSize.value.width > 1 ? pictureAt(addressOf(frame.value)) : undefined;
});

/** Whether the frame asked for could not be had. */
export const missing = computed(() => {
  arrivals.value;
  return review.value !== undefined && hasFailed(addressOf(frame.value));
});

/** Asks for frames as they are needed, and plays. */
export function startPlayback(): void {
  effect(() => {
    const now = review.value;
    if (!now || stageSize.value.width <= 1) return;
    want(wantedFrames(frame.value, now.plan.film.frames, playing.value).map(addressOf));
  });
  effect(() => {
    if (!picture.value) return;
    shownFrame.value = frame.value;
    hasShown.value = true;
  });
  effect(() => {
    if (!playing.value) return;
    let since = performance.now();
    let request = requestAnimationFrame(tick);
    function tick(now: number) {
      request = requestAnimationFrame(tick);
      const times = review.peek()?.times;
      if (!times) return;
      const at = frame.peek();
      // The clock of a frame starts when it is on the screen.
      if (!picture.peek() && !missing.peek()) {
        since = now;
        return;
      }
      const next = nextFrame(at, (now - since) / 1000, speed.peek(), times);
      if (next === at) {
        if (at + 1 >= times.frames) playing.value = false;
        return;
      }
      // Screens are redrawn at their own times: what a frame waited too long is taken from the next.
      const due = since + ((times.at(next) - times.at(at)) * 1000) / speed.peek();
      since = now - due > 100 ? now : due;
      batch(() => {
        frame.value = next;
        timeWindow.value = showMoment(timeWindow.peek(), times.at(next), times.duration);
        if (watchUntil.peek() !== undefined && next >= (watchUntil.peek() as number)) {
          watchUntil.value = undefined;
          playing.value = false;
        }
      });
    }
    return () => cancelAnimationFrame(request);
  });
}
