import type { Box } from '../geometry/box.ts';
import { union } from '../geometry/box.ts';
import type { Sightings } from './sightings.ts';
import type { Shot, Stabiliser } from './stabiliser.ts';
import type { TrackEnd } from './track.ts';
import type { Tracklet } from './tracklets.ts';
import { type Trend, trendAt } from './trend.ts';

/** A tracklet with every frame filled in. */
export interface Filled {
  readonly from: number;
  readonly boxes: Box[];
  readonly start: TrackEnd;
  readonly end: TrackEnd;
}

export interface FillOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** How long a track is believed to go on unseen before its first and after its last sighting, in seconds. */
  readonly beyond: number;
}

/** A size holds for this long before and after it was seen, in seconds: detectors shrink boxes when in doubt. */
const SIZE_HOLDS = 0.15;
/** Share of a face's size that its box grows on every side for every second from the nearest sighting, and at most. */
const DOUBT = 0.35;
const MOST_DOUBT = 0.25;
/** Share of the way to the next frame that the shutter is open, half of it on either side of the frame's time. */
const SHUTTER = 0.5;
/** A speed seen at the end of a track fades to 1/e in this many seconds: nobody runs straight on for long. */
const SPEED_FADES = 0.4;

/** Gives a tracklet a box in every frame from shortly before its first sighting to shortly after its last. */
export function fill(
  sightings: Sightings,
  tracklet: Tracklet,
  shot: Shot,
  stabiliser: Stabiliser,
  options: FillOptions,
): Filled {
  const { frame } = sightings;
  const first = frame[tracklet[0]];
  const last = frame[tracklet[tracklet.length - 1]];
  const reach = Math.round(options.beyond * options.fps);
  const from = Math.max(shot.from, first - reach);
  const to = Math.min(shot.to - 1, last + reach);
  const path = stillPath(sightings, tracklet, from, to, options.fps);

  let boxes = Array.from({ length: to - from + 1 }, (_, i) =>
    sourceBox(path, i, from + i, stabiliser, options.fps),
  );
  for (const row of tracklet) {
    const [x, y, width, height] = sightings.hull.subarray(row * 4, row * 4 + 4);
    const i = frame[row] - from;
    boxes[i] = union(boxes[i], { x, y, width, height });
  }

  // What is guessed to be outside the picture needs no cover, and a track that left has a reason to end.
  const visible = (box: Box) =>
    box.x < options.width && box.y < options.height && box.x + box.width > 0 && box.y + box.height > 0;
  let begin = first - from;
  while (begin > 0 && visible(boxes[begin - 1])) begin--;
  let stop = last - from;
  while (stop < boxes.length - 1 && visible(boxes[stop + 1])) stop++;
  const reason = (left: boolean, atShot: boolean, box: Box): TrackEnd =>
    left || crossesBorder(box, options) ? 'border' : atShot ? 'shot' : 'inside';
  const start = reason(begin > 0, from === shot.from, boxes[begin]);
  const end = reason(stop < boxes.length - 1, to === shot.to - 1, boxes[stop]);
  boxes = boxes.slice(begin, stop + 1);
  return { from: from + begin, boxes, start, end };
}

/** Whether a box sticks out of the picture by a quarter of its size and more. */
function crossesBorder(box: Box, { width, height }: FillOptions): boolean {
  const { x, y } = { x: box.width / 4, y: box.height / 4 };
  return box.x < -x || box.y < -y || box.x + box.width > width + x || box.y + box.height > height + y;
}

/** Place, size and doubt for every frame, in still coordinates. */
interface StillPath {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** Frames to the nearest sighting. */
  readonly unseen: Int32Array;
}

function stillPath(
  sightings: Sightings,
  tracklet: Tracklet,
  from: number,
  to: number,
  fps: number,
): StillPath {
  const length = to - from + 1;
  const x = new Float64Array(length);
  const y = new Float64Array(length);
  const width = new Float64Array(length);
  const height = new Float64Array(length);
  const unseen = new Int32Array(length);
  const put = (frame: number, px: number, py: number, w: number, h: number, distance: number) => {
    const i = frame - from;
    x[i] = px;
    y[i] = py;
    width[i] = w;
    height[i] = h;
    unseen[i] = distance;
  };
  const extend = (trend: Trend, end: number) => {
    const step = Math.sign(end - trend.frame);
    for (let frame = trend.frame + step; step * (end - frame) >= 0 && step !== 0; frame += step) {
      const distance = Math.abs(frame - trend.frame);
      const travelled = step * SPEED_FADES * fps * (1 - Math.exp(-distance / (SPEED_FADES * fps)));
      const px = trend.x + trend.vx * travelled;
      const py = trend.y + trend.vy * travelled;
      put(frame, px, py, trend.width, trend.height, distance);
    }
  };
  extend(trendAt(sightings, tracklet, 'first', fps), from);
  extend(trendAt(sightings, tracklet, 'last', fps), to);
  tracklet.forEach((row, i) => {
    const frame = sightings.frame[row];
    put(frame, sightings.x[row], sightings.y[row], sightings.width[row], sightings.height[row], 0);
    const after = tracklet[i + 1];
    if (after === undefined) return;
    const gap = sightings.frame[after] - frame;
    for (let g = 1; g < gap; g++) {
      const mix = (column: Float64Array) => column[row] + ((column[after] - column[row]) * g) / gap;
      put(
        frame + g,
        mix(sightings.x),
        mix(sightings.y),
        mix(sightings.width),
        mix(sightings.height),
        Math.min(g, gap - g),
      );
    }
  });
  const hold = Math.max(1, Math.round(SIZE_HOLDS * fps));
  return { x, y, width: runningMaximum(width, hold), height: runningMaximum(height, hold), unseen };
}

/** The largest of the values up to `hold` places before and after each; linear (van Herk's deque). */
function runningMaximum(values: Float64Array, hold: number): Float64Array {
  const result = new Float64Array(values.length);
  const queue = new Int32Array(values.length); // places whose values fall
  let head = 0;
  let tail = 0;
  for (let i = 0; i < values.length + hold; i++) {
    if (i < values.length) {
      while (tail > head && values[queue[tail - 1]] <= values[i]) tail--;
      queue[tail++] = i;
    }
    const at = i - hold;
    if (at < 0) continue;
    while (queue[head] < at - hold) head++;
    result[at] = values[queue[head]];
  }
  return result;
}

function sourceBox(path: StillPath, i: number, frame: number, stabiliser: Stabiliser, fps: number): Box {
  const zoom = stabiliser.zoom(frame);
  const at = stabiliser.sourcePoint(frame, path.x[i], path.y[i]);
  const before = i > 0 ? stabiliser.sourcePoint(frame - 1, path.x[i - 1], path.y[i - 1]) : at;
  const after = i + 1 < path.x.length ? stabiliser.sourcePoint(frame + 1, path.x[i + 1], path.y[i + 1]) : at;
  const width = path.width[i] * zoom;
  const height = path.height[i] * zoom;
  const doubt = Math.min(MOST_DOUBT, (DOUBT * path.unseen[i]) / fps) * Math.sqrt(width * height);
  const blur = SHUTTER / 2;
  const growX = doubt + blur * Math.max(Math.abs(after.x - at.x), Math.abs(at.x - before.x));
  const growY = doubt + blur * Math.max(Math.abs(after.y - at.y), Math.abs(at.y - before.y));
  return {
    x: at.x - width / 2 - growX,
    y: at.y - height / 2 - growY,
    width: width + 2 * growX,
    height: height + 2 * growY,
  };
}
