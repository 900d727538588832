import { EXPOSED, exposedShare } from '../src/core/check/exposed.ts';
import type { Box } from '../src/core/geometry/box.ts';
import { CoverIndex } from '../src/core/plan/cover-index.ts';
import type { Plan } from '../src/core/plan/plan.ts';
import { type Mask, rasterise } from '../src/core/redact/mask.ts';

/** A labelled face in one frame, source pixels. */
export interface LabelledFace {
  readonly frame: number;
  /** The same for one person in all frames of a film. */
  readonly person: number;
  readonly box: Box;
}

/** Faces at least this wide must be found again. */
export const PLANTED_WIDTH = 24;
/** Of every so many covered people one is uncovered. */
const EVERY = 4;

/** A face of which this much is open is there for anybody to see. */
const PLAINLY_OPEN = 0.5;

/** A plan from which somebody's covers were taken, and the face-frames that are open for it. */
export interface Planted {
  readonly plan: Plan;
  readonly opened: readonly LabelledFace[];
}

/**
 * Takes all covers off every fourth labelled person of 24 pixels and more whom the plan covers: the miss that a
 * check must find. Frames are counted as opened in which the person had a sure track of their own, was covered, and
 * is at least half open now: labels also mark who stands hidden behind others, and neighbours' covers hide many.
 */
export function plantMisses(plan: Plan, faces: readonly LabelledFace[]): Planted {
  const large = faces.filter(({ box }) => box.width >= PLANTED_WIDTH && mostlyInside(box, plan.film));
  const before = exposures(plan, large);
  const people = [...new Set(large.map(({ person }) => person))];
  const chosen = new Set(people.filter((_, i) => i % EVERY === 0));
  const theirs = large.filter(({ person }) => chosen.has(person));
  const gone = plan.tracks.filter((track) => theirs.some((face) => follows(track, face)));
  const planted = { ...plan, tracks: plan.tracks.filter((track) => !gone.includes(track)) };
  const after = exposures(planted, large);
  const sure = gone.filter(({ standing }) => standing === 'sure');
  const opened = large.filter(
    (face, i) =>
      before[i] <= EXPOSED && after[i] >= PLAINLY_OPEN && sure.some((track) => follows(track, face)),
  );
  return { plan: planted, opened };
}

/** Whether a track's box in the face's frame has its middle in the face. */
function follows({ from, boxes }: Plan['tracks'][number], { frame, box }: LabelledFace): boolean {
  const own = boxes[frame - from];
  if (!own) return false;
  const [x, y] = [own[0] + own[2] / 2, own[1] + own[3] / 2];
  return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
}

/** How many of the faces are open to see under a plan, and how many of those lie in one of its risks. */
export function stillOpen(plan: Plan, faces: readonly LabelledFace[]): { open: number; listed: number } {
  const shares = exposures(plan, faces);
  const open = faces.filter((_, i) => shares[i] > EXPOSED);
  const listed = open.filter(({ frame }) => plan.risks.some(({ from, to }) => frame >= from && frame < to));
  return { open: open.length, listed: listed.length };
}

/** The share of each face that a plan leaves open. */
export function exposures(plan: Plan, faces: readonly LabelledFace[]): number[] {
  const covers = new CoverIndex(plan);
  const { width, height, frames } = plan.film;
  const masks: Mask[] = [];
  for (let frame = 0; frame < frames; frame++)
    masks.push(rasterise(covers.regionsAt(frame, 'head'), width, height));
  return faces.map(({ frame, box }) => exposedShare(box, masks[frame]));
}

function mostlyInside({ x, y, width, height }: Box, picture: { width: number; height: number }): boolean {
  const [cx, cy] = [x + width / 2, y + height / 2];
  return (
    cx > width / 4 && cy > height / 4 && cx < picture.width - width / 4 && cy < picture.height - height / 4
  );
}
