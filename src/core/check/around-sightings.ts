import type { Detection } from '../detect/detection.ts';
import { type Box, iou } from '../geometry/box.ts';
import { applyToBox, invert } from '../geometry/similarity.ts';
import type { CameraMotion } from '../track/camera-motion.ts';
import type { FrameSpan } from '../track/frame-span.ts';
import { type Shot, Stabiliser, shotAt } from '../track/stabiliser.ts';
import type { CheckReason, Opening } from './mend.ts';

/** A frame of a written film: how the camera came to it, and what was seen open in it. */
export interface ExaminedFrame {
  readonly motion: CameraMotion;
  readonly open: readonly Detection[];
}

/** Sightings this long apart, in seconds, may be one face that was there all along. */
const PATIENCE = 0.6;
/** How much their boxes must overlap once the camera's motion is taken out. */
const SAME_PLACE = 0.2;
/** How long before and after a sighting its place is covered, in seconds: longer than between two looks. */
const AROUND = 0.5;

interface Chain {
  /** In still coordinates. */
  readonly sightings: { readonly frame: number; readonly box: Box }[];
  score: number;
}

/**
 * What to cover for what was seen open in some frames of a film: each place, moved with the camera, from half a
 * second before its first sighting to half a second after its last.
 *
 * Looks are few here, so nothing is guessed about how people move: a link to a neighbour would leave the frames
 * between two faces covered and both open. Who runs is seen anew at every look, and covered around each.
 */
export function aroundSightings(
  frames: readonly ExaminedFrame[],
  fps: number,
  reason: CheckReason,
): Opening[] {
  const stabiliser = new Stabiliser(frames);
  return chainsIn(frames, stabiliser, fps).map((chain) => ({ ...fill(chain, stabiliser, fps), reason }));
}

/** A place where something was seen, from its first sighting to its last. */
export interface SeenSpan extends FrameSpan {
  /** Where, in source pixels of frame `from`. */
  readonly box: Box;
  /** The highest score, 0 to 1. */
  readonly score: number;
}

/** Where and when something was seen, each place once, in the order of their first frames. */
export function lastingSightings(frames: readonly ExaminedFrame[], fps: number): SeenSpan[] {
  const stabiliser = new Stabiliser(frames);
  return chainsIn(frames, stabiliser, fps)
    .map(({ sightings, score }) => {
      const from = sightings[0].frame;
      const to = sightings[sightings.length - 1].frame + 1;
      return { from, to, box: applyToBox(invert(stabiliser.transform(from)), sightings[0].box), score };
    })
    .sort((a, b) => a.from - b.from);
}

function chainsIn(frames: readonly ExaminedFrame[], stabiliser: Stabiliser, fps: number): Chain[] {
  const { shots } = stabiliser;
  const finished: Chain[] = [];
  let chains: Chain[] = [];
  let shot: Shot | undefined;
  frames.forEach(({ open }, frame) => {
    if (open.length === 0) return;
    const own = shotAt(shots, frame);
    const lasting = chains.filter(
      ({ sightings }) => own === shot && frame - (sightings.at(-1)?.frame ?? 0) <= PATIENCE * fps,
    );
    finished.push(...chains.filter((chain) => !lasting.includes(chain)));
    shot = own;
    chains = lasting;
    for (const { box, score } of open) {
      const still = applyToBox(stabiliser.transform(frame), box);
      let best: Chain | undefined;
      let overlap = SAME_PLACE;
      for (const chain of lasting) {
        const last = chain.sightings[chain.sightings.length - 1];
        const shared = last.frame === frame ? 0 : iou(last.box, still);
        if (shared > overlap) {
          overlap = shared;
          best = chain;
        }
      }
      if (best) {
        best.sightings.push({ frame, box: still });
        best.score = Math.max(best.score, score);
      } else chains.push({ sightings: [{ frame, box: still }], score });
    }
  });
  return [...finished, ...chains];
}

function fill({ sightings, score }: Chain, stabiliser: Stabiliser, fps: number): Omit<Opening, 'reason'> {
  const first = sightings[0];
  const last = sightings[sightings.length - 1];
  const shot = shotAt(stabiliser.shots, first.frame);
  const from = Math.max(shot.from, Math.round(first.frame - AROUND * fps));
  const to = Math.min(shot.to - 1, Math.round(last.frame + AROUND * fps));
  const boxes: Box[] = [];
  let next = 0;
  for (let frame = from; frame <= to; frame++) {
    while (next < sightings.length && sightings[next].frame < frame) next++;
    const after = sightings[Math.min(next, sightings.length - 1)];
    const before = sightings[Math.max(0, next - 1)];
    const gap = after.frame - before.frame;
    const t = gap > 0 ? Math.min(1, Math.max(0, (frame - before.frame) / gap)) : 0;
    boxes.push(applyToBox(invert(stabiliser.transform(frame)), between(before.box, after.box, t)));
  }
  return { from, boxes, score };
}

function between(a: Box, b: Box, t: number): Box {
  const mix = (p: number, q: number) => p + (q - p) * t;
  return {
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    width: mix(a.width, b.width),
    height: mix(a.height, b.height),
  };
}
