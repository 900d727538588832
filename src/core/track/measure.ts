import type { Evidence, KindEvidence } from './evidence.ts';
import { type FrameLooks, LOOK_KINDS } from './frame-looks.ts';
import type { Sightings } from './sightings.ts';
import type { Tracklet } from './tracklets.ts';

/** How many looks there were before each frame, of any kind and of each, so that spans are counted at once. */
export interface LookCounts {
  readonly any: Int32Array;
  readonly byKind: readonly Int32Array[];
}

export function countLooks(frames: readonly FrameLooks[]): LookCounts {
  const any = new Int32Array(frames.length + 1);
  const byKind = LOOK_KINDS.map(() => new Int32Array(frames.length + 1));
  frames.forEach(({ looks }, frame) => {
    any[frame + 1] = any[frame] + (looks.length > 0 ? 1 : 0);
    LOOK_KINDS.forEach((kind, k) => {
      byKind[k][frame + 1] = byKind[k][frame] + (looks.some((look) => look.kind === kind) ? 1 : 0);
    });
  });
  return { any, byKind };
}

/** Sums up what all looks say about a tracklet. `zoomOf`: source pixels per still pixel in a frame. */
export function measure(
  sightings: Sightings,
  tracklet: Tracklet,
  counts: LookCounts,
  zoomOf: (frame: number) => number,
): Evidence {
  const first = sightings.frame[tracklet[0]];
  const last = sightings.frame[tracklet[tracklet.length - 1]];
  const kinds = LOOK_KINDS.map((_, k): KindEvidence => {
    let best = 0;
    let total = 0;
    let seen = 0;
    for (const row of tracklet) {
      const score = sightings.scores[row * LOOK_KINDS.length + k];
      if (score > 0) seen++;
      if (score > best) best = score;
      total += score;
    }
    return { best, total, sightings: seen, looks: counts.byKind[k][last + 1] - counts.byKind[k][first] };
  });
  let best = 0;
  let sum = 0;
  for (const row of tracklet) {
    best = Math.max(best, sightings.score[row]);
    sum += sightings.score[row];
  }
  const heights = tracklet
    .map((row) => sightings.height[row] * zoomOf(sightings.frame[row]))
    .sort((a, b) => a - b);
  const [cheap, careful, fine] = kinds;
  return {
    best,
    mean: sum / tracklet.length,
    sightings: tracklet.length,
    looked: counts.any[last + 1] - counts.any[first],
    height: heights[heights.length >> 1],
    byKind: { cheap, careful, fine },
  };
}
