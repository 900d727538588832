import type { CheckReason } from '../check/mend.ts';
import type { SayehErrorCode } from '../errors.ts';
import type { Betrays } from '../metadata/format.ts';
import type { RiskReason } from '../track/risk.ts';

// Everything a report says is a code from these lists, so that it can be said in any language and no text from a
// file, a path or a system gets into it.

/**
 * Why a moment deserves a look, the weightiest first. `still-visible` is what the check of the written file saw to the
 * last, `other` what a plan says that this version does not know.
 */
export const REASON_CODES = [
  'still-visible',
  'ends-inside',
  'starts-inside',
  'fewer-faces',
  'found-by-check',
  'second-network',
  'cover-ended',
  'long-gap',
  'fast-motion',
  'weak-evidence',
  'dark',
  'other',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

const REASONS: Record<RiskReason | CheckReason, Exclude<ReasonCode, 'other' | 'still-visible'>> = {
  'starts inside the picture': 'starts-inside',
  'ends inside the picture': 'ends-inside',
  'dip in the number of faces': 'fewer-faces',
  'fast motion': 'fast-motion',
  dark: 'dark',
  'weak evidence': 'weak-evidence',
  'long gap': 'long-gap',
  'found in the written file': 'found-by-check',
  'seen by a second network': 'second-network',
  'still shown where its cover ended': 'cover-ended',
};

/** A plan may come from outside and its reasons are free text there. */
export function reasonCode(reason: string): ReasonCode {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as keyof typeof REASONS] : 'other';
}

/** What metadata betrays, as in Betrays; the order in which a reader wants it. */
export const BETRAYAL_CODES = [
  'who',
  'where',
  'when',
  'device',
  'edited',
  'other-pictures',
  'sound',
  'unknown',
] as const satisfies readonly Betrays[];
export type BetrayalCode = (typeof BETRAYAL_CODES)[number];
// Fails to compile when a kind is missing above.
const _every: [Betrays] extends [BetrayalCode] ? true : never = true;
void _every;

/** What went wrong with a file that failed. */
export const FAILURE_CODES = [
  'usage',
  'unsupported',
  'unrecognised',
  'corrupt',
  'too-large',
  'unreadable',
  'unwritable',
  'exists',
  'model',
  'check-failed',
  'crashed',
  'stalled',
  'aborted',
  'internal',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

const FAILURES: Record<SayehErrorCode, FailureCode> = {
  usage: 'usage',
  unsupported: 'unsupported',
  unrecognised: 'unrecognised',
  corrupt: 'corrupt',
  'too-large': 'too-large',
  unreadable: 'unreadable',
  unwritable: 'unwritable',
  exists: 'exists',
  model: 'model',
  'check-failed': 'check-failed',
  crashed: 'crashed',
  stalled: 'stalled',
  aborted: 'aborted',
  internal: 'internal',
};

/** An error code of a newer part of Sayeh is said as `internal` rather than not at all. */
export const failureCode = (code: SayehErrorCode): FailureCode => FAILURES[code] ?? 'internal';
