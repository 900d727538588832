import { type BlockHead, lace, lacing, unlace } from './block.ts';
import { type Hidden, kept } from './payload/payload.ts';
import { concat } from './text.ts';
import type { Track } from './track.ts';

/** A block as it will be written. */
export interface CleanBlock {
  /** Track number, time and flags. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly hidden: readonly Hidden[];
}

/** key frame, invisible, discardable; reserved bits are dropped. Lacing is put back as written. */
const FLAGS = 0x89;

/** Cleans a block of a kept track; undefined where its lacing is broken. */
export function cleanBlock(block: Uint8Array, head: BlockHead, track: Track): CleanBlock | undefined {
  const original = block.subarray(head.length);
  const kind = lacing(head);
  const hidden: Hidden[] = [];
  let body = original;
  let newKind = kind;
  if (track.payload.looksInside || track.prefix.length > 0 || kind !== 0) {
    const frames = unlace(original, kind);
    if (!frames) return undefined;
    const cleaned = frames.map((frame) => {
      const whole = track.prefix.length > 0 ? concat([track.prefix, frame]) : frame;
      const result = track.payload.frame(whole);
      hidden.push(...result.hidden);
      return kept(result);
    });
    if (cleaned.some((frame, i) => frame !== frames[i])) ({ body, kind: newKind } = lace(cleaned));
  }
  const time = head.time & 0xffff;
  const flags = (head.flags & FLAGS) | (newKind << 1);
  return { head: Uint8Array.of(0x80 | track.newNumber, time >> 8, time & 0xff, flags), body, hidden };
}
