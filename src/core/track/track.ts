import type { Box } from '../geometry/box.ts';
import { type PackedBoxes, packBoxes, unpackBoxes } from '../geometry/packed-boxes.ts';
import type { Evidence } from './evidence.ts';
import { fill } from './fill.ts';
import type { FrameLooks } from './frame-looks.ts';
import { joinTracklets } from './join.ts';
import { judge, type Standing } from './keep.ts';
import { countLooks, measure } from './measure.ts';
import type { Sensitivity } from './sensitivity.ts';
import { gatherSightings } from './sightings.ts';
import { Stabiliser, shotAt } from './stabiliser.ts';
import { findTracklets } from './tracklets.ts';

export interface TrackOptions {
  /** The picture's size in source pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames a second, on average. */
  readonly fps: number;
  readonly sensitivity: Sensitivity;
}

/**
 * Why a track's boxes begin or end where they do: the face was there and then not (`inside`: the place to look
 * for a leak), went through the picture's edge (`border`), or the shot or the film begins or ends (`shot`).
 */
export type TrackEnd = 'inside' | 'border' | 'shot';

/** One face's way through one shot. */
export interface Track {
  /** From 1, in the order of `from`; unique within one result. */
  readonly id: number;
  /** Index of the first frame covered. */
  readonly from: number;
  /**
   * The face (brow to chin) in source pixels, one box for every frame from `from` on, with nothing left out.
   * Sizes are smoothed and grown by motion and doubt, and never smaller than what was detected; boxes may reach
   * outside the picture. Kept packed, and made anew each time they are asked for.
   */
  readonly boxes: readonly Box[];
  /** Indices of the frames in which it was detected, rising. All other boxes are inferred. */
  readonly sighted: readonly number[];
  readonly start: TrackEnd;
  readonly end: TrackEnd;
  readonly standing: Standing;
  readonly evidence: Evidence;
}

/** How far a track is believed to go on unseen before its first and after its last sighting, in seconds. */
const BEYOND: Readonly<Record<Standing, number>> = { sure: 0.5, doubtful: 0.5, noise: 0.2 };

/**
 * Turns blinking detections into unbroken cover: every face that was seen now and then becomes one track with
 * a box for every frame from shortly before its first sighting to shortly after its last.
 *
 * `frames` holds every frame of the film in order. Linear in the number of frames.
 */
export function track(frames: readonly FrameLooks[], options: TrackOptions): Track[] {
  const { width, height, fps, sensitivity } = options;
  const stabiliser = new Stabiliser(frames);
  const { shots } = stabiliser;
  const sightings = gatherSightings(frames, stabiliser, sensitivity);
  const confidence = Float32Array.from(frames, ({ motion }) => motion.confidence);
  const tracklets = joinTracklets(sightings, findTracklets(sightings, shots, confidence, fps), shots, fps);
  const counts = countLooks(frames);
  const found: Found[] = [];
  for (const tracklet of tracklets) {
    const evidence = measure(sightings, tracklet, counts, (frame) => stabiliser.zoom(frame));
    const standing = judge(evidence, sensitivity);
    if (standing === 'noise' && sensitivity !== 'max') continue;
    const sighted = tracklet.map((row) => sightings.frame[row]);
    const shot = shotAt(shots, sighted[0]);
    const reach = { width, height, fps, beyond: BEYOND[standing] };
    const { from, boxes, start, end } = fill(sightings, tracklet, shot, stabiliser, reach);
    found.push({ from, packed: packBoxes(boxes), sighted, start, end, standing, evidence });
  }
  found.sort((a, b) => a.from - b.from || a.sighted[0] - b.sighted[0]);
  return found.map((each, i) => numbered(each, i + 1));
}

/** A track before it has its number, its boxes packed. */
type Found = Omit<Track, 'id' | 'boxes'> & { readonly packed: PackedBoxes };

/** A function of its own, so that what `track` needed on the way is not kept alive together with the boxes. */
function numbered({ packed, ...found }: Found, id: number): Track {
  return {
    id,
    ...found,
    get boxes() {
      return unpackBoxes(packed);
    },
  };
}
