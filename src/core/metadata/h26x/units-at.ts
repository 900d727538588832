import { SayehError } from '../../errors.ts';
import type { Window } from '../window.ts';
import { type Judgement, judgeUnit } from './clean-units.ts';
import { type NalCodec, type NalUnit, nalHeader } from './nal-unit.ts';

/** A unit that may not stay as it is. */
export interface Objection {
  readonly judgement: Exclude<Judgement, { readonly verdict: 'keep' }>;
  /** Of a message all its bytes, of any other unit those of its header. A copy. */
  readonly bytes: Uint8Array;
  readonly unit: NalUnit;
}

const LONGEST_HEADER = 2;

/**
 * Judges the units of a sample, each behind its length, where it lies in the file. What a picture or a parameter set
 * is shows in its header, so only messages are read whole: a check of a film reads a hundredth of it. Answers
 * undefined where lengths do not add up.
 */
export async function objectionsAt(
  window: Window,
  codec: NalCodec,
  lengthSize: number,
  offset: number,
  length: number,
): Promise<readonly Objection[] | undefined> {
  const objections: Objection[] = [];
  const end = offset + length;
  if (end > window.size)
    throw new SayehError('corrupt', `a sample at byte ${offset} lies beyond the end of the file`);
  for (let at = offset; at < end; ) {
    if (at + lengthSize > end) return undefined;
    const wanted = Math.min(lengthSize + LONGEST_HEADER, end - at);
    const head = window.peek(at, wanted) ?? (await window.exactly(at, wanted));
    let size = 0;
    for (let i = 0; i < lengthSize; i++) size = size * 256 + head[i];
    const start = at + lengthSize;
    if (start + size > end) return undefined;
    const unit: NalUnit = { start: lengthSize, end: lengthSize + size };
    const isMessage = nalHeader(codec, head, unit).kind === 'message';
    const bytes = isMessage ? await window.exactly(at, unit.end) : head;
    const judgement = judgeUnit(codec, bytes, unit);
    if (judgement.verdict !== 'keep') objections.push({ judgement, bytes: bytes.slice(), unit });
    at = start + size;
  }
  return objections;
}
