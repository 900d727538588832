import type { Evidence } from './evidence.ts';
import type { Sensitivity, Standing } from './track.ts';

/** Judges a tracklet by its evidence alone. */
export function judge(evidence: Evidence, sensitivity: Sensitivity): Standing {
  if (evidence.best >= 0.5) return 'sure';
  if (evidence.sightings >= 2 || evidence.best >= 0.2) return 'doubtful';
  return sensitivity === 'normal' ? 'noise' : 'doubtful';
}
