import type { Plan, PlanRisk, PlanTrack } from '../plan/plan.ts';

/** What differs between two plans of one film. */
export interface PlanChanges {
  /** New tracks and those that differ. */
  readonly tracks: readonly PlanTrack[];
  /** Ids of tracks that are gone. */
  readonly removed: readonly number[];
  /** The whole list, if any of them differs. */
  readonly risks?: readonly PlanRisk[];
}

/** What to tell somebody who knows `before` about `after`, of which it is an edit: told by identity, not content. */
export function planChanges(before: Plan, after: Plan): PlanChanges {
  const old = new Map(before.tracks.map((track) => [track.id, track]));
  const tracks = after.tracks.filter((track) => old.get(track.id) !== track);
  for (const { id } of after.tracks) old.delete(id);
  return {
    tracks,
    removed: [...old.keys()],
    ...(before.risks !== after.risks && { risks: after.risks }),
  };
}
