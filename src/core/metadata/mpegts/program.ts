import { SayehError } from '../../errors.ts';
import type { Window } from '../window.ts';
import { isHdmv, openStream, registration, type Stream } from './codecs.ts';
import { type Framing, parsePacket, stretches } from './packet.ts';
import { readClock, readTime } from './pes.ts';
import {
  CLOCK_PID,
  cleanPmt,
  FIRST_PID,
  type ProgramMap,
  parsePat,
  parsePmt,
  SectionReader,
} from './tables.ts';

/** The film in a transport stream: one programme and its streams. */
export interface Program {
  readonly mapPid: number;
  readonly map: ProgramMap;
  readonly streams: readonly Stream[];
  /** Other programmes in the same file. */
  readonly others: number;
  /** The first time in the file, in ticks of 90 kHz; undefined if there is none. */
  readonly firstTime: number | undefined;
}

/** Tables come back several times a second: a film without any in this many bytes has none. */
const SEARCHED = 64 << 20;
const MOST_PROGRAMS = 64;
/** More than one section of a map has room for. */
const MOST_STREAMS = 256;

/** Finds the first programme that has a picture, or else the first. Undefined where there is no map. */
export async function readProgram(window: Window, framing: Framing): Promise<Program | undefined> {
  const readers = new Map<number, SectionReader>([[0, new SectionReader()]]);
  const maps = new Map<number, ProgramMap | undefined>();
  let firstTime: number | undefined;
  for await (const { offset, bytes, inSync } of stretches(window, framing)) {
    if (offset > SEARCHED) break;
    if (!inSync) continue;
    for (let at = framing.lead; at < bytes.length; at += framing.stride) {
      const packet = parsePacket(bytes, at);
      firstTime ??= timeIn(bytes, packet);
      const reader = readers.get(packet.pid);
      if (!reader || packet.payload >= packet.end) continue;
      for (const section of reader.push(bytes.subarray(packet.payload, packet.end), packet.isStart)) {
        if (packet.pid === 0) {
          for (const pid of parsePat(section).slice(0, MOST_PROGRAMS)) {
            if (!maps.has(pid)) maps.set(pid, undefined);
            if (!readers.has(pid)) readers.set(pid, new SectionReader());
          }
        } else if (!maps.get(packet.pid)) {
          const map = parsePmt(section);
          if (map) maps.set(packet.pid, map);
        }
      }
    }
    if (maps.size > 0 && [...maps.values()].every(Boolean) && firstTime !== undefined) break;
  }
  return choose(maps, firstTime);
}

function timeIn(bytes: Uint8Array, packet: ReturnType<typeof parsePacket>): number | undefined {
  if (packet.adaptation?.pcr !== undefined) return readClock(bytes, packet.adaptation.pcr);
  const { payload, end } = packet;
  const isPes =
    packet.isStart &&
    end - payload >= 14 &&
    bytes[payload] === 0 &&
    bytes[payload + 1] === 0 &&
    bytes[payload + 2] === 1;
  return isPes && bytes[payload + 7] & 0x80 ? readTime(bytes, payload + 9) : undefined;
}

function choose(
  maps: ReadonlyMap<number, ProgramMap | undefined>,
  firstTime: number | undefined,
): Program | undefined {
  const programs = [...maps].flatMap(([mapPid, map]) => {
    if (!map) return [];
    if (map.streams.length > MOST_STREAMS) throw new SayehError('too-large', `${map.streams.length} streams`);
    const streams = map.streams
      .map((stream) => openStream(stream, map))
      .filter((stream) => stream !== undefined);
    return [{ mapPid, map, streams, others: maps.size - 1, firstTime }];
  });
  return programs.find(({ streams }) => streams.some(({ isVideo }) => isVideo)) ?? programs[0];
}

/** What the PIDs of the source are called in a clean file, and the map that says so. */
export function cleanProgram({ map, streams }: Program): { map: Uint8Array; clockPid: number } {
  const clock = streams.findIndex(({ pid }) => pid === map.pcrPid);
  const clockPid = clock >= 0 ? FIRST_PID + clock : CLOCK_PID;
  return {
    map: cleanPmt(clockPid, isHdmv(map) ? registration('HDMV') : new Uint8Array(0), streams),
    clockPid,
  };
}

/** Cameras and broadcasters may count from a clock: a clean file begins at most this late, in 90 kHz ticks. */
export const LATEST_START = 60 * 90_000;
/** Where a shifted film begins: early times may lie before the first one met. */
const EARLIEST = 90_000;

/** How far times are moved back. */
export const shiftOf = ({ firstTime }: Program): number =>
  firstTime !== undefined && firstTime > LATEST_START ? firstTime - EARLIEST : 0;
