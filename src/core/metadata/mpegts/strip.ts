import { SayehError } from '../../errors.ts';
import { type Limits, overLimit } from '../../limits.ts';
import type { ByteSink } from '../byte-source.ts';
import type { Part, StripResult } from '../format.ts';
import { Batch } from '../matroska/batch.ts';
import type { Window } from '../window.ts';
import { describeUnwanted, isPictureOrSound } from './codecs.ts';
import { asWords } from './growing.ts';
import {
  type Framing,
  isPlain,
  type Packet,
  PIDS,
  parsePacket,
  pidOf,
  readFraming,
  stretches,
} from './packet.ts';
import { shiftClock } from './pes.ts';
import { cleanProgram, type Program, readProgram, shiftOf } from './program.ts';
import { Rewriter } from './rewriter.ts';
import { CLOCK_PID, cleanPat, FIRST_PID, MAP_PID, parsePmt, SectionReader } from './tables.ts';
import { type KeptAdaptation, writePacket, writeSection } from './write-packet.ts';

/** Writes a new transport stream with one programme, its picture and sound, and its clock. */
export async function stripPackets(window: Window, sink: ByteSink, limits: Limits): Promise<StripResult> {
  const framing = await readFraming(window);
  const program = await readProgram(window, framing);
  if (!program) throw new SayehError('corrupt', 'the transport stream has no programme map');
  const { length } = program.map.streams;
  if (length > limits.streams) throw overLimit('streams', limits, length, `the film has ${length} streams`);
  refuseLosses(program);

  const out = new Batch(sink);
  const pass = new Pass(window, framing, program, out);
  await pass.run();
  await out.flush();
  return { removed: pass.removed(), notes: pass.notes() };
}

function refuseLosses({ map, streams }: Program): void {
  const kept = new Set(streams.map(({ pid }) => pid));
  const lost = map.streams.find((stream) => !kept.has(stream.pid) && isPictureOrSound(stream));
  if (lost)
    throw new SayehError(
      'unsupported',
      `stream 0x${lost.pid.toString(16)} of type 0x${lost.type.toString(16)} cannot be kept as it is. ` +
        'Use protect, which codes it anew.',
    );
  if (streams.length === 0) throw new SayehError('unsupported', 'the file has neither picture nor sound');
}

interface Dropped {
  offset: number;
  packets: number;
}

/** One pass over the source's packets. */
class Pass {
  readonly #window: Window;
  readonly #framing: Framing;
  readonly #program: Program;
  readonly #rewriter: Rewriter;
  readonly #shift: number;
  readonly #tables: ReadonlyMap<number, { pid: number; section: Uint8Array; continuity: number }>;
  readonly #maps = new SectionReader();
  /** The number that the last packet of each PID had. */
  readonly #last = new Int8Array(PIDS).fill(-1);
  readonly #dropped = new Map<number, Dropped>();
  readonly #damaged: Part[] = [];
  #hasAdaptationData = false;

  constructor(window: Window, framing: Framing, program: Program, out: Batch) {
    this.#window = window;
    this.#framing = framing;
    this.#program = program;
    this.#shift = shiftOf(program);
    const { map } = cleanProgram(program);
    this.#tables = new Map([
      [0, { pid: 0, section: cleanPat(), continuity: 0 }],
      [program.mapPid, { pid: MAP_PID, section: map, continuity: 0 }],
    ]);
    const streams = program.streams.map((stream, i) => [stream.pid, { stream, pid: FIRST_PID + i }] as const);
    this.#rewriter = new Rewriter(out, this.#shift, new Map(streams));
  }

  async run(): Promise<void> {
    const kept = new Set(this.#program.streams.map(({ pid }) => pid));
    for await (const { offset, bytes, inSync } of stretches(this.#window, this.#framing)) {
      if (!inSync) {
        this.#outOfSync(offset, bytes.length);
        continue;
      }
      const words = asWords(bytes);
      for (let at = this.#framing.lead; at < bytes.length; at += this.#framing.stride) {
        if (words && this.#takePlain(bytes, at, words)) continue;
        const packet = parsePacket(bytes, at);
        if (this.#isRepeat(packet)) continue;
        if (kept.has(packet.pid)) this.#stream(bytes, packet);
        else this.#other(bytes, packet, offset + at);
      }
      await this.#rewriter.flush();
    }
    await this.#rewriter.end();
  }

  /** A packet in the middle of a kept stretch, which is nearly every one; false for any that needs a closer look. */
  #takePlain(bytes: Uint8Array, at: number, words: Int32Array): boolean {
    if (!isPlain(bytes, at)) return false;
    const pid = pidOf(bytes, at);
    const continuity = bytes[at + 3] & 15;
    if (this.#last[pid] === continuity || !this.#rewriter.takePlain(pid, words, (at + 4) >> 2)) return false;
    this.#last[pid] = continuity;
    return true;
  }

  /** A cut-off packet at the end is how recordings end; anything else out of step is damage. */
  #outOfSync(offset: number, length: number): void {
    if (offset + length < this.#window.size || length >= this.#framing.stride)
      throw new SayehError('corrupt', `the transport stream falls out of step at byte ${offset}`);
    this.#damaged.push({ path: 'data after the end', offset, length, what: 'data after the end' });
  }

  /** A packet may be sent twice (section 2.4.3.3); once is enough. */
  #isRepeat({ pid, continuity, payload, end, adaptation }: Packet): boolean {
    if (payload >= end) return false;
    const isRepeat = this.#last[pid] === continuity && !adaptation?.discontinuity && pid !== 0x1fff;
    this.#last[pid] = continuity;
    return isRepeat;
  }

  #stream(bytes: Uint8Array, packet: Packet): void {
    if (packet.isScrambled) throw new SayehError('unsupported', 'the transport stream is scrambled');
    if (packet.adaptation?.hasMore) this.#hasAdaptationData = true;
    // Whatever the source began with, no stream comes before the tables that name it.
    for (const [pid, { continuity }] of this.#tables) if (continuity === 0) this.#placeTable(pid);
    const payload = bytes.subarray(packet.payload, packet.end);
    const kept = this.#keptAdaptation(bytes, packet);
    if (payload.length === 0 && !kept?.pcr) return;
    this.#rewriter.take(packet.pid, packet.isStart && payload.length > 0, kept, payload);
  }

  #keptAdaptation(bytes: Uint8Array, { pid, adaptation }: Packet): KeptAdaptation | undefined {
    if (!adaptation) return undefined;
    const { discontinuity, randomAccess, pcr } = adaptation;
    const isClock = pcr !== undefined && pid === this.#program.map.pcrPid;
    return { discontinuity, randomAccess, pcr: isClock ? shiftClock(bytes, pcr, this.#shift) : undefined };
  }

  #other(bytes: Uint8Array, packet: Packet, offset: number): void {
    const { pid } = packet;
    const isTable = this.#tables.has(pid);
    if (isTable && packet.isStart) this.#placeTable(pid);
    if (pid === this.#program.mapPid) this.#checkMap(bytes, packet);
    const kept = pid === this.#program.map.pcrPid ? this.#keptAdaptation(bytes, packet) : undefined;
    if (kept?.pcr) this.#rewriter.place(writePacket(CLOCK_PID, false, 0, kept, new Uint8Array(0)));
    if (isTable) return;
    const dropped = this.#dropped.get(pid);
    if (dropped) dropped.packets++;
    else this.#dropped.set(pid, { offset, packets: 1 });
  }

  #placeTable(pid: number): void {
    const table = this.#tables.get(pid)!;
    const packets = writeSection(table.pid, table.section, table.continuity);
    table.continuity += packets.length;
    this.#rewriter.place(...packets);
  }

  /** A film whose streams change on the way would need a map that changes with them. */
  #checkMap(bytes: Uint8Array, { payload, end, isStart }: Packet): void {
    for (const section of this.#maps.push(bytes.subarray(payload, end), isStart)) {
      const map = parsePmt(section);
      if (!map) continue;
      const known = new Map(this.#program.map.streams.map(({ pid, type }) => [pid, type]));
      if (
        map.pcrPid !== this.#program.map.pcrPid ||
        map.streams.some(({ pid, type }) => known.get(pid) !== type)
      )
        throw new SayehError(
          'unsupported',
          'the streams of this film change on the way. Use protect instead.',
        );
    }
  }

  /** One part a PID, from its first packet: they lie between the others. */
  removed(): Part[] {
    const dropped = [...this.#dropped].map(([pid, { offset, packets }]) => ({
      path: `PID 0x${pid.toString(16)}`,
      offset: offset - this.#framing.lead,
      length: packets * this.#framing.stride,
      what: `${this.#describe(pid)}, ${packets} packets`,
    }));
    return [...dropped, ...this.#damaged];
  }

  #describe(pid: number): string {
    const unwanted = this.#program.map.streams.find((stream) => stream.pid === pid);
    return unwanted ? describeUnwanted(unwanted) : describePid(pid);
  }

  notes(): string[] {
    const notes = [...this.#rewriter.losses].map(
      ([what, { count }]) => `Left out of the coded data, ${count} ×: ${what}.`,
    );
    if (this.#hasAdaptationData) notes.push('Left out: private data in the heads of packets.');
    if (this.#framing.lead > 0)
      notes.push('Written without the arrival times of M2TS, as a plain transport stream.');
    if (this.#program.others > 0) notes.push(`Left out: ${this.#program.others} other programmes.`);
    if (this.#shift > 0) notes.push('Times now count from the start of the film.');
    return notes;
  }
}

/** PIDs with a meaning of their own (ISO/IEC 13818-1 table 2-3, ETSI EN 300 468 table 1). */
export function describePid(pid: number): string {
  const known: Readonly<Record<number, string>> = {
    0: 'programme association table',
    1: 'conditional access table',
    16: 'network information',
    17: 'names of services and providers',
    18: 'programme guide',
    20: 'date and time of day',
    8191: 'null packets',
  };
  return known[pid] ?? 'packets that belong to no stream';
}
