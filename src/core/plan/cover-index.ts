import type { Box } from '../geometry/box.ts';
import { boxOf, type Plan, type PlanTrack } from './plan.ts';

/**
 * Answers which faces to cover in a frame. Frames are asked for in rising order: a track is looked at only
 * while it lasts, so a long film costs no more a frame than a short one.
 */
export class CoverIndex {
  readonly #upcoming: PlanTrack[];
  #active: PlanTrack[] = [];

  constructor(plan: Plan) {
    this.#upcoming = plan.tracks
      .filter((track) => track.decision === 'cover')
      .sort((a, b) => b.from - a.from);
  }

  /** The boxes of the faces to cover in frame `index`, in source pixels. */
  at(index: number): Box[] {
    return this.tracksAt(index).map(({ box }) => box);
  }

  /** The same, each with the number of its track. */
  tracksAt(index: number): { readonly track: number; readonly box: Box }[] {
    while (this.#upcoming.length > 0 && (this.#upcoming.at(-1) as PlanTrack).from <= index) {
      this.#active.push(this.#upcoming.pop() as PlanTrack);
    }
    this.#active = this.#active.filter((track) => index < track.from + track.boxes.length);
    return this.#active.map(({ id, from, boxes }) => ({ track: id, box: boxOf(boxes[index - from]) }));
  }
}
