import { nalHeader } from './nal-unit.ts';

/** An AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1: the content of an `avcC` box. */
export interface AvcConfiguration {
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
  /** Sequence and picture parameter sets, in file order, and SPS extensions. */
  readonly units: readonly Uint8Array[];
  /** Why the record may not stay as it is; empty for a clean one. */
  readonly problems: readonly string[];
}

/** Baseline, Main and Extended. After the parameter sets of all others come the format and SPS extensions. */
const PLAIN_PROFILES = [66, 77, 88];

/** Reads a record; undefined where its sizes do not add up. */
export function avcConfiguration(record: Uint8Array): AvcConfiguration | undefined {
  const parsed = parse(record);
  if (!parsed) return undefined;
  return { lengthSize: (record[4] & 3) + 1, units: parsed.sets.flat(), problems: problems(record, parsed) };
}

/** The same record with nothing but parameter sets; undefined where it cannot be read. */
export function cleanAvcConfiguration(record: Uint8Array): Uint8Array | undefined {
  const parsed = parse(record);
  if (!parsed || record[0] !== 1) return undefined;
  const [sequence, picture, extension] = parsed.sets.map((sets, i) => sets.filter(isOfKind(i)));
  if (parsed.sets.some((sets, i) => sets.length !== [sequence, picture, extension][i].length))
    return undefined;
  const clean: number[] = [...record.subarray(0, 4), 0xfc | (record[4] & 3), 0xe0 | sequence.length];
  pushSets(clean, sequence);
  clean.push(picture.length);
  pushSets(clean, picture);
  if (parsed.format) {
    const [chroma, luma, depth] = parsed.format;
    clean.push(0xfc | (chroma & 3), 0xf8 | (luma & 7), 0xf8 | (depth & 7), extension.length);
    pushSets(clean, extension);
  }
  return Uint8Array.from(clean);
}

interface ParsedAvc {
  /** SPS, PPS and SPS extensions. */
  readonly sets: readonly [Uint8Array[], Uint8Array[], Uint8Array[]];
  readonly format: Uint8Array | undefined;
  readonly end: number;
}

function parse(record: Uint8Array): ParsedAvc | undefined {
  let at = 5;
  const readSets = (mask: number): Uint8Array[] | undefined => {
    if (at >= record.length) return undefined;
    const count = record[at++] & mask;
    const sets: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      if (at + 2 > record.length) return undefined;
      const length = record[at] * 256 + record[at + 1];
      at += 2;
      if (at + length > record.length) return undefined;
      sets.push(record.subarray(at, at + length));
      at += length;
    }
    return sets;
  };
  const sequence = readSets(0x1f);
  const picture = sequence && readSets(0xff);
  if (!picture) return undefined;
  if (PLAIN_PROFILES.includes(record[1]) || at + 4 > record.length)
    return { sets: [sequence, picture, []], format: undefined, end: at };
  const format = record.subarray(at, at + 3);
  at += 3;
  const extension = readSets(0xff);
  return extension && { sets: [sequence, picture, extension], format, end: at };
}

function problems(record: Uint8Array, { sets, format, end }: ParsedAvc): string[] {
  const found: string[] = [];
  if (record[0] !== 1) found.push(`version ${record[0]}`);
  if ((record[4] & 0xfc) !== 0xfc || (record[5] & 0xe0) !== 0xe0) found.push('reserved bits are not set');
  if (format && ((format[0] & 0xfc) !== 0xfc || (format[1] & 0xf8) !== 0xf8 || (format[2] & 0xf8) !== 0xf8))
    found.push('reserved bits are not set');
  if (end < record.length) found.push(`${record.length - end} bytes after the parameter sets`);
  if (sets.some((units, i) => !units.every(isOfKind(i)))) found.push('a unit that is no parameter set');
  return found;
}

/** nal_unit_type 7, 8 and 13 in the first, second and third list. */
const isOfKind = (list: number) => (unit: Uint8Array) =>
  nalHeader('h264', unit, { start: 0, end: unit.length }).type === [7, 8, 13][list];

function pushSets(record: number[], sets: readonly Uint8Array[]): void {
  for (const set of sets) record.push(set.length >> 8, set.length & 255, ...set);
}
