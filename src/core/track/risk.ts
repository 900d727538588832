import type { Box } from '../geometry/box.ts';
import { centre } from '../geometry/box.ts';
import { findDips } from './dips.ts';
import type { FrameLooks } from './frame-looks.ts';
import type { FrameSpan } from './frame-span.ts';
import { HardToSee } from './hard-to-see.ts';
import type { Track } from './track.ts';

/** Why a face may have been missed, in the words that a reviewer reads. */
export type RiskReason =
  | 'starts inside the picture'
  | 'ends inside the picture'
  | 'dip in the number of faces'
  | 'fast motion'
  | 'dark'
  | 'weak evidence'
  | 'long gap';

/** A place and time that a person should look at. */
export interface Risk extends FrameSpan {
  /** Where to look, in source pixels of the frame `at`; absent when it concerns the whole picture. */
  readonly box?: Box;
  /** The frame that shows it best. */
  readonly at: number;
  /** The track it concerns. */
  readonly track?: number;
  /** How likely a face was missed here, 0 to 1: an order, not a probability. */
  readonly score: number;
  readonly reasons: readonly RiskReason[];
}

export interface RiskOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** How much each reason weighs on its own. */
const WEIGHT: Readonly<Record<RiskReason, number>> = {
  'ends inside the picture': 0.6,
  'starts inside the picture': 0.5,
  'dip in the number of faces': 0.5,
  'long gap': 0.4,
  'fast motion': 0.3,
  'weak evidence': 0.2,
  dark: 0.15,
};
/** How long before its beginning or after its end somebody may have been there unseen, in seconds. */
const AROUND = 0.5;
/** A track is interpolated without doubt over gaps this long, in seconds. */
const LONG_GAP = 0.5;
/** A face that moves more than its own size within this time, in seconds, on its own or with the camera, is smeared. */
const SMEARED = 1 / 20;

/** Everything that deserves a second look, the riskiest first. Linear in frames and in tracks' lengths. */
export function rankRisks(
  frames: readonly FrameLooks[],
  tracks: readonly Track[],
  options: RiskOptions,
): Risk[] {
  const hard = new HardToSee(frames, options);
  const wholePicture = ({ from, to }: FrameSpan, reason: RiskReason): Unweighed => ({
    from,
    to,
    at: (from + to) >> 1,
    reasons: [reason],
    belief: 1,
  });
  return [
    ...tracks.flatMap((track) => trackRisks(track, frames, options.fps)),
    ...findDips(tracks, frames, options.fps).map((span) => wholePicture(span, 'dip in the number of faces')),
    ...hard.spans.map((span) => wholePicture(span, span.trouble)),
  ]
    .map((risk) => weigh({ ...risk, reasons: [...new Set([...risk.reasons, ...hard.within(risk)])] }))
    .sort((a, b) => b.score - a.score || a.from - b.from || (a.track ?? 0) - (b.track ?? 0));
}

/** Reasons add up as chances do: each takes its share of what the others left safe. */
function weigh({ belief, ...risk }: Unweighed): Risk {
  let safe = 1;
  for (const reason of risk.reasons) safe *= 1 - WEIGHT[reason] * belief;
  return { ...risk, score: 1 - safe };
}

type Unweighed = Omit<Risk, 'score'> & { readonly belief: number };

function trackRisks(track: Track, frames: readonly FrameLooks[], fps: number): Unweighed[] {
  const { id, from, boxes, sighted } = track;
  const last = from + boxes.length - 1;
  // What was hardly a face when it was seen is hardly a missed face when it was not.
  const belief = track.standing === 'sure' ? 1 : Math.min(1, 2 * track.evidence.best);
  const around = Math.max(1, Math.round(AROUND * fps));
  const risk = (begin: number, end: number, at: number, ...reasons: RiskReason[]): Unweighed => ({
    from: Math.max(0, begin),
    to: Math.min(frames.length, end),
    at,
    box: boxes[at - from],
    track: id,
    reasons,
    belief,
  });
  const risks: Unweighed[] = [];
  if (track.start === 'inside')
    risks.push(risk(from - around, sighted[0], from, 'starts inside the picture'));
  if (track.end === 'inside')
    risks.push(risk(sighted[sighted.length - 1] + 1, last + 1 + around, last, 'ends inside the picture'));
  for (let i = 1; i < sighted.length; i++) {
    const begin = sighted[i - 1] + 1;
    const end = sighted[i];
    if (end - begin >= LONG_GAP * fps) risks.push(risk(begin, end, (begin + end) >> 1, 'long gap'));
  }
  if (track.standing !== 'sure') {
    const middle = sighted[sighted.length >> 1];
    risks.push(risk(sighted[0], sighted[sighted.length - 1] + 1, middle, 'weak evidence'));
  }
  const fast = fastest(track, fps);
  if (fast !== undefined) risks.push(risk(fast - 1, fast + 2, fast, 'fast motion'));
  return risks;
}

/** The frame at which a face moves fastest, if it is smeared there. */
function fastest({ from, boxes }: Track, fps: number): number | undefined {
  let most = 1;
  let at: number | undefined;
  for (let i = 1; i < boxes.length; i++) {
    const a = centre(boxes[i - 1]);
    const b = centre(boxes[i]);
    const sizes = Math.hypot(b.x - a.x, b.y - a.y) / Math.max(1, Math.min(boxes[i].width, boxes[i].height));
    const smear = sizes * fps * SMEARED;
    if (smear > most) {
      most = smear;
      at = from + i;
    }
  }
  return at;
}
