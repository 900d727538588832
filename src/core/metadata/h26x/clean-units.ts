import { escapePayload } from './escaping.ts';
import { type NalCodec, type NalHeader, type NalUnit, nalHeader } from './nal-unit.ts';
import { isNeeded, type SeiMessage, seiBody, seiMessages, seiName } from './sei.ts';

/** What becomes of a NAL unit in a clean stream. */
export type Judgement =
  | { readonly verdict: 'keep' }
  | { readonly verdict: 'drop'; readonly reason: string }
  /** An SEI unit of which only some messages may stay. */
  | { readonly verdict: 'replace'; readonly reason: string; readonly unit: Uint8Array };

const KEEP: Judgement = { verdict: 'keep' };

/**
 * Holds a NAL unit against the allowlist: pictures, parameters and delimiters stay; filler, foreign units and
 * SEI messages that no decoder needs do not. Writers drop what this says, checkers report it.
 */
export function judgeUnit(codec: NalCodec, bytes: Uint8Array, unit: NalUnit): Judgement {
  const header = nalHeader(codec, bytes, unit);
  switch (header.kind) {
    case 'slice':
    case 'parameters':
      return KEEP;
    case 'delimiter':
      // One byte of payload at most: a longer one hides something behind a name that decoders skip.
      return unit.end - unit.start <= header.headerLength + 1
        ? KEEP
        : { verdict: 'drop', reason: 'a delimiter with content' };
    case 'filler':
      return { verdict: 'drop', reason: 'filler' };
    case 'foreign':
      return { verdict: 'drop', reason: foreignReason(codec, header) };
    case 'message':
      return judgeMessages(codec, bytes, unit, header);
  }
}

function judgeMessages(codec: NalCodec, bytes: Uint8Array, unit: NalUnit, header: NalHeader): Judgement {
  const messages = seiMessages(bytes, unit, header);
  if (!messages) return { verdict: 'drop', reason: 'a damaged SEI message' };
  const needed = messages.filter((message) => isNeeded(codec, message));
  if (needed.length === messages.length && needed.length > 0) return KEEP;
  const reason = `SEI: ${nameAll(messages.filter((message) => !needed.includes(message)))}`;
  if (needed.length === 0) return { verdict: 'drop', reason };
  const head = bytes.subarray(unit.start, unit.start + header.headerLength);
  const body = escapePayload(seiBody(needed));
  const replacement = new Uint8Array(head.length + body.length);
  replacement.set(head);
  replacement.set(body, head.length);
  return { verdict: 'replace', reason, unit: replacement };
}

const nameAll = (messages: readonly SeiMessage[]): string =>
  [...new Set(messages.map(({ type }) => seiName(type)))].join(', ') || 'empty';

function foreignReason(codec: NalCodec, { type, layer }: NalHeader): string {
  if (layer > 0) return `a NAL unit of another layer (${layer})`;
  if (codec === 'h264' && type === 19) return 'an auxiliary coded picture';
  if (codec === 'h265' && (type === 62 || type === 63)) return 'Dolby Vision data';
  return `a NAL unit of an unknown kind (${type})`;
}
