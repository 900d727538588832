import type { FrameLooks } from './frame-looks.ts';
import { type FrameSpan, spansWhere } from './frame-span.ts';
import type { Risk } from './risk.ts';
import type { Sensitivity } from './sensitivity.ts';

/**
 * Most frames that get a second look, as a share of the film: it is the dearest look. Normally the riskiest frames are
 * looked at as closely when the plan is held against the film (core/check/frames-to-examine.ts), which saves a pass.
 */
export const SECOND_LOOK_SHARE: Readonly<Record<Sensitivity, number>> = {
  normal: 0,
  high: 0.25,
  max: 0.6,
};
/** Below this nothing is likely enough to be worth one. */
const WORTH = 0.2;

/**
 * Where to look again, finely, at every frame: the spans of the greatest risks until `share` of the film is used
 * up. Frames that had a fine look are left out, so that asking again after the looks answers less and less.
 * Spans come back in order, apart from each other. After the looks run `track` again with them included.
 */
export function secondLooks(
  frames: readonly FrameLooks[],
  risks: readonly Risk[],
  share: number,
): FrameSpan[] {
  const chosen = new Uint8Array(frames.length);
  const done = Uint8Array.from(frames, ({ looks }) => (looks.some(({ kind }) => kind === 'fine') ? 1 : 0));
  let budget = Math.floor(share * frames.length);
  for (const risk of [...risks].sort((a, b) => b.score - a.score)) {
    if (risk.score < WORTH || budget <= 0) break;
    for (let f = risk.from; f < risk.to && budget > 0; f++) {
      if (chosen[f] || done[f]) continue;
      chosen[f] = 1;
      budget--;
    }
  }
  return spansWhere(frames.length, (f) => chosen[f] === 1);
}
