import { type Judgement, judgeUnit } from './clean-units.ts';
import { nalHeader } from './nal-unit.ts';

/** An HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 8.3.3.1: the content of an `hvcC` box. */
export interface HevcConfiguration {
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
  /** Parameter sets and SEI messages, in file order. */
  readonly units: readonly Uint8Array[];
  /** Why the record may not stay as it is; empty for a clean one. */
  readonly problems: readonly string[];
}

/** Bytes before the arrays; the last counts them. */
const FIXED = 23;

/** Reads a record; undefined where its sizes do not add up. */
export function hevcConfiguration(record: Uint8Array): HevcConfiguration | undefined {
  const parsed = parse(record);
  if (!parsed) return undefined;
  const problems: string[] = [];
  if (record[0] !== 1) problems.push(`version ${record[0]}`);
  if (
    (record[13] & 0xf0) !== 0xf0 ||
    (record[15] & 0xfc) !== 0xfc ||
    (record[16] & 0xfc) !== 0xfc ||
    (record[17] & 0xf8) !== 0xf8 ||
    (record[18] & 0xf8) !== 0xf8
  )
    problems.push('reserved bits are not set');
  if (parsed.end < record.length)
    problems.push(`${record.length - parsed.end} bytes after the parameter sets`);
  for (const { head, units } of parsed.arrays) {
    if (head & 0x40) problems.push('a reserved bit is set');
    for (const unit of units) {
      const judgement = judge(head, unit);
      if (judgement.verdict !== 'keep') problems.push(judgement.reason);
    }
  }
  return {
    lengthSize: (record[21] & 3) + 1,
    units: parsed.arrays.flatMap(({ units }) => units),
    problems,
  };
}

/** The same record with only what a decoder needs; undefined where it cannot be read. */
export function cleanHevcConfiguration(record: Uint8Array): Uint8Array | undefined {
  const parsed = parse(record);
  if (!parsed || record[0] !== 1) return undefined;
  const fixed = record.slice(0, FIXED);
  fixed[13] |= 0xf0;
  fixed[15] |= 0xfc;
  fixed[16] |= 0xfc;
  fixed[17] |= 0xf8;
  fixed[18] |= 0xf8;
  const clean: number[] = [...fixed];
  let count = 0;
  for (const { head, units } of parsed.arrays) {
    const kept = units.flatMap((unit) => {
      const judgement = judge(head, unit);
      if (judgement.verdict === 'drop') return [];
      return [judgement.verdict === 'keep' ? unit : judgement.unit];
    });
    if (kept.length === 0) continue;
    count++;
    clean.push(head & 0xbf, kept.length >> 8, kept.length & 255);
    for (const unit of kept) clean.push(unit.length >> 8, unit.length & 255, ...unit);
  }
  clean[FIXED - 1] = count;
  return Uint8Array.from(clean);
}

interface UnitArray {
  /** array_completeness, a reserved bit, and the NAL unit type. */
  readonly head: number;
  readonly units: readonly Uint8Array[];
}

function parse(record: Uint8Array): { arrays: UnitArray[]; end: number } | undefined {
  if (record.length < FIXED) return undefined;
  const arrays: UnitArray[] = [];
  let at = FIXED;
  for (let i = 0; i < record[FIXED - 1]; i++) {
    if (at + 3 > record.length) return undefined;
    const head = record[at];
    const count = record[at + 1] * 256 + record[at + 2];
    at += 3;
    const units: Uint8Array[] = [];
    for (let j = 0; j < count; j++) {
      if (at + 2 > record.length) return undefined;
      const length = record[at] * 256 + record[at + 1];
      at += 2;
      if (at + length > record.length) return undefined;
      units.push(record.subarray(at, at + length));
      at += length;
    }
    arrays.push({ head, units });
  }
  return { arrays, end: at };
}

/** A unit here must be of its array's type, and a parameter set or a needed message, never a picture. */
function judge(head: number, unit: Uint8Array): Judgement {
  const range = { start: 0, end: unit.length };
  const { type, kind } = nalHeader('h265', unit, range);
  if (type !== (head & 0x3f)) return { verdict: 'drop', reason: 'a unit in the wrong array' };
  if (kind === 'slice' || kind === 'delimiter') return { verdict: 'drop', reason: 'no parameter set' };
  return judgeUnit('h265', unit, range);
}
