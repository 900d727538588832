import type { LookKind } from './frame-looks.ts';

/** What the looks of one kind say about a track. */
export interface KindEvidence {
  /** Highest score; 0 where this kind never saw it. */
  readonly best: number;
  /** Sum of the scores. */
  readonly total: number;
  /** Looks that saw it. */
  readonly sightings: number;
  /** Looks, between the track's first and last sighting, that could have seen it. */
  readonly looks: number;
}

/** Why a track is believed. All scores are the detector's own. */
export interface Evidence {
  /** Highest score of any look. */
  readonly best: number;
  /** Mean over the frames with a sighting of the frame's highest score. */
  readonly mean: number;
  /** Frames in which any look saw it. */
  readonly sightings: number;
  /** Frames from the first sighting to the last, both counted, that were looked at in any way. */
  readonly looked: number;
  /** Median of the sightings' face heights, in source pixels. */
  readonly height: number;
  readonly byKind: Readonly<Record<LookKind, KindEvidence>>;
}
