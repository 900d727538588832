import { computed, effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { lanesIn, lanesInSight, laneToShow, scrollToLane } from '../logic/lanes.ts';
import { panTime, secondsAt, zoomTime } from '../logic/time-window.ts';
import { visibleSpans } from '../logic/track-state.ts';
import { clock, count, language, theme, words } from '../state/preferences.ts';
import { chosen, frame, review, risk, risks, tracks } from '../state/review.ts';
import { span, timeWindow } from '../state/view.ts';
import { choose, goTo } from '../state/walk.ts';
import { clearCanvas } from './clear-canvas.ts';
import { LANE, LANES_TOP, OVERVIEW, type Palette, paintTimeline } from './paint-timeline.ts';

const size = signal({ width: 1, height: 1 });
const scroll = signal(0);
/** Counts changes of the system's colours. */
const repaint = signal(0);

const lanes = computed(() => {
  const now = review.value;
  if (!now) return [];
  const { from, to } = timeWindow.value;
  return lanesIn(tracks.value, now.times.frameAt(from), now.times.frameAt(to) + 1);
});
const spansVisible = computed(() => visibleSpans(tracks.value));

/** The film along a time axis: one lane a track, cuts, risks. Left to right in every language. */
export function Timeline() {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const film = review.value !== undefined && review.value.plan.film.frames > 1;

  useEffect(() => {
    if (!film) return;
    const element = canvas.current!;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      size.value = { width: contentRect.width, height: contentRect.height };
    });
    observer.observe(area.current!);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onScheme = () => {
      repaint.value++;
    };
    scheme.addEventListener('change', onScheme);
    const stops = [
      effect(() => paint(element)),
      effect(() => {
        const room = size.value.height - LANES_TOP;
        const lane = laneToShow(
          lanes.value,
          frame.value,
          chosen.value.at(-1),
          lanesInSight(lanes.value.length, scroll.peek(), LANE, room),
        );
        if (lane !== undefined) scrollTo(scrollToLane(lane, scroll.peek(), LANE, room));
      }),
    ];
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', onScheme);
      for (const stop of stops) stop();
    };
  }, [film]);

  const { landmarks, view } = words.value;
  const now = review.value;
  if (!now || !film) return null;
  const at = frame.value;
  const time = view.time(clock(now.times.at(at)), clock(now.times.duration));
  return (
    <section class="timeline" aria-label={landmarks.timeline} dir="ltr" ref={area}>
      <canvas
        ref={canvas}
        role="slider"
        tabIndex={0}
        aria-label={landmarks.timeline}
        aria-valuemin={1}
        aria-valuemax={now.plan.film.frames}
        aria-valuenow={at + 1}
        aria-valuetext={`${time}, ${view.frame(count(at + 1), count(now.plan.film.frames))}`}
        onPointerDown={onDown}
        onPointerMove={onMove}
      />
    </section>
  );
}

function paint(element: HTMLCanvasElement): void {
  const now = review.value;
  if (!now) return;
  const { width, height } = size.value;
  const ctx = clearCanvas(element, size.value);
  paintTimeline(ctx, {
    width,
    height,
    window: timeWindow.value,
    times: now.times,
    language: language.value,
    lanes: lanes.value,
    scroll: scroll.value,
    chosen: chosen.value,
    cuts: now.plan.cuts,
    risks: risks.value,
    risk: risk.value,
    visible: spansVisible.value,
    span: span.value,
    frame: frame.value,
    palette: palette.value,
  });
}

const palette = computed<Palette>(() => {
  theme.value;
  repaint.value;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'),
    muted: colour('muted'),
    line: colour('line'),
    panel: colour('panel'),
    strong: colour('accent'),
    states: {
      covered: colour('covered'),
      doubtful: colour('doubtful'),
      drawn: colour('drawn'),
      kept: colour('kept'),
    },
    font: `11px ${style.fontFamily || 'sans-serif'}`,
  };
});

/** So many pixels to either side nobody points while they drag. */
const HAND = 2;

/** What a pointer that is down does: scrubs in what is shown or in the whole film, or scrolls the lanes. */
let dragging: 'time' | 'film' | 'lanes' | 'undecided' | undefined;
let start = { x: 0, y: 0, scroll: 0 };

function onDown(event: PointerEvent): void {
  if (event.button !== 0) return;
  (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  const { x, y } = placeOf(event);
  start = { x, y, scroll: scroll.peek() };
  dragging = y < OVERVIEW ? 'film' : event.pointerType === 'touch' && y > LANES_TOP ? 'undecided' : 'time';
  if (dragging === 'film') {
    scrubFilm(x);
    return;
  }
  const track = lanes.peek()[Math.floor((y - LANES_TOP + scroll.peek()) / LANE)];
  scrub(x);
  const at = frame.peek();
  if (y >= LANES_TOP && track && at >= track.from && at < track.from + track.boxes.length) {
    choose(track, event.shiftKey);
  }
}

function onMove(event: PointerEvent): void {
  if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
  const { x, y } = placeOf(event);
  if (dragging === 'undecided' && Math.hypot(x - start.x, y - start.y) > 8) {
    dragging = Math.abs(y - start.y) > Math.abs(x - start.x) ? 'lanes' : 'time';
  }
  if (dragging === 'lanes') scrollTo(start.scroll + start.y - y);
  else if (dragging === 'film') scrubFilm(x, HAND);
  else if (dragging === 'time') scrub(x, HAND);
}

/** Goes to a place in the whole film, `within` so many pixels to either side. */
function scrubFilm(x: number, within = 0): void {
  const now = review.peek();
  if (!now) return;
  const { duration } = now.times;
  const { width } = size.peek();
  goTo(now.times.frameNear((x / width) * duration, (within / width) * duration));
}

function scrollTo(to: number): void {
  const most = Math.max(0, lanes.peek().length * LANE - (size.peek().height - LANES_TOP));
  scroll.value = Math.min(most, Math.max(0, to));
}

/** Goes to a place in the stretch that is shown, `within` so many pixels to either side. */
function scrub(x: number, within = 0): void {
  const now = review.peek();
  if (!now) return;
  const { width } = size.peek();
  const { from, to } = timeWindow.peek();
  goTo(now.times.frameNear(secondsAt(x, { from, to }, width), (within / width) * (to - from)));
}

function onWheel(event: WheelEvent): void {
  const now = review.peek();
  if (!now) return;
  event.preventDefault();
  const { width } = size.peek();
  const { duration } = now.times;
  if (event.ctrlKey || event.metaKey) {
    const anchor = secondsAt(placeOf(event).x, timeWindow.peek(), width);
    timeWindow.value = zoomTime(timeWindow.peek(), Math.exp(event.deltaY * 0.004), anchor, duration);
    return;
  }
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (sideways !== 0) {
    const { from, to } = timeWindow.peek();
    timeWindow.value = panTime(timeWindow.peek(), (sideways / width) * (to - from), duration);
  } else {
    scrollTo(scroll.peek() + event.deltaY);
  }
}

function placeOf(event: MouseEvent): { x: number; y: number } {
  const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
