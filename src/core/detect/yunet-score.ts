/**
 * Scores of YuNet (first) and of CenterFace (second) above which as large a share of what they find is faces: the
 * mean of what was measured on 128 photographs of one or two faces, whose labels are nearly complete, and on 479 of
 * crowds, looks at 0.5x, 0.75x, 1x and 1.5x taken together. Either set alone lies within a
 * quarter of that mean. Below .07 of CenterFace's the numbers of false boxes were compared instead, the second set by
 * every fourth photograph. The ends are not measured.
 */
const SAME_PRECISION: readonly (readonly [yunet: number, centerface: number])[] = [
  [0, 0],
  [0.024, 0.02],
  [0.038, 0.03],
  [0.076, 0.05],
  [0.12, 0.07],
  [0.2, 0.11],
  [0.29, 0.15],
  [0.39, 0.2],
  [0.58, 0.3],
  [0.68, 0.4],
  [0.77, 0.5],
  [0.83, 0.6],
  [0.86, 0.7],
  [0.88, 0.8],
  [1, 1],
];
const FROM_CENTERFACE = SAME_PRECISION.map(([yunet, centerface]) => [centerface, yunet] as const);

/**
 * The score, 0 to 1, of a CenterFace detection that is as likely to be a face as a YuNet detection of the given score
 * (0 to 1). Monotone. What judges detections is calibrated for CenterFace (core/track).
 */
export function centerFaceScoreOfYuNet(score: number): number {
  return interpolate(SAME_PRECISION, score);
}

/** The inverse: the score of a YuNet detection that is as likely to be a face as a CenterFace one of `score`. */
export function yuNetScoreOfCenterFace(score: number): number {
  return interpolate(FROM_CENTERFACE, score);
}

/** The value at `x` of the piecewise linear function through `points`, which rise; outside them the end's value. */
function interpolate(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const above = points.findIndex(([at]) => at >= x);
  if (above <= 0) return points.at(above)?.[1] as number;
  const [fromX, fromY] = points[above - 1];
  const [toX, toY] = points[above];
  return fromY + ((x - fromX) / (toX - fromX)) * (toY - fromY);
}
