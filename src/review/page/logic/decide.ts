import type { PlanTrack } from '../../../core/plan/plan.ts';
import type { DecideEdit } from '../../../core/review/edit.ts';
import { endOf } from './track-state.ts';

/** A span that a person set, from frame `from` up to, not including, `to`; an end left open is the track's own. */
export interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The edits that keep or cover tracks within a span; none for tracks that the span misses or that are so already. */
export function decideEdits(
  tracks: readonly PlanTrack[],
  decision: 'cover' | 'keep',
  span: Span,
): DecideEdit[] {
  return tracks.flatMap((track) => {
    const from = Math.max(track.from, span.from ?? track.from);
    const to = Math.min(endOf(track), span.to ?? endOf(track));
    if (from >= to || track.decision === decision) return [];
    const whole = from === track.from && to === endOf(track);
    return [{ do: 'decide', track: track.id, decision, ...(whole ? {} : { from, to }) } as const];
  });
}

/** The span with its beginning moved to `frame`; an end that comes before it is let go of. */
export const spanFrom = ({ to }: Span, frame: number): Span => ({
  from: frame,
  to: to !== undefined && to > frame ? to : undefined,
});

/** The span with `frame` as its last frame; a beginning that comes after it is let go of. */
export const spanTo = ({ from }: Span, frame: number): Span => ({
  from: from !== undefined && from <= frame ? from : undefined,
  to: frame + 1,
});

/** Sizes that masks step through, as multiples of the usual. */
const GROWTH = [1, 1.25, 1.5, 2, 2.5, 3, 4];

/** The next size up or down. */
export function nextGrowth(current: number, step: 1 | -1): number {
  return step > 0
    ? (GROWTH.find((size) => size > current + 1e-6) ?? GROWTH[GROWTH.length - 1])
    : (GROWTH.findLast((size) => size < current - 1e-6) ?? 1);
}
