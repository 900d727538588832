import type { Betrays } from '../format.ts';
import type { Hidden } from '../matroska/payload/payload.ts';
import { latin, readable, sameBytes } from '../matroska/text.ts';
import type { Window } from '../window.ts';
import { describeUnwanted, type Stream } from './codecs.ts';
import { asWords, Growing } from './growing.ts';
import {
  CAPACITY,
  isPlain,
  type Packet,
  PIDS,
  parsePacket,
  pidOf,
  readFraming,
  stretches,
} from './packet.ts';
import { cleanPes, readClock } from './pes.ts';
import { cleanProgram, LATEST_START, type Program, readProgram } from './program.ts';
import { describePid } from './strip.ts';
import { cleanPat, FIRST_PID, MAP_PID, parseDescriptors, parsePmt, SectionReader } from './tables.ts';

/** Something that no clean file may hold, for the check and for the reader alike. */
export interface Trouble {
  readonly part: string;
  readonly reason: string;
  readonly finding?: { readonly betrays: Betrays; readonly label: string; readonly value?: string };
}

/**
 * What a clean transport stream may hold. Tables must be, byte for byte, what Sayeh itself would write for the
 * streams they name, so no descriptor, version or number can carry anything.
 *
 * | packets | why | what they may hold |
 * |---|---|---|
 * | PID 0 | finds the map | the one programme association table with programme 1 |
 * | PID 0x1000 | finds the streams | the map that follows from the streams' types (codecs.ts) |
 * | PID 0x100 and on | picture and sound | times and coded data that the codec's rules let pass (pes.ts) |
 * | PID 0x1F0 | the clock, where no stream has it | clock references, no payload |
 * | adaptation fields | clock, entry points | discontinuity, random access, clock reference, stuffing of FF |
 */
export async function* examine(window: Window): AsyncGenerator<Trouble> {
  const framing = await readFraming(window);
  if (framing.lead > 0) yield { part: 'packets', reason: 'arrival times before each packet (M2TS)' };
  const program = await readProgram(window, framing);
  if (!program) {
    yield {
      part: 'packets',
      reason: 'damaged: no programme map',
      finding: unknown('a stream without a map'),
    };
    return;
  }
  yield* judgeProgram(program);
  const examiner = new Examiner(program);
  for await (const { offset, bytes, inSync } of stretches(window, framing)) {
    if (!inSync) {
      const label =
        offset + bytes.length === window.size ? 'data after the end' : 'bytes that are no packets';
      const finding = { ...unknown(label), value: readable(bytes) };
      yield { part: label, reason: `damaged: ${bytes.length} bytes at ${offset} are no packets`, finding };
      continue;
    }
    const words = asWords(bytes);
    for (let at = framing.lead; at < bytes.length; at += framing.stride)
      if (!words || !isPlain(bytes, at) || !examiner.takePlain(pidOf(bytes, at), words, (at + 4) >> 2))
        examiner.take(bytes, parsePacket(bytes, at));
    yield* examiner.drain();
  }
  examiner.end();
  yield* examiner.drain();
}

const unknown = (label: string) => ({ betrays: 'unknown', label }) as const;
const hex = (pid: number) => `PID 0x${pid.toString(16)}`;

function* judgeProgram({ map, streams, firstTime, others }: Program): Generator<Trouble> {
  const kept = new Set(streams.map(({ pid }) => pid));
  for (const stream of map.streams) {
    const part = hex(stream.pid);
    if (!kept.has(stream.pid)) {
      const label = describeUnwanted(stream);
      const betrays: Betrays = label.startsWith('position') ? 'where' : 'unknown';
      yield { part, reason: `${label}: only picture and sound may stay`, finding: { betrays, label } };
    }
    const language = stream.descriptors.find(({ tag }) => tag === 0x0a);
    const value = language && latin(language.data.subarray(0, 3));
    if (value && value !== 'und')
      yield {
        part,
        reason: 'a language',
        finding: { betrays: 'where', label: 'language of a stream', value },
      };
  }
  if (others > 0)
    yield { part: hex(0), reason: `${others} other programmes`, finding: unknown('other programmes') };
  if (firstTime !== undefined && firstTime > LATEST_START) {
    const finding = { betrays: 'when', label: 'times that count from a clock' } as const;
    yield { part: 'packets', reason: `times begin at ${Math.round(firstTime / 90_000)} s`, finding };
  }
}

/** A stretch of a stream may not be larger than this. */
const LONGEST_STRETCH = 1 << 26;

class Examiner {
  /** Noted rather than yielded: there are millions of packets, and each generator costs. */
  #found: Trouble[] = [];
  readonly #streams: ReadonlyMap<number, Stream>;
  /** What each PID of a clean file with these streams is called. */
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #clockPid: number;
  readonly #mapPid: number;
  readonly #tables: ReadonlyMap<number, { section: Uint8Array; reader: SectionReader }>;
  readonly #open = new Map<number, Growing>();
  /** The same by PID, for those with the number that a clean file gives them. */
  readonly #plain: (Growing | undefined)[] = new Array(PIDS).fill(undefined);
  readonly #unwanted: ReadonlySet<number>;
  readonly #names = new Map<number, string>();
  readonly #foreign = new Map<number, SectionReader>();

  constructor(program: Program) {
    this.#streams = new Map(program.streams.map((stream) => [stream.pid, stream]));
    this.#numbers = new Map(program.streams.map(({ pid }, i) => [pid, FIRST_PID + i]));
    this.#unwanted = new Set(program.map.streams.map(({ pid }) => pid));
    const { map, clockPid } = cleanProgram(program);
    this.#clockPid = clockPid;
    this.#tables = new Map([
      [0, { section: cleanPat(), reader: new SectionReader() }],
      [program.mapPid, { section: map, reader: new SectionReader() }],
    ]);
    this.#mapPid = program.mapPid;
  }

  /** A packet of which nothing can be said but whose it is; false where even that needs a closer look. */
  takePlain(pid: number, words: Int32Array, at: number): boolean {
    const open = this.#plain[pid];
    if (!open || open.length + CAPACITY > LONGEST_STRETCH) return false;
    open.pushWhole(words, at);
    return true;
  }

  take(bytes: Uint8Array, packet: Packet): void {
    const { pid, adaptation } = packet;
    const part = this.#names.get(pid) ?? hex(pid);
    this.#names.set(pid, part);
    if (packet.isScrambled)
      this.#found.push({ part, reason: 'scrambled packets', finding: unknown('scrambled packets') });
    if (bytes[packet.start + 1] & 0xa0) this.#found.push({ part, reason: 'error or priority bits are set' });
    if (adaptation?.hasMore)
      this.#found.push({
        part,
        reason: 'private data in the heads of packets',
        finding: unknown('private data in the heads of packets'),
      });
    if (adaptation?.pcr !== undefined) this.#clock(bytes, packet, adaptation.pcr);

    const payload = bytes.subarray(packet.payload, packet.end);
    const stream = this.#streams.get(pid);
    const table = this.#tables.get(pid);
    if (stream) this.#stream(part, stream, packet, payload);
    else if (table) this.#table(part, packet, payload, table);
    else if (pid !== this.#clockPid || payload.length > 0) this.#other(part, packet, payload);
  }

  #clock(bytes: Uint8Array, { pid }: Packet, at: number): void {
    if ((this.#numbers.get(pid) ?? pid) !== this.#clockPid)
      this.#found.push({ part: hex(pid), reason: 'a clock beside the clock' });
    if ((bytes[at + 4] & 0x7e) !== 0x7e || readClock(bytes, at) >= 2 ** 33)
      this.#found.push({ part: hex(pid), reason: 'reserved bits of a clock are not set' });
  }

  #stream(part: string, stream: Stream, packet: Packet, payload: Uint8Array): void {
    if (this.#numbers.get(packet.pid) !== packet.pid)
      this.#found.push({ part, reason: 'a stream with a number of its own' });
    if (packet.isStart) {
      this.#finish(part, stream);
      const growing = this.#open.get(packet.pid) ?? new Growing();
      growing.clear();
      this.#open.set(packet.pid, growing);
      if (this.#numbers.get(packet.pid) === packet.pid) this.#plain[packet.pid] = growing;
    }
    const open = this.#open.get(packet.pid);
    if (!open) {
      if (payload.length > 0) this.#found.push({ part, reason: 'a stretch without a head' });
      return;
    }
    open.push(payload);
    if (open.length > LONGEST_STRETCH) {
      this.#open.delete(packet.pid);
      this.#plain[packet.pid] = undefined;
      this.#found.push({ part, reason: `a single stretch of more than ${LONGEST_STRETCH} bytes` });
    }
  }

  #finish(part: string, stream: Stream): void {
    const open = this.#open.get(stream.pid);
    if (!open) return;
    const bytes = open.whole();
    const clean = cleanPes(bytes, stream, 0);
    if (typeof clean === 'string') this.#found.push({ part, reason: clean, finding: unknown(clean) });
    else if (clean.hidden.length > 0)
      this.#found.push(...clean.hidden.map((hidden) => fromHidden(part, hidden)));
    else if (clean.bytes.length !== bytes.length || !isSamePlace(clean.bytes, bytes))
      this.#found.push({ part, reason: 'a head that is not as plain as it could be' });
  }

  #table(
    part: string,
    packet: Packet,
    payload: Uint8Array,
    { section, reader }: { section: Uint8Array; reader: SectionReader },
  ): void {
    if (packet.pid === this.#mapPid && packet.pid !== MAP_PID)
      this.#found.push({ part, reason: 'a map with a number of its own' });
    if (packet.isStart && payload[0] !== 0) this.#found.push({ part, reason: 'bytes before a table' });
    for (const found of reader.push(payload, packet.isStart)) {
      if (!sameBytes(found, section))
        this.#found.push({ part, reason: 'a table that says more than it must', ...mapFinding(found) });
      const rest = payload.subarray(Math.max(0, (found.length + 1) % 184 || 184));
      if (rest.some((byte) => byte !== 0xff))
        this.#found.push({ part, reason: 'bytes behind a table', finding: unknown('bytes behind a table') });
    }
  }

  #other(part: string, { pid, isStart }: Packet, payload: Uint8Array): void {
    const what = describePid(pid);
    if (pid === 0x1fff) {
      const first = payload[0];
      const isEmpty = payload.every((byte) => byte === first);
      const finding = { ...unknown('null packets with content'), value: readable(payload) };
      this.#found.push({ part, reason: what, ...(isEmpty ? {} : { finding }) });
      return;
    }
    this.#found.push({ part, reason: `${what}: not on the allowlist` });
    // What the map names has been explained with it.
    if (this.#unwanted.has(pid)) return;
    if (![17, 18, 20].includes(pid)) {
      this.#found.push({ part, reason: what, finding: unknown(what) });
      return;
    }
    const reader = this.#foreign.get(pid) ?? new SectionReader();
    this.#foreign.set(pid, reader);
    for (const section of reader.push(payload, isStart)) this.#found.push(...describeSection(part, section));
  }

  /** What has been noted since the last call. */
  drain(): Trouble[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  end(): void {
    for (const stream of this.#streams.values()) this.#finish(hex(stream.pid), stream);
  }
}

/** What had to change at all was written anew. */
const isSamePlace = (a: Uint8Array, b: Uint8Array): boolean =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset;

const fromHidden = (part: string, { what, betrays, text }: Hidden): Trouble => ({
  part,
  reason: what,
  finding: { betrays, label: what, ...(text ? { value: text } : {}) },
});

/** Descriptors of a programme that hold text say something. */
function mapFinding(section: Uint8Array): Pick<Trouble, 'finding'> {
  const map = parsePmt(section);
  const texts = map?.descriptors.map(({ data }) => readable(data)).filter((text) => text.length > 4);
  return texts && texts.length > 0
    ? { finding: { ...unknown('descriptors of the programme'), value: texts.join(' ') } }
    : {};
}

const SERVICE_DESCRIPTION = 0x42;
const SERVICE = 0x48;
const SHORT_EVENT = 0x4d;

/** DVB service information (ETSI EN 300 468): SDT section 5.2.3, EIT 5.2.4, TDT and TOT 5.2.5 and 5.2.6. */
function* describeSection(part: string, section: Uint8Array): Generator<Trouble> {
  const table = section[0];
  if (table === SERVICE_DESCRIPTION) {
    for (let at = 11; at + 5 <= section.length - 4; ) {
      const end = at + 5 + (((section[at + 3] & 15) << 8) | section[at + 4]);
      for (const { tag, data } of parseDescriptors(section.subarray(at + 5, end)))
        if (tag === SERVICE) {
          const provider = data.subarray(2, 2 + data[1]);
          const name = data.subarray(3 + data[1]);
          const value = `${readable(provider)} / ${readable(name)}`;
          yield said(part, 'names of service and provider', {
            betrays: 'who',
            label: 'names of service and provider',
            value,
          });
        }
      at = end;
    }
  } else if (table >= 0x4e && table <= 0x6f) {
    for (const { tag, data } of parseDescriptors(section.subarray(26)))
      if (tag === SHORT_EVENT)
        yield said(part, 'programme guide', {
          betrays: 'who',
          label: 'title in the programme guide',
          value: readable(data),
        });
  } else if ((table === 0x70 || table === 0x73) && section.length >= 8) {
    yield said(part, 'date and time', {
      betrays: 'when',
      label: 'date and time of day',
      value: mjdText(section),
    });
  }
}

const said = (part: string, reason: string, finding: NonNullable<Trouble['finding']>): Trouble => ({
  part,
  reason,
  finding,
});

/** Modified Julian date and BCD clock (ETSI EN 300 468 annex C). */
function mjdText(section: Uint8Array): string {
  const mjd = section[3] * 256 + section[4];
  const yearIndex = Math.floor((mjd - 15_078.2) / 365.25);
  const monthIndex = Math.floor((mjd - 14_956.1 - Math.floor(yearIndex * 365.25)) / 30.6001);
  const day = mjd - 14_956 - Math.floor(yearIndex * 365.25) - Math.floor(monthIndex * 30.6001);
  const late = monthIndex >= 14 ? 1 : 0;
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = [...section.subarray(5, 8)].map((bcd) => bcd.toString(16).padStart(2, '0')).join(':');
  return `${1900 + yearIndex + late}-${two(monthIndex - 1 - late * 12)}-${two(day)} ${clock} UTC`;
}
