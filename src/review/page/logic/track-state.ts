import type { PlanTrack } from '../../../core/plan/plan.ts';

/** What becomes of a track, as the page shows it. Who stays visible comes before everything else. */
export type TrackState = 'kept' | 'drawn' | 'doubtful' | 'covered';

export function stateOf({ decision, standing }: Pick<PlanTrack, 'decision' | 'standing'>): TrackState {
  if (decision === 'keep') return 'kept';
  if (standing === 'drawn') return 'drawn';
  return standing === 'sure' ? 'covered' : 'doubtful';
}

/** The frame after the track's last. */
export const endOf = ({ from, boxes }: Pick<PlanTrack, 'from' | 'boxes'>): number => from + boxes.length;

export const lastsThrough = (track: Pick<PlanTrack, 'from' | 'boxes'>, frame: number): boolean =>
  frame >= track.from && frame < endOf(track);

/** Tracks in a frame, left to right as faces stand in the picture: the order that arrow keys go through. */
export function tracksAt(tracks: readonly PlanTrack[], frame: number): PlanTrack[] {
  const middle = (track: PlanTrack) => {
    const [x, , width] = track.boxes[frame - track.from];
    return x + width / 2;
  };
  return tracks
    .filter((track) => lastsThrough(track, frame))
    .sort((a, b) => middle(a) - middle(b) || a.id - b.id);
}

/** Everybody who stays visible, in the order in which they appear. */
export function visibleTracks(tracks: readonly PlanTrack[]): PlanTrack[] {
  return tracks.filter(({ decision }) => decision === 'keep').sort((a, b) => a.from - b.from || a.id - b.id);
}

/** Frames in which somebody stays visible, as spans [from, to), rising and apart. */
export function visibleSpans(tracks: readonly PlanTrack[]): [number, number][] {
  const spans: [number, number][] = [];
  for (const track of visibleTracks(tracks)) {
    const last = spans.at(-1);
    if (last && track.from <= last[1]) last[1] = Math.max(last[1], endOf(track));
    else spans.push([track.from, endOf(track)]);
  }
  return spans;
}

/** The track chosen after `selected` when going through those of a frame by `step`; around the ends. */
export function neighbourTrack(
  here: readonly PlanTrack[],
  selected: number | undefined,
  step: 1 | -1,
): PlanTrack | undefined {
  if (here.length === 0) return undefined;
  const at = here.findIndex(({ id }) => id === selected);
  if (at < 0) return step > 0 ? here[0] : here.at(-1);
  return here[(at + step + here.length) % here.length];
}

/** Where to go to see a track best: the frame shown if it lasts through it, else its middle. */
export function frameToSee(track: PlanTrack, frame: number): number {
  return lastsThrough(track, frame) ? frame : track.from + (track.boxes.length >> 1);
}
