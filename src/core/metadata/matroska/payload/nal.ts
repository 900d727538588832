import {
  annexBUnits,
  avcConfiguration,
  cleanAvcConfiguration,
  cleanHevcConfiguration,
  hevcConfiguration,
  judgeUnit,
  lengthPrefixedUnits,
  type NalCodec,
  type NalUnit,
  nalHeader,
  objectionsAt,
  seiMessages,
  userDataText,
} from '../../h26x/index.ts';
import { allZero, concat } from '../text.ts';
import type { Cleaned, Hidden, OpenPayload } from './payload.ts';
import { unchanged } from './payload.ts';

/** H.264 or H.265 with units behind their lengths and a configuration record (ISO/IEC 14496-15). */
export function lengthPrefixed(codec: NalCodec): OpenPayload {
  const read = codec === 'h264' ? avcConfiguration : hevcConfiguration;
  const clean = codec === 'h264' ? cleanAvcConfiguration : cleanHevcConfiguration;
  return (setup) => {
    const record = read(setup);
    const cleaned = clean(setup);
    if (!record || !cleaned) return 'a decoder configuration that cannot be read';
    const hidden: Hidden[] = record.problems.map((what) => ({ what, betrays: 'unknown' }));
    return {
      setup: hidden.length === 0 ? unchanged(setup) : { bytes: cleaned, hidden },
      frame: (bytes) => cleanLengthPrefixed(codec, bytes, record.lengthSize),
      hiddenAt: async (window, offset, length) => {
        const found = await objectionsAt(window, codec, record.lengthSize, offset, length);
        if (!found) return [BROKEN];
        return found.map(({ bytes, unit, judgement }) => describe(codec, bytes, unit, judgement.reason));
      },
      looksInside: true,
    };
  };
}

/** H.264 or H.265 with start codes (their annex B), as AVI and MPEG-TS store them. */
export function startCoded(codec: NalCodec): OpenPayload {
  return (setup) => ({
    setup: cleanStartCoded(codec, setup),
    frame: (bytes) => cleanStartCoded(codec, bytes),
    looksInside: true,
  });
}

const BROKEN: Hidden = { what: 'a broken frame', betrays: 'unknown' };

function cleanLengthPrefixed(codec: NalCodec, bytes: Uint8Array, lengthSize: number): Cleaned {
  const units = lengthPrefixedUnits(bytes, lengthSize);
  if (!units) return { bytes: new Uint8Array(0), hidden: [BROKEN] };
  return judge(codec, bytes, units, (unit) => {
    const prefix = new Uint8Array(lengthSize);
    for (let i = 0; i < lengthSize; i++) prefix[i] = (unit.length / 256 ** (lengthSize - 1 - i)) & 0xff;
    return prefix;
  });
}

/** Either junk, or the rest of a unit whose start lies in the stretch before. */
export const HALF_A_UNIT = 'bytes before the first unit';

const START_CODE = Uint8Array.of(0, 0, 0, 1);

function cleanStartCoded(codec: NalCodec, bytes: Uint8Array): Cleaned {
  const units = annexBUnits(bytes);
  const cleaned = judge(codec, bytes, units, () => START_CODE);
  const lead = bytes.subarray(0, units.length > 0 ? units[0].start - 3 : bytes.length);
  if (allZero(lead)) return cleaned;
  const rest = cleaned.bytes === bytes ? bytes.subarray(lead.length) : cleaned.bytes;
  return {
    bytes: rest,
    hidden: [...cleaned.hidden, { what: HALF_A_UNIT, betrays: 'unknown' }],
  };
}

function judge(
  codec: NalCodec,
  bytes: Uint8Array,
  units: readonly NalUnit[],
  prefix: (unit: Uint8Array) => Uint8Array,
): Cleaned {
  const judged = units.map((unit) => ({ unit, judgement: judgeUnit(codec, bytes, unit) }));
  if (judged.every(({ judgement }) => judgement.verdict === 'keep')) return unchanged(bytes);
  const hidden: Hidden[] = [];
  const pieces: Uint8Array[] = [];
  for (const { unit, judgement } of judged) {
    if (judgement.verdict !== 'keep') hidden.push(describe(codec, bytes, unit, judgement.reason));
    if (judgement.verdict === 'drop') continue;
    const kept = judgement.verdict === 'keep' ? bytes.subarray(unit.start, unit.end) : judgement.unit;
    pieces.push(prefix(kept), kept);
  }
  return { bytes: concat(pieces), hidden };
}

/** Modified digital video pack metadata: what an AVCHD camera writes with every picture, date and GPS included. */
const MDPM = 'MDPM';

function describe(codec: NalCodec, bytes: Uint8Array, unit: NalUnit, reason: string): Hidden {
  const header = nalHeader(codec, bytes, unit);
  const messages = header.kind === 'message' ? seiMessages(bytes, unit, header) : undefined;
  const isMdpm = messages?.some(({ payload }) => String.fromCharCode(...payload.subarray(16, 20)) === MDPM);
  if (isMdpm) return { what: "camera's recording data (MDPM): date, GPS, settings", betrays: 'where' };
  const text = messages
    ?.map(userDataText)
    .filter((said) => said !== undefined)
    .join(' ');
  if (text) return { what: `${reason}: encoder and its settings`, betrays: 'device', text };
  return { what: reason, betrays: reason === 'filler' ? 'unknown' : 'device' };
}
