import { type Box, centre, iou, union } from '../geometry/box.ts';
import { type FrameLooks, LOOK_KINDS } from './frame-looks.ts';
import type { FrameSpan } from './frame-span.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { detectionFloor, type Sensitivity } from './sensitivity.ts';
import type { Stabiliser } from './stabiliser.ts';

/** Boxes of two looks that overlap this much are one face: half-scale boxes are off by a fifth and more. */
const SAME_FACE = 0.35;
/** Boxes whose middles are further apart than this many of either's sides cannot overlap that much. */
const REACH = 2;

/**
 * Everything that was seen in a span of a film: one row for each face-like place in each frame, what several looks saw
 * merged. Columns of numbers, since a long film has millions.
 */
export interface Sightings {
  readonly count: number;
  /** The first frame of the span. */
  readonly from: number;
  /** Rows of frame f are `firstRow[f - from]` to `firstRow[f - from + 1]`, not included. */
  readonly firstRow: Int32Array;
  readonly frame: Int32Array;
  /** Middle and size in still coordinates, from the closest look. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** Highest score of any look. */
  readonly score: Float32Array;
  /** Score per kind of look, 0 where it did not see it: row x LOOK_KINDS. */
  readonly scores: Float32Array;
  /** The smallest box in source pixels around what all looks saw: x, y, width, height. */
  readonly hull: Float64Array;
}

interface Face {
  /** Of the closest look. */
  readonly box: Box;
  hull: Box;
  readonly scores: number[];
}

/** Gathers the detections of a span of frames that are not too faint to be used and whose numbers make sense. */
export function gatherSightings(
  frames: readonly FrameLooks[],
  { from, to }: FrameSpan,
  stabiliser: Stabiliser,
  sensitivity: Sensitivity,
): Sightings {
  let most = 0;
  for (let frame = from; frame < to; frame++) {
    for (const { detections } of frames[frame].looks) most += detections.length;
  }
  const firstRow = new Int32Array(to - from + 1);
  const frameOf = new Int32Array(most);
  const x = new Float64Array(most);
  const y = new Float64Array(most);
  const width = new Float64Array(most);
  const height = new Float64Array(most);
  const score = new Float32Array(most);
  const scores = new Float32Array(most * LOOK_KINDS.length);
  const hull = new Float64Array(most * 4);
  let row = 0;
  for (let frame = from; frame < to; frame++) {
    firstRow[frame - from] = row;
    const zoom = stabiliser.zoom(frame);
    for (const face of facesIn(frames[frame], sensitivity)) {
      const at = stabiliser.stillCentre(frame, face.box);
      frameOf[row] = frame;
      x[row] = at.x;
      y[row] = at.y;
      width[row] = face.box.width / zoom;
      height[row] = face.box.height / zoom;
      score[row] = Math.max(...face.scores);
      scores.set(face.scores, row * LOOK_KINDS.length);
      hull.set([face.hull.x, face.hull.y, face.hull.width, face.hull.height], row * 4);
      row++;
    }
  }
  firstRow[to - from] = row;
  return { count: row, from, firstRow, frame: frameOf, x, y, width, height, score, scores, hull };
}

/** The faces of one frame: closest look first, each detection joined to the face of other looks it overlaps most. */
function facesIn({ looks }: FrameLooks, sensitivity: Sensitivity): Face[] {
  const faces: Face[] = [];
  const places = new Neighbourhood(typicalWidth(looks.flatMap(({ detections }) => detections)));
  for (let kind = LOOK_KINDS.length - 1; kind >= 0; kind--) {
    const floor = detectionFloor(sensitivity, LOOK_KINDS[kind]);
    const detections = looks
      .filter((look) => look.kind === LOOK_KINDS[kind])
      .flatMap((look) => look.detections)
      .filter(({ box, score }) => score >= floor && sound(box))
      .sort((a, b) => b.score - a.score);
    for (const { box, score } of detections) {
      const { x, y } = centre(box);
      let best = -1;
      let overlap = SAME_FACE;
      places.visit(x, y, REACH * Math.max(box.width, box.height), (i) => {
        const face = faces[i];
        if (face.scores[kind] > 0) return;
        const shared = iou(face.box, box);
        if (shared > overlap) {
          overlap = shared;
          best = i;
        }
      });
      if (best < 0) {
        best = faces.push({ box, hull: box, scores: LOOK_KINDS.map(() => 0) }) - 1;
        places.add(best, x, y);
      }
      faces[best].hull = union(faces[best].hull, box);
      faces[best].scores[kind] = score;
    }
  }
  return faces;
}

const sound = (b: Box) => b.width > 0 && b.height > 0 && Number.isFinite(b.x + b.y + b.width + b.height);

function typicalWidth(detections: readonly { readonly box: Box }[]): number {
  const widths = detections.map(({ box }) => box.width).sort((a, b) => a - b);
  return widths[widths.length >> 1] ?? 1;
}
