import type { DetectorName } from './catalogue.ts';
import { centerFaceScoreOfYuNet, yuNetScoreOfCenterFace } from './yunet-score.ts';

/**
 * Translates a detector's own scores (0 to 1) to the common scale, on which CenterFace's are, and back. What judges
 * detections is calibrated on that scale. Both directions are monotone.
 */
export interface ScoreScale {
  toCommon(own: number): number;
  toOwn(common: number): number;
}

const SAME: ScoreScale = { toCommon: (own) => own, toOwn: (common) => common };
const YUNET: ScoreScale = { toCommon: centerFaceScoreOfYuNet, toOwn: yuNetScoreOfCenterFace };

/** The scale of a detector's scores. All but YuNet are taken as they are: their scores were never compared. */
export function scoreScale(detector: DetectorName): ScoreScale {
  return detector === 'yunet' ? YUNET : SAME;
}
