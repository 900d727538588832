import { SayehError } from '../../errors.ts';
import type { Batch } from '../matroska/batch.ts';
import { HALF_A_UNIT } from '../matroska/payload/nal.ts';
import type { Hidden } from '../matroska/payload/payload.ts';
import type { Stream } from './codecs.ts';
import { Growing } from './growing.ts';
import { PACKET } from './packet.ts';
import { cleanPes } from './pes.ts';
import { adaptationLength, CAPACITY, type KeptAdaptation, putPacket, writePacket } from './write-packet.ts';

/** A packet's place in the file, and where its bytes lie once they are known: none if nothing is left to put there. */
interface Slot {
  bytes: Uint8Array | undefined;
  start: number;
  end: number;
}

/** A stretch of one stream, PES packet in the standard's words, as its transport packets come in. */
interface Stretch {
  readonly slots: Slot[];
  readonly kept: (KeptAdaptation | undefined)[];
}

interface Lane {
  readonly stream: Stream;
  readonly pid: number;
  continuity: number;
  readonly content: Growing;
  open: Stretch | undefined;
}

/** So many packets may wait for one stretch to end: 128 MiB, many seconds of any film. */
const LONGEST_QUEUE = 700_000;

const EMPTY = new Uint8Array(0);

/**
 * Keeps the order of the source's packets while what they carry is cleaned as a whole: each waits in its slot
 * until its stretch has ended, then takes up what the stretch's clean bytes put there.
 */
export class Rewriter {
  /** What was left out of the coded data, and how often. */
  readonly losses = new Map<string, { count: number; hidden: Hidden }>();
  readonly #out: Batch;
  readonly #shift: number;
  readonly #lanes: ReadonlyMap<number, Lane>;
  #queue: Slot[] = [];
  #flushed = 0;

  /** Streams by the source's PID, with the PID they get. */
  constructor(out: Batch, shift: number, streams: ReadonlyMap<number, { stream: Stream; pid: number }>) {
    this.#out = out;
    this.#shift = shift;
    this.#lanes = new Map(
      [...streams].map(([source, { stream, pid }]) => [
        source,
        { stream, pid, continuity: 15, content: new Growing(), open: undefined },
      ]),
    );
  }

  /** A packet that is ready as it is. */
  place(...packets: readonly Uint8Array[]): void {
    for (const bytes of packets) this.#queue.push({ bytes, start: 0, end: bytes.length });
  }

  /** A packet of a kept stream; `payload` is copied. */
  take(sourcePid: number, isStart: boolean, kept: KeptAdaptation | undefined, payload: Uint8Array): void {
    const lane = this.#lanes.get(sourcePid)!;
    if (isStart) {
      this.#finish(lane);
      lane.open = { slots: [], kept: [] };
      lane.content.clear();
    }
    // The end of a stretch whose start lies before the file has no head and cannot be decoded.
    const stretch = lane.open;
    if (!stretch) {
      if (kept?.pcr) this.place(writePacket(lane.pid, false, lane.continuity, kept, EMPTY));
      return;
    }
    const slot: Slot = { bytes: undefined, start: 0, end: 0 };
    this.#queue.push(slot);
    stretch.slots.push(slot);
    stretch.kept.push(kept);
    lane.content.push(payload);
    if (this.#queue.length > LONGEST_QUEUE)
      throw new SayehError('too-large', `a single stretch of stream ${sourcePid} in the transport stream`);
  }

  /** Writes every packet up to the first that still waits; neighbours in the same array in one go. */
  async flush(): Promise<void> {
    while (this.#flushed < this.#queue.length) {
      const { bytes, start, end: firstEnd } = this.#queue[this.#flushed];
      if (!bytes) break;
      let end = firstEnd;
      for (this.#flushed++; this.#flushed < this.#queue.length; this.#flushed++) {
        const next = this.#queue[this.#flushed];
        if (next.bytes !== bytes || next.start !== end) break;
        end = next.end;
      }
      const run = bytes.subarray(start, end);
      if (this.#out.has(run.length)) this.#out.put(run);
      else await this.#out.add(run);
    }
    this.#queue = this.#queue.slice(this.#flushed);
    this.#flushed = 0;
  }

  async end(): Promise<void> {
    for (const lane of this.#lanes.values()) this.#finish(lane);
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
    this.#fill(lane, stretch, content);
  }

  #fill(lane: Lane, { slots, kept }: Stretch, content: Uint8Array): void {
    // Longer start codes can make a stretch grow by a few bytes, which then follow the last packet.
    const left = Math.max(0, content.length - slots.length * (CAPACITY - 8));
    const bytes = new Uint8Array((slots.length + Math.ceil(left / CAPACITY) + 1) * PACKET);
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
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i];
      slot.bytes = bytes;
      slot.start = end;
      // A clock keeps its place even where nothing is left to carry.
      if (taken < content.length || kept[i]?.pcr) next(kept[i]);
      slot.end = end;
    }
    while (taken < content.length) next(undefined);
    slots[slots.length - 1].end = end;
  }
}
