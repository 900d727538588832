import { SayehError } from '../../errors.ts';
import type { Batch } from '../matroska/batch.ts';
import { HALF_A_UNIT } from '../matroska/payload/nal.ts';
import type { Hidden } from '../matroska/payload/payload.ts';
import type { Stream } from './codecs.ts';
import { asWords, copyWords, Growing } from './growing.ts';
import { CAPACITY, PACKET, PIDS } from './packet.ts';
import { cleanPes } from './pes.ts';
import { adaptationLength, type KeptAdaptation, putPacket, writePacket } from './write-packet.ts';

/** A stretch of one stream, PES packet in the standard's words, as its transport packets come in. */
interface Stretch {
  /** Places in the file that its packets had. */
  slots: number;
  /** By place, where there is any. */
  readonly kept: Map<number, KeptAdaptation>;
}

/** A stretch whose clean packets wait to be written. */
interface Finished {
  readonly bytes: Uint8Array;
  /** For each place where the bytes end that go there: they begin where those of the one before end. */
  readonly ends: Uint32Array;
  /** Places written so far. */
  given: number;
}

interface Lane {
  readonly index: number;
  readonly stream: Stream;
  readonly pid: number;
  continuity: number;
  readonly content: Growing;
  open: Stretch | undefined;
  readonly finished: Finished[];
}

/** So many packets may wait for one stretch to end: 128 MiB, many seconds of any film. */
const LONGEST_QUEUE = 700_000;
/** In the queue, a packet that is ready as it is; lanes count from 0. */
const PLACED = 255;
/** Arrays that are kept for use again, since a new one for each picture costs. */
const MOST_SPARE = 8;
const WORTH_KEEPING = 1 << 15;

const EMPTY = new Uint8Array(0);

/**
 * Keeps the order of the source's packets while what they carry is cleaned as a whole: the queue notes whose turn it
 * is, and waits until the stretch whose turn it is has ended and its packets are made.
 */
export class Rewriter {
  /** What was left out of the coded data, and how often. */
  readonly losses = new Map<string, { count: number; hidden: Hidden }>();
  readonly #out: Batch;
  readonly #shift: number;
  readonly #lanes: readonly Lane[];
  /** By the source's PID. */
  readonly #bySource: readonly (Lane | undefined)[];
  #queue = new Uint8Array(1 << 14);
  #queued = 0;
  #flushed = 0;
  readonly #placed: Uint8Array[] = [];
  #spare: Uint8Array[] = [];

  /** Streams by the source's PID, with the PID they get. */
  constructor(out: Batch, shift: number, streams: ReadonlyMap<number, { stream: Stream; pid: number }>) {
    this.#out = out;
    this.#shift = shift;
    const lanes = [...streams].map(([source, { stream, pid }], index) => {
      const content = new Growing();
      const lane: Lane = { index, stream, pid, continuity: 15, content, open: undefined, finished: [] };
      return [source, lane] as const;
    });
    const bySource: (Lane | undefined)[] = new Array(PIDS).fill(undefined);
    for (const [source, lane] of lanes) bySource[source] = lane;
    this.#bySource = bySource;
    this.#lanes = lanes.map(([, lane]) => lane);
  }

  /** A packet that is ready as it is. */
  place(...packets: readonly Uint8Array[]): void {
    for (const bytes of packets) {
      this.#placed.push(bytes);
      this.#enqueue(PLACED);
    }
  }

  /** A packet of a kept stream; `payload` is copied. */
  take(sourcePid: number, isStart: boolean, kept: KeptAdaptation | undefined, payload: Uint8Array): void {
    const lane = this.#bySource[sourcePid]!;
    if (isStart) {
      this.#finish(lane);
      lane.open = { slots: 0, kept: new Map() };
      lane.content.clear();
    }
    // The end of a stretch whose start lies before the file has no head and cannot be decoded.
    const stretch = lane.open;
    if (!stretch) {
      if (kept?.pcr) this.place(writePacket(lane.pid, false, lane.continuity, kept, EMPTY));
      return;
    }
    if (kept) stretch.kept.set(stretch.slots, kept);
    stretch.slots++;
    lane.content.push(payload);
    this.#enqueue(lane.index);
  }

  /** The same of a packet that is all payload, from word `at` on; false where it begins no stretch and is in none. */
  takePlain(sourcePid: number, words: Int32Array, at: number): boolean {
    const lane = this.#bySource[sourcePid];
    if (!lane?.open) return false;
    lane.open.slots++;
    lane.content.pushWhole(words, at);
    this.#enqueue(lane.index);
    return true;
  }

  #enqueue(whose: number): void {
    if (this.#queued > LONGEST_QUEUE)
      throw new SayehError('too-large', 'a single stretch of a stream in the transport stream');
    if (this.#queued === this.#queue.length) {
      const larger = new Uint8Array(this.#queue.length * 2);
      larger.set(this.#queue);
      this.#queue = larger;
    }
    this.#queue[this.#queued++] = whose;
  }

  /** Writes every packet up to the first that still waits; those of one stretch that follow one another in one go. */
  async flush(): Promise<void> {
    while (this.#flushed < this.#queued) {
      const whose = this.#queue[this.#flushed];
      if (whose === PLACED) {
        await this.#write(this.#placed.shift()!);
        this.#flushed++;
        continue;
      }
      const lane = this.#lanes[whose];
      const finished = lane.finished[0];
      if (!finished) break;
      const { ends, bytes, given } = finished;
      const most = Math.min(ends.length - given, this.#queued - this.#flushed);
      let count = 1;
      while (count < most && this.#queue[this.#flushed + count] === whose) count++;
      finished.given += count;
      this.#flushed += count;
      await this.#write(bytes.subarray(given > 0 ? ends[given - 1] : 0, ends[given + count - 1]));
      if (finished.given < ends.length) continue;
      lane.finished.shift();
      if (bytes.length >= WORTH_KEEPING && this.#spare.length < MOST_SPARE) this.#spare.push(bytes);
    }
    this.#queue.copyWithin(0, this.#flushed, this.#queued);
    this.#queued -= this.#flushed;
    this.#flushed = 0;
  }

  #write(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.#out.has(bytes.length)) return this.#out.add(bytes);
    this.#out.put(bytes);
    return undefined;
  }

  async end(): Promise<void> {
    for (const lane of this.#lanes) this.#finish(lane);
    await this.flush();
  }

  #finish(lane: Lane): void {
    const stretch = lane.open;
    if (!stretch) return;
    lane.open = undefined;
    const clean = cleanPes(lane.content.whole(), lane.stream, this.#shift);
    if (clean === 'scrambled content')
      throw new SayehError('unsupported', 'the transport stream is scrambled');
    if (typeof clean !== 'string' && clean.hidden.some(({ what }) => what === HALF_A_UNIT))
      throw new SayehError(
        'unsupported',
        'its pictures are spread over several stretches. Use protect instead.',
      );
    const content = typeof clean === 'string' ? EMPTY : clean.bytes;
    const hidden: readonly Hidden[] =
      typeof clean === 'string' ? [{ what: clean, betrays: 'unknown' }] : clean.hidden;
    for (const found of hidden) {
      const before = this.losses.get(found.what);
      if (before) before.count++;
      else this.losses.set(found.what, { count: 1, hidden: found });
    }
    lane.finished.push(this.#fill(lane, stretch, content));
  }

  #fill(lane: Lane, { slots, kept }: Stretch, content: Uint8Array): Finished {
    // Longer start codes can make a stretch grow by a few bytes, which then follow the last packet.
    const left = Math.max(0, content.length - slots * (CAPACITY - 8));
    const bytes = this.#room((slots + Math.ceil(left / CAPACITY) + 1) * PACKET);
    const ends = new Uint32Array(slots);
    let taken = 0;
    let end = 0;
    const next = (adaptation: KeptAdaptation | undefined): void => {
      const payload = content.subarray(taken, taken + CAPACITY - adaptationLength(adaptation));
      if (payload.length > 0) lane.continuity = (lane.continuity + 1) & 15;
      const isStart = taken === 0 && payload.length > 0;
      putPacket(bytes, end, lane.pid, isStart, lane.continuity, adaptation, payload);
      taken += payload.length;
      end += PACKET;
    };
    const places = [...kept.keys(), slots];
    for (let slot = 0, i = 0; slot < slots; ) {
      if (slot > places[i]) i++;
      // Up to the next packet with more than payload there are only whole ones, all but the very first and last.
      const most = Math.min(places[i] - slot, Math.floor((content.length - taken) / CAPACITY));
      const whole = taken > 0 ? putWholePackets(lane, content, taken, most, bytes, end) : 0;
      for (let n = 0; n < whole; n++) {
        end += PACKET;
        ends[slot++] = end;
      }
      taken += whole * CAPACITY;
      if (slot === slots) break;
      const adaptation = kept.get(slot);
      // A clock keeps its place even where nothing is left to carry.
      if (taken < content.length || adaptation?.pcr) next(adaptation);
      ends[slot++] = end;
    }
    while (taken < content.length) next(undefined);
    ends[slots - 1] = end;
    return { bytes, ends, given: 0 };
  }

  /** Room for so many bytes; what it held is written over in full. */
  #room(length: number): Uint8Array {
    const i = this.#spare.findIndex((bytes) => bytes.length >= length);
    // Sizes by powers of two: what was made for one picture then serves most others.
    return i < 0 ? new Uint8Array(2 ** Math.ceil(Math.log2(length + 1))) : this.#spare.splice(i, 1)[0];
  }
}

/**
 * Up to `most` packets that are all payload, from `taken` on in `content`, put at `end` of `bytes`. Answers how many:
 * none where the content does not lie so that it can be read by words.
 */
function putWholePackets(
  lane: Lane,
  content: Uint8Array,
  taken: number,
  most: number,
  bytes: Uint8Array,
  end: number,
): number {
  const from = asWords(content);
  const to = asWords(bytes);
  if (!from || !to || (taken & 3) !== 0 || most <= 0) return 0;
  const high = lane.pid >> 8;
  const low = lane.pid & 255;
  let { continuity } = lane;
  for (let n = 0; n < most; n++) {
    continuity = (continuity + 1) & 15;
    const at = end + n * PACKET;
    bytes[at] = 0x47;
    bytes[at + 1] = high;
    bytes[at + 2] = low;
    bytes[at + 3] = 0x10 | continuity;
    copyWords(from, (taken + n * CAPACITY) >> 2, to, (at + 4) >> 2);
  }
  lane.continuity = continuity;
  return most;
}
