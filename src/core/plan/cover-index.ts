import type { Box } from '../geometry/box.ts';
import type { Region } from '../redact/region.ts';
import { coverRegion, grownBox } from './cover-region.ts';
import type { Plan, PlanTrack } from './plan.ts';

/**
 * Answers what to cover in a frame. Frames are asked for in rising order: a track is looked at only
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

  /** The boxes of what to cover in frame `index`, in source pixels, each with the number of its track. */
  tracksAt(index: number): { readonly track: number; readonly box: Box }[] {
    return this.#lasting(index).map((track) => ({ track: track.id, box: grownBox(track, index) }));
  }

  /** The regions to cover in frame `index`, in source pixels: faces as `cover` says, drawn ones as drawn. */
  regionsAt(index: number, cover: 'head' | 'face'): Region[] {
    return this.#lasting(index).map((track) => coverRegion(track, index, cover));
  }

  #lasting(index: number): readonly PlanTrack[] {
    while (this.#upcoming.length > 0 && (this.#upcoming.at(-1) as PlanTrack).from <= index) {
      this.#active.push(this.#upcoming.pop() as PlanTrack);
    }
    this.#active = this.#active.filter((track) => index < track.from + track.boxes.length);
    return this.#active;
  }
}
