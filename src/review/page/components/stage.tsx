import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Point } from '../logic/viewport.ts';
import { missing, picture } from '../state/playback.ts';
import { clock, count, percent, words } from '../state/preferences.ts';
import { chosen, item, review, risk, risks, settings, shownFrame, tracksHere } from '../state/review.ts';
import {
  cross,
  draft,
  following,
  hasShown,
  pictureSize,
  playing,
  showMasks,
  showProtected,
  stageSize,
  tool,
  viewport,
} from '../state/view.ts';
import { clearCanvas } from './clear-canvas.ts';
import { Icon } from './icon.tsx';
import { Message } from './message.tsx';
import { paintOverlay } from './paint-stage.ts';
import { PanPad } from './pan-pad.tsx';
import { type Moved, StagePointer } from './stage-pointer.ts';
import { ToolStrip } from './tool-strip.tsx';
import { ZoomStrip } from './zoom-strip.tsx';

/** The picture with what is known about it drawn over, and the tools at its edges. */
export function Stage() {
  const area = useRef<HTMLDivElement>(null);
  const pictureCanvas = useRef<HTMLCanvasElement>(null);
  const overlayCanvas = useRef<HTMLCanvasElement>(null);
  const moved = useSignal<Moved | undefined>(undefined);
  const pointer = useSignal<Point | undefined>(undefined);

  useEffect(() => {
    const element = area.current!;
    // An effect may run once more after the stage is gone, when the references are empty.
    const below = pictureCanvas.current!;
    const above = overlayCanvas.current!;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      stageSize.value = { width: contentRect.width, height: contentRect.height };
    });
    observer.observe(element);
    new StagePointer(above, (box, at) => {
      moved.value = box;
      pointer.value = at;
    });
    let last: ImageBitmap | undefined;
    const stopPicture = effect(() => {
      const { bitmap } = picture.value ?? {};
      if (!review.value) last = undefined;
      last = bitmap ?? last;
      const ctx = clearCanvas(below, stageSize.value);
      const { x, y, scale } = viewport.value;
      const { width, height } = pictureSize.value;
      // A frame let go of has no size any more.
      if (!last || last.width === 0) return;
      ctx.imageSmoothingQuality = 'high';
      ctx.imageSmoothingEnabled = (scale * width) / last.width < 4;
      ctx.drawImage(last, x, y, width * scale, height * scale);
    });
    const stopOverlay = effect(() => {
      const ctx = clearCanvas(above, stageSize.value);
      if (!review.value || !hasShown.value) return;
      paintOverlay(ctx, {
        frame: shownFrame.value,
        tracks: tracksHere.value,
        chosen: chosen.value,
        cover: settings.value.cover,
        masks: showMasks.value,
        tint: !showProtected.value,
        handles: chosen.value.length === 1 && !playing.value && tool.value === 'select',
        moved: moved.value,
        risk: risk.value === undefined ? undefined : risks.value[risk.value],
        draft: draft.value,
        pointer: pointer.value,
        cross: cross.value,
        following: following.value !== undefined,
        viewport: viewport.value,
      });
    });
    return () => {
      observer.disconnect();
      stopPicture();
      stopOverlay();
    };
  }, []);

  const { view, landmarks } = words.value;
  return (
    <section class="stage" id="picture" aria-label={landmarks.picture} tabIndex={-1}>
      <div class="rail">
        <ToolStrip />
        <ZoomStrip />
      </div>
      <div class="sight" ref={area} dir="ltr">
        <canvas ref={pictureCanvas} role="img" aria-label={describe()} />
        <canvas ref={overlayCanvas} class={tool.value === 'select' ? 'over' : 'over drawing'} />
        {missing.value && (
          <p class="notice" dir="auto">
            <Icon name="warning" />
            {view.failed}
          </p>
        )}
      </div>
      <Badges />
      <PanPad />
      <Message />
    </section>
  );
}

/** What the picture shows, in words. */
function describe(): string {
  const now = review.value;
  const { view } = words.value;
  if (!now) return '';
  const here = tracksHere.value;
  const kept = here.filter(({ decision }) => decision === 'keep').length;
  const what = showProtected.value ? view.protected : view.original;
  const faces = view.overview(count(here.length), count(kept));
  if (now.plan.film.frames === 1) return `${what}. ${faces}`;
  const at = shownFrame.value;
  return `${what}. ${clock(now.times.at(at))}, ${view.frame(count(at + 1), count(now.plan.film.frames))}. ${faces}`;
}

/** What must not be overlooked: who stays visible here, and which picture this is. */
function Badges() {
  const { view, visible } = words.value;
  const kept = tracksHere.value.filter(({ decision }) => decision === 'keep').length;
  // Other frames than the first can be had when all are counted.
  const counted = item.value?.progress;
  const waiting = picture.value === undefined && !missing.value && !playing.value;
  return (
    <div class="badges">
      {showProtected.value && <span class="badge">{view.protectedNote}</span>}
      {kept > 0 && (
        <span class="badge kept">
          <Icon name="eye" />
          {visible.here(count(kept))}
        </span>
      )}
      {waiting && (
        <span class="badge late">
          {view.loading} {counted === undefined ? '' : percent(counted)}
        </span>
      )}
    </div>
  );
}
