/** x, y, width, height in source pixels, rounded to tenths when it enters the plan. */
export type EditBox = readonly [number, number, number, number];

/** A place that a person drew in one frame, in source pixels. */
export type DrawnRegion =
  | { readonly ellipse: EditBox }
  | { readonly rectangle: EditBox }
  /** Three corners or more; the shape closes itself. */
  | { readonly polygon: readonly (readonly [number, number])[] };

/** Where a drawn region is in one frame: the box around it. The shape stays that of its track. */
export interface Keyframe {
  readonly frame: number;
  readonly box: EditBox;
}

/** Cover or keep a track, whole or from frame `from` up to, not including, `to`: the track is split there. */
export interface DecideEdit {
  readonly do: 'decide';
  readonly track: number;
  readonly decision: 'cover' | 'keep';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Cover everything again. There is no keeping of everything: who stays visible is decided one by one. */
export interface DecideAllEdit {
  readonly do: 'decide-all';
  readonly decision: 'cover';
}

/**
 * Cover a place that was drawn in `frame`, from frame `from` up to, not including, `to`; left out, these are the
 * ends of the shot that holds `frame`. It stands still, or moves evenly between keyframes.
 */
export interface DrawEdit {
  readonly do: 'draw';
  readonly region: DrawnRegion;
  readonly frame: number;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly keyframes?: readonly Keyframe[] | undefined;
}

/**
 * Put a track's box where it belongs in one frame. The frames on either side follow, up to the next keyframe or
 * the track's end; of a track that the analysis found only those near by. A frame outside the track lengthens it.
 */
export interface KeyframeEdit extends Keyframe {
  readonly do: 'keyframe';
  readonly track: number;
}

/** Cover `factor` times the size, 1 (as found) to 4; of one track or of all. */
export interface GrowEdit {
  readonly do: 'grow';
  readonly track: number | 'all';
  readonly factor: number;
}

/** Cut a track in two; `frame` is the second part's first. */
export interface SplitEdit {
  readonly do: 'split';
  readonly track: number;
  readonly frame: number;
}

/**
 * Make one track of two that do not overlap in time; the gap between them is filled evenly. The first one's
 * shape and id stay. Where either is covered, the whole is.
 */
export interface JoinEdit {
  readonly do: 'join';
  readonly tracks: readonly [number, number];
}

/** Take out a track that a person drew. What the analysis found can be kept visible, not taken out. */
export interface RemoveEdit {
  readonly do: 'remove';
  readonly track: number;
}

/** Say that a person looked at a risk; `risk` is its place in the plan's list. */
export interface SeenEdit {
  readonly do: 'seen';
  readonly risk: number;
  readonly seen: boolean;
}

/** One thing that a person changes in a plan. */
export type Edit =
  | DecideEdit
  | DecideAllEdit
  | DrawEdit
  | KeyframeEdit
  | GrowEdit
  | SplitEdit
  | JoinEdit
  | RemoveEdit
  | SeenEdit;
