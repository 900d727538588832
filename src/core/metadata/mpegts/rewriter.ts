import { SayehError } from '../../errors.ts';
import type { Batch } from '../matroska/batch.ts';
import { HALF_A_UNIT } from '../matroska/payload/nal.ts';
import type { Hidden } from '../matroska/payload/payload.ts';
import type { Stream } from './codecs.ts';
import { Growing } from './growing.ts';
import { cleanPes } from './pes.ts';
import { adaptationLength, CAPACITY, type KeptAdaptation, writePacket } from './write-packet.ts';

/** A packet's place in the file; empty once it turns out that nothing is left to put there. */
interface Slot {
  packets: readonly Uint8Array[] | undefined;
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
    this.#queue.push({ packets });
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
    const slot: Slot = { packets: undefined };
    this.#queue.push(slot);
    stretch.slots.push(slot);
    stretch.kept.push(kept);
    lane.content.push(payload);
    if (this.#queue.length > LONGEST_QUEUE)
      throw new SayehError('too-large', `a single stretch of stream ${sourcePid} in the transport stream`);
  }

  /** Writes every packet up to the first that still waits. */
  async flush(): Promise<void> {
    while (this.#flushed < this.#queue.length) {
      const { packets } = this.#queue[this.#flushed];
      if (!packets) break;
      for (const packet of packets)
        if (this.#out.has(packet.length)) this.#out.put(packet);
        else await this.#out.add(packet);
      this.#flushed++;
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
    let at = 0;
    const next = (adaptation: KeptAdaptation | undefined): Uint8Array => {
      const payload = content.subarray(at, at + CAPACITY - adaptationLength(adaptation));
      if (payload.length > 0) lane.continuity = (lane.continuity + 1) & 15;
      const packet = writePacket(
        lane.pid,
        at === 0 && payload.length > 0,
        lane.continuity,
        adaptation,
        payload,
      );
      at += payload.length;
      return packet;
    };
    slots.forEach((slot, i) => {
      // A clock keeps its place even where nothing is left to carry.
      slot.packets = at < content.length || kept[i]?.pcr ? [next(kept[i])] : [];
    });
    // Longer start codes can make a stretch grow by a few bytes.
    const last = slots[slots.length - 1];
    const more: Uint8Array[] = [];
    while (at < content.length) more.push(next(undefined));
    last.packets = [...(last.packets ?? []), ...more];
  }
}
