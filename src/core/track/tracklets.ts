import { associate, type Links } from './associate.ts';
import type { FrameSpan } from './frame-span.ts';
import type { Sightings } from './sightings.ts';

/** Rows of the sightings of one face, in the order of their frames; at most one a frame, never across a cut. */
export type Tracklet = readonly number[];

/**
 * What a link may cost that only one pass would make: as much as a sure track's that lies a little off, or a new
 * one's that hardly moved. Dearer ones are mostly hops from somebody whom the detector lost to a neighbour whom
 * it just found; a runner's links, dear at first, are confirmed by the pass that comes from the other side.
 */
const DISPUTED = 4;

/**
 * Chains sightings. Two passes over a shot or a part of one, forwards and backwards, each know something the other does not:
 * how a face moved before it was hidden, and how it moved after. Links on which they agree hold; where they do
 * not, the likeliest link whose two ends are still free, if it is likely enough.
 */
export function findTracklets(
  sightings: Sightings,
  span: FrameSpan,
  confidence: Float32Array,
  fps: number,
): Tracklet[] {
  const [forwards, backwards] = ([1, -1] as const).map((step) => {
    const links = { to: new Int32Array(sightings.count).fill(-1), cost: new Float32Array(sightings.count) };
    associate(sightings, span, step, confidence, fps, links);
    return links;
  });
  return chains(merge(forwards, backwards));
}

/** For every row the next row of the same face, or -1. */
function merge(forwards: Links, backwards: Links): Int32Array {
  const count = forwards.to.length;
  const next = new Int32Array(count).fill(-1);
  const linked = new Uint8Array(count); // has a previous row
  const disputed: { from: number; to: number; cost: number }[] = [];
  for (let row = 0; row < count; row++) {
    const to = forwards.to[row];
    if (to >= 0 && backwards.to[to] === row) {
      next[row] = to;
      linked[to] = 1;
    } else {
      if (to >= 0) disputed.push({ from: row, to, cost: forwards.cost[row] });
      const from = backwards.to[row];
      if (from >= 0 && forwards.to[from] !== row) disputed.push({ from, to: row, cost: backwards.cost[row] });
    }
  }
  disputed.sort((a, b) => a.cost - b.cost || a.from - b.from || a.to - b.to);
  for (const { from, to, cost } of disputed) {
    if (cost > DISPUTED) break;
    if (next[from] >= 0 || linked[to]) continue;
    next[from] = to;
    linked[to] = 1;
  }
  return next;
}

function chains(next: Int32Array): Tracklet[] {
  const linked = new Uint8Array(next.length);
  for (const row of next) if (row >= 0) linked[row] = 1;
  const tracklets: number[][] = [];
  for (let start = 0; start < next.length; start++) {
    if (linked[start]) continue;
    // Most are noise of one sighting: a list that has not grown keeps no room to grow.
    const tracklet = [start];
    for (let row = next[start]; row >= 0; row = next[row]) tracklet.push(row);
    tracklets.push(tracklet);
  }
  return tracklets;
}
