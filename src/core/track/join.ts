import type { FrameSpan } from './frame-span.ts';
import { Neighbourhood } from './neighbourhood.ts';
import type { Sightings } from './sightings.ts';
import type { Tracklet } from './tracklets.ts';
import { type Trend, trendAt } from './trend.ts';

/** The longest that somebody may be hidden and still be taken for the same person, in seconds. */
const LONGEST = 1.5;
/** Starts are searched in so many slices of that time: those soon after an end only close to it. */
const SLICES = 9;
/** How far, in face sizes, the reappearance may be from where it was expected: at once, and after a second. */
const NEAR = 0.7;
const FAR = 1;
const MOST_SIZE_CHANGE = Math.log(1.6);
/**
 * What was glimpsed once, fainter than this, joins over no longer than so many seconds: anything that large may pass
 * for the face of somebody who comes by later, and cover all that lies between.
 */
const FAINT = 0.15;
const GLIMPSE_LASTS = 0.75;

/**
 * Joins tracklets of one face that an occlusion or a run of misses has torn apart: the end of one, moved on at
 * its own speed, must come close to the start of the other, or the other, moved back, close to the first. Best fits
 * first, each end used once.
 */
export function joinTracklets(
  sightings: Sightings,
  tracklets: readonly Tracklet[],
  span: FrameSpan,
  fps: number,
): Tracklet[] {
  const starts = tracklets.map((tracklet) => trendAt(sightings, tracklet, 'first', fps));
  // One sighting tells the same from either side, and most tracklets are noise of one.
  const ends = tracklets.map((tracklet, i) =>
    tracklet.length === 1 ? starts[i] : trendAt(sightings, tracklet, 'last', fps),
  );
  const most = Math.max(1, Math.round(LONGEST * fps));
  const glimpse = (i: number) => tracklets[i].length === 1 && sightings.score[tracklets[i][0]] < FAINT;
  const slice = Math.max(1, Math.ceil(most / SLICES));
  const sliceOf = (frame: number) => Math.floor(frame / slice);
  // Starts by time and size: in a dense crowd most of those near an end are of people far nearer or further away.
  const shelves = new Map<number, Neighbourhood>();
  starts.forEach((start, i) => {
    const level = sizeLevel(start);
    const key = shelf(sliceOf(start.frame), level);
    let places = shelves.get(key);
    if (!places) {
      places = new Neighbourhood(2 * Math.exp(level * MOST_SIZE_CHANGE));
      shelves.set(key, places);
    }
    places.add(i, start.x, start.y);
  });

  const fits: { earlier: number; later: number; cost: number }[] = [];
  ends.forEach((end, earlier) => {
    const size = Math.sqrt(end.width * end.height);
    const level = sizeLevel(end);
    const speed = Math.hypot(end.vx, end.vy);
    const last = Math.min(end.frame + most, span.to - 1);
    for (let at = sliceOf(end.frame); at <= sliceOf(last); at++) {
      const frames = Math.min(most, (at + 1) * slice - end.frame);
      // Who walked may have stopped, so all places between here and there are searched.
      const reach = (NEAR + (FAR * frames) / fps) * size + speed * frames;
      for (let near = level - 1; near <= level + 1; near++) {
        shelves.get(shelf(at, near))?.visit(end.x, end.y, reach, (later) => {
          const start = starts[later];
          if (start.frame <= end.frame || start.frame > last) return;
          if (Math.abs(start.x - end.x) > reach || Math.abs(start.y - end.y) > reach) return;
          if (start.frame - end.frame > GLIMPSE_LASTS * fps && (glimpse(earlier) || glimpse(later))) return;
          const cost = misfit(end, start, fps);
          if (cost <= 1) fits.push({ earlier, later, cost });
        });
      }
    }
  });
  fits.sort((a, b) => a.cost - b.cost || a.earlier - b.earlier || a.later - b.later);

  const next = new Int32Array(tracklets.length).fill(-1);
  const joined = new Uint8Array(tracklets.length);
  for (const { earlier, later } of fits) {
    if (next[earlier] >= 0 || joined[later]) continue;
    next[earlier] = later;
    joined[later] = 1;
  }
  const result: Tracklet[] = [];
  tracklets.forEach((tracklet, first) => {
    if (joined[first]) return;
    if (next[first] < 0) {
      result.push(tracklet);
      return;
    }
    const rows: number[] = [];
    for (let i = first; i >= 0; i = next[i]) for (const row of tracklets[i]) rows.push(row);
    result.push(rows);
  });
  return result;
}

/** 0 for a perfect fit, 1 for the worst that is believed. */
function misfit(end: Trend, start: Trend, fps: number): number {
  const frames = start.frame - end.frame;
  const sizes = Math.abs(Math.log((end.width * end.height) / (start.width * start.height))) / 2;
  if (sizes > MOST_SIZE_CHANGE) return Infinity;
  const size = Math.sqrt(Math.min(end.width * end.height, start.width * start.height));
  const allowed = (NEAR + (FAR * frames) / fps) * size;
  const ahead = Math.hypot(end.x + end.vx * frames - start.x, end.y + end.vy * frames - start.y);
  const back = Math.hypot(start.x - start.vx * frames - end.x, start.y - start.vy * frames - end.y);
  // A tracklet of one sighting knows no speed, so the better informed of the two is asked.
  return (
    Math.min(ahead, back) / allowed + (0.3 * sizes) / MOST_SIZE_CHANGE + (0.2 * frames) / (LONGEST * fps)
  );
}

/** Faces that may be one are of the same level or of neighbouring ones. */
function sizeLevel({ width, height }: Trend): number {
  return Math.floor(Math.log(width * height) / 2 / MOST_SIZE_CHANGE);
}

/** One number for a slice of time and a level of size; levels of any real size are far from the limit. */
function shelf(slice: number, level: number): number {
  return slice * 4096 + level;
}
