import type { Box } from '../geometry/box.ts';
import { packBoxes, unpackBoxes } from '../geometry/packed-boxes.ts';
import type { Evidence } from './evidence.ts';
import { fill } from './fill.ts';
import type { FrameLooks } from './frame-looks.ts';
import { joinTracklets } from './join.ts';
import { judge, type Standing } from './keep.ts';
import { countLooks, type LookCounts, measure } from './measure.ts';
import { type Part, partsOf } from './parts.ts';
import type { Sensitivity } from './sensitivity.ts';
import { gatherSightings } from './sightings.ts';
import { Stabiliser } from './stabiliser.ts';
import { type FoundTrack, stitch } from './stitch.ts';
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
 * `frames` holds every frame of the film in order. Linear in the number of frames; beside the tracks themselves, in
 * memory for a minute of them.
 */
export function track(frames: readonly FrameLooks[], options: TrackOptions): Track[] {
  const stabiliser = new Stabiliser(frames);
  const counts = countLooks(frames);
  const confidence = Float32Array.from(frames, ({ motion }) => motion.confidence);
  const found: FoundTrack[] = [];
  for (const shot of stabiliser.shots) {
    let open: FoundTrack[] = [];
    let seam = shot.from;
    for (const part of partsOf(shot, options.fps)) {
      const next = followPart(frames, part, stabiliser, counts, confidence, options);
      const stitched = stitch(open, next, seam);
      found.push(...stitched.done);
      ({ open } = stitched);
      ({ seam } = part);
    }
    found.push(...open);
  }
  found.sort((a, b) => a.from - b.from || a.sighted[0] - b.sighted[0]);
  return found.map((each, i) => numbered(each, i + 1));
}

/** The tracks of one part of a shot, as far as that part knows. */
function followPart(
  frames: readonly FrameLooks[],
  part: Part,
  stabiliser: Stabiliser,
  counts: LookCounts,
  confidence: Float32Array,
  { width, height, fps, sensitivity }: TrackOptions,
): FoundTrack[] {
  const sightings = gatherSightings(frames, part, stabiliser, sensitivity);
  const tracklets = joinTracklets(sightings, findTracklets(sightings, part, confidence, fps), part, fps);
  const found: FoundTrack[] = [];
  for (const tracklet of tracklets) {
    const evidence = measure(sightings, tracklet, counts, (frame) => stabiliser.zoom(frame));
    const standing = judge(evidence, sensitivity);
    if (standing === 'noise' && sensitivity !== 'max') continue;
    const reach = { width, height, fps, beyond: BEYOND[standing] };
    const { from, boxes, start, end } = fill(sightings, tracklet, part.shot, stabiliser, reach);
    const sighted = tracklet.map((row) => sightings.frame[row]);
    const which = tracklet.map((row) => row - sightings.firstRow[sightings.frame[row] - part.from]);
    found.push({ from, packed: packBoxes(boxes), sighted, which, start, end, standing, evidence });
  }
  return found;
}

/** A function of its own, so that what `track` needed on the way is not kept alive together with the boxes. */
function numbered({ packed, from, sighted, start, end, standing, evidence }: FoundTrack, id: number): Track {
  return {
    id,
    from,
    sighted,
    start,
    end,
    standing,
    evidence,
    get boxes() {
      return unpackBoxes(packed);
    },
  };
}
