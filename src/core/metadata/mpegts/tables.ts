import { concat } from '../matroska/text.ts';

/** Programme specific information: tables in sections (ISO/IEC 13818-1 section 2.4.4). */

/** Puts a PID's sections together from its packets' payloads. */
export class SectionReader {
  #pending: Uint8Array = new Uint8Array(0);

  /** Whole sections that end in this payload. */
  push(payload: Uint8Array, isStart: boolean): Uint8Array[] {
    if (isStart) {
      const pointer = payload[0] ?? 0;
      const finished = this.#take(concat([this.#pending, payload.subarray(1, 1 + pointer)]));
      this.#pending = new Uint8Array(0);
      return [...finished, ...this.#take(payload.subarray(1 + pointer))];
    }
    if (this.#pending.length === 0) return [];
    return this.#take(concat([this.#pending, payload]));
  }

  #take(bytes: Uint8Array): Uint8Array[] {
    const sections: Uint8Array[] = [];
    let at = 0;
    while (at + 3 <= bytes.length && bytes[at] !== 0xff) {
      const end = at + 3 + (((bytes[at + 1] & 15) << 8) | bytes[at + 2]);
      if (end > bytes.length) {
        this.#pending = bytes.slice(at);
        return sections;
      }
      sections.push(bytes.slice(at, end));
      at = end;
    }
    this.#pending = new Uint8Array(0);
    return sections;
  }
}

export interface Descriptor {
  readonly tag: number;
  readonly data: Uint8Array;
}

export function parseDescriptors(bytes: Uint8Array): Descriptor[] {
  const descriptors: Descriptor[] = [];
  for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes[at + 1])
    descriptors.push({ tag: bytes[at], data: bytes.slice(at + 2, at + 2 + bytes[at + 1]) });
  return descriptors;
}

const u13 = (bytes: Uint8Array, at: number) => ((bytes[at] & 0x1f) << 8) | bytes[at + 1];
const u12 = (bytes: Uint8Array, at: number) => ((bytes[at] & 0x0f) << 8) | bytes[at + 1];
const CRC = 4;

/** PIDs of the programme maps in a programme association section (2.4.4.3); empty for another table. */
export function parsePat(section: Uint8Array): number[] {
  if (section[0] !== 0) return [];
  const maps: number[] = [];
  for (let at = 8; at + 4 <= section.length - CRC; at += 4)
    // Programme 0 names the network information table.
    if (section[at] !== 0 || section[at + 1] !== 0) maps.push(u13(section, at + 2));
  return maps;
}

export interface MappedStream {
  readonly type: number;
  readonly pid: number;
  readonly descriptors: readonly Descriptor[];
}

export interface ProgramMap {
  readonly pcrPid: number;
  readonly descriptors: readonly Descriptor[];
  readonly streams: readonly MappedStream[];
}

/** A programme map section (2.4.4.8); undefined for another table. */
export function parsePmt(section: Uint8Array): ProgramMap | undefined {
  if (section[0] !== 2 || section.length < 12 + CRC) return undefined;
  const end = section.length - CRC;
  const first = Math.min(12 + u12(section, 10), end);
  const streams: MappedStream[] = [];
  for (let at = first; at + 5 <= end; ) {
    const next = Math.min(at + 5 + u12(section, at + 3), end);
    const descriptors = parseDescriptors(section.subarray(at + 5, next));
    streams.push({ type: section[at], pid: u13(section, at + 1), descriptors });
    at = next;
  }
  return { pcrPid: u13(section, 8), descriptors: parseDescriptors(section.subarray(12, first)), streams };
}

/** Annex A: polynomial 04C11DB7, all ones first, nothing reflected. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/** Section syntax around a table's own bytes: number 1, version 0, the only section. */
function section(table: number, body: Uint8Array): Uint8Array {
  const length = 5 + body.length + CRC;
  const head = [table, 0xb0 | (length >> 8), length & 255, 0, 1, 0xc1, 0, 0];
  const bytes = concat([Uint8Array.from(head), body]);
  const crc = crc32(bytes);
  return concat([bytes, Uint8Array.of(crc >>> 24, (crc >> 16) & 255, (crc >> 8) & 255, crc & 255)]);
}

/** Where the programme map of a clean file is. */
export const MAP_PID = 0x1000;
/** The first stream of a clean file; the others follow. */
export const FIRST_PID = 0x100;
/** The clock of a clean file, where none of the streams carries it. */
export const CLOCK_PID = 0x1f0;

/** One programme, number 1. */
export const cleanPat = (): Uint8Array =>
  section(0, Uint8Array.of(0, 1, 0xe0 | (MAP_PID >> 8), MAP_PID & 255));

/** The programme map of a clean file: types and the descriptors without which a type is not known. */
export function cleanPmt(
  pcrPid: number,
  program: Uint8Array,
  streams: readonly { readonly type: number; readonly descriptors: Uint8Array }[],
): Uint8Array {
  const pid = (value: number) => [0xe0 | (value >> 8), value & 255];
  const length = (value: number) => [0xf0 | (value >> 8), value & 255];
  return section(
    2,
    concat([
      Uint8Array.from([...pid(pcrPid), ...length(program.length)]),
      program,
      ...streams.flatMap(({ type, descriptors }, i) => [
        Uint8Array.from([type, ...pid(FIRST_PID + i), ...length(descriptors.length)]),
        descriptors,
      ]),
    ]),
  );
}
