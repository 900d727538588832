import type { FrameSpan } from './frame-span.ts';
import { advance, correct, firstSeen, type MotionModel, spread } from './motion-model.ts';
import { Neighbourhood } from './neighbourhood.ts';
import type { Sightings } from './sightings.ts';

/** For every sighting the next one of the same face, in the direction of a pass; -1 where there is none. */
export interface Links {
  readonly to: Int32Array;
  /** How unlikely the link is: squared error in standard deviations and what sizes add to it. */
  readonly cost: Float32Array;
}

/** Detections at least this sure choose their tracks first. */
const STRONG = 0.35;
/** Squared distance in standard deviations within which a detection may belong to a track. */
const GATE = 14;
/**
 * And never farther than this, in face sizes. Somebody whose speed is not known yet may be anywhere after some
 * unseen frames, but so may everybody else: over more than this, neighbours are mistaken for runners.
 */
const FARTHEST = 3;
/** Standard deviation of the logarithm of a detected size, and the most it may differ. */
const SIZE_ERROR = 0.2;
const MOST_SIZE_CHANGE = Math.log(1.9);
/** For how long a track waits for its next sighting, in seconds: when seen once, and when seen often. */
const PATIENCE_ONCE = 0.5;
const PATIENCE = 0.9;

interface Candidate {
  model: MotionModel;
  last: number;
  sightings: number;
}

/**
 * One pass over a shot or a part of one, forwards or backwards (`step` 1 or -1): every sighting is offered to the tracks that
 * predict it. Strong detections choose first, then weak ones continue what is left, as in ByteTrack (Zhang et
 * al. 2022); unlike there weak ones may also begin a track, since `keep` judges them later with all the
 * evidence. Writes links into `links`.
 */
export function associate(
  sightings: Sightings,
  span: FrameSpan,
  step: 1 | -1,
  confidence: Float32Array,
  fps: number,
  links: Links,
): void {
  let candidates: Candidate[] = [];
  const first = step > 0 ? span.from : span.to - 1;
  for (let frame = first; frame >= span.from && frame < span.to; frame += step) {
    if (frame !== first) {
      // The motion between two frames is stored with the later one.
      const sure = confidence[step > 0 ? frame : frame + 1];
      for (const { model } of candidates) advance(model, fps, sure);
    }
    const begin = sightings.firstRow[frame - sightings.from];
    const end = sightings.firstRow[frame - sightings.from + 1];
    if (begin === end) continue;
    candidates = candidates.filter(({ last, sightings: seen }) => {
      const waited = Math.abs(frame - sightings.frame[last]);
      return waited <= fps * (seen > 1 ? PATIENCE : PATIENCE_ONCE);
    });
    const taken = new Uint8Array(end - begin);
    const busy = new Uint8Array(candidates.length);
    for (const strong of [true, false]) {
      const rows: number[] = [];
      for (let row = begin; row < end; row++) {
        if (sightings.score[row] >= STRONG === strong) rows.push(row);
      }
      for (const { row, candidate, cost } of pairs(sightings, rows, candidates, busy)) {
        if (taken[row - begin] || busy[candidate]) continue;
        taken[row - begin] = 1;
        busy[candidate] = 1;
        const chosen = candidates[candidate];
        links.to[chosen.last] = row;
        links.cost[chosen.last] = cost;
        correct(
          chosen.model,
          sightings.x[row],
          sightings.y[row],
          sightings.width[row],
          sightings.height[row],
        );
        chosen.last = row;
        chosen.sightings++;
      }
    }
    for (let row = begin; row < end; row++) {
      if (taken[row - begin]) continue;
      const model = firstSeen(
        sightings.x[row],
        sightings.y[row],
        sightings.width[row],
        sightings.height[row],
        fps,
      );
      candidates.push({ model, last: row, sightings: 1 });
    }
  }
}

/** Every pair of a free track and a sighting that it could have made, likeliest first. */
function pairs(
  sightings: Sightings,
  rows: readonly number[],
  candidates: readonly Candidate[],
  busy: Uint8Array,
): { row: number; candidate: number; cost: number }[] {
  if (rows.length === 0) return [];
  const cell = median(rows.map((row) => sightings.width[row])) * 2;
  const places = new Neighbourhood(cell);
  for (const row of rows) places.add(row, sightings.x[row], sightings.y[row]);
  const found: { row: number; candidate: number; cost: number }[] = [];
  candidates.forEach(({ model }, candidate) => {
    if (busy[candidate]) return;
    const variance = spread(model);
    const scale = model.width * model.height;
    // Where two boxes of this size still overlap by a third: detections that hop are followed that far.
    const reach = Math.min(Math.max(GATE * variance, 0.25 * scale), FARTHEST ** 2 * scale);
    places.visit(model.x, model.y, Math.sqrt(reach), (row) => {
      const distance = (sightings.x[row] - model.x) ** 2 + (sightings.y[row] - model.y) ** 2;
      if (distance > reach) return;
      const wider = Math.log(sightings.width[row] / model.width);
      const higher = Math.log(sightings.height[row] / model.height);
      if (Math.abs(wider + higher) / 2 > MOST_SIZE_CHANGE) return;
      const sizes = (wider * wider + higher * higher) / (2 * SIZE_ERROR * SIZE_ERROR);
      // The logarithm is what a normal distribution costs for being wide: who is unsure comes second.
      const cost = distance / variance + sizes + 2 * Math.log(variance / scale);
      found.push({ row, candidate, cost });
    });
  });
  return found.sort((a, b) => a.cost - b.cost || a.row - b.row || a.candidate - b.candidate);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
