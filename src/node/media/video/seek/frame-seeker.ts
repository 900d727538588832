import path from 'node:path';
import { SayehError } from '../../../../core/errors.ts';
import { type GivenLimits, type Limits, limitsFrom } from '../../../../core/limits.ts';
import type { VideoFormat } from '../../../../core/media-type.ts';
import { av, check, constants, isEnd, wantsMore } from '../ffmpeg.ts';
import { FrameNormaliser } from '../frame-normaliser.ts';
import { orientationOf } from '../orientation.ts';
import { openDemuxer, openPictureStream, type PictureStream } from '../picture-stream.ts';
import { FrameOrder, frameTicks, orderByTime } from './frame-order.ts';
import { PacketFinder } from './packet-finder.ts';
import { type PacketTable, scanPackets } from './packet-table.ts';
import { RecentFrames } from './recent-frames.ts';

export interface SeekerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Frames counted so far, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Bytes of decoded frames that may be kept for stepping back. */
  readonly keep?: number;
  readonly limits?: GivenLimits | undefined;
}

/** What a 720p film needs for 90 frames. */
const KEPT_BYTES = 128 * 2 ** 20;
/** Key pictures to go back by, where decoding from the nearest one does not give the frame whole. */
const RETRIES = 4;
/**
 * Key pictures to begin before the nearest one where they are none: some encoders refresh the picture column by
 * column, and what was never decoded before lingers for a while, whatever the stream says.
 */
const LINGERS = 3;
/** Reading on is cheaper than jumping, up to so many frames. */
const NEAR = 12;
/**
 * On the way to a frame, pictures that no other is made of are left out, but for the last ones: whoever looks at a
 * frame steps back next.
 */
const DECODED_BEFORE = 8;
const ALL = Number.NEGATIVE_INFINITY;
/** Packets to look through for a known one after a jump. */
const LOST_AFTER = 3000;

/**
 * Gives any frame of a film by its number, exactly as a decoder would that began at the film's start: every packet
 * is known from one reading of the file, decoding begins at a key picture before the frame, and each frame that
 * comes out is told by the packet that it went in as, never by counting or by a time rounded somewhere. Where a
 * film's times cannot be trusted to say which frame is which, it is decoded once to find out.
 *
 * One call at a time.
 */
export class FrameSeeker {
  readonly #file: string;
  readonly #format: VideoFormat;
  readonly #name: string;
  readonly #decoder: av.CodecContext;
  readonly #normaliser: FrameNormaliser;
  readonly #table: PacketTable;
  readonly #finder: PacketFinder;
  readonly #recent: RecentFrames;
  readonly #packet = new av.Packet();
  readonly #frame = new av.Frame();
  /** Seconds per tick of `ticks`. */
  readonly timeBase: { readonly num: number; readonly den: number };
  readonly #limits: Limits;
  #demuxer: av.FormatContext;
  #stream: number;
  #order: FrameOrder;
  #learnt = false;
  /** Jumping in this file does not lead where it should: it is read from the start instead. */
  #cannotJump = false;

  /** Packet that the demuxer gives next, and whether it is already in `#packet`. */
  #next = 0;
  #held = false;
  /** The film has pictures to begin at that are refreshed bit by bit. */
  #gradual = false;
  /** Where the decoder began, the first frame that is whole, and the one it should give next; undefined while it cannot go on. */
  #began = 0;
  #wholeFrom = 0;
  #awaited: number | undefined;
  #counted = 0;
  /** The frame asked for last. */
  #asked = -1;
  /** Before this frame the decoder may leave out what no other picture is made of. */
  #neededFrom = ALL;
  #leavesOut = false;

  private constructor(
    file: string,
    format: VideoFormat,
    { demuxer, stream, decoder, limits }: PictureStream,
    table: PacketTable,
    order: FrameOrder,
    keep: number,
  ) {
    this.#file = file;
    this.#format = format;
    this.#name = path.basename(file);
    this.#demuxer = demuxer;
    this.#stream = stream.index;
    this.#limits = limits;
    this.#decoder = decoder;
    const { num, den } = stream.timeBase;
    this.timeBase = { num, den };
    const matrix = stream.codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX);
    this.#normaliser = new FrameNormaliser(orientationOf(matrix), this.timeBase);
    this.#table = table;
    this.#finder = new PacketFinder(table);
    this.#order = order;
    this.#recent = new RecentFrames(keep);
    this.#next = table.count; // the file was just read through
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /**
   * Opens a film of which it is known that `frames` frames are decoded from it. Throws SayehError: as
   * VideoReader.open, and 'corrupt' where it has another number of frames.
   */
  static async open(
    file: string,
    format: VideoFormat,
    frames: number,
    options: SeekerOptions = {},
  ): Promise<FrameSeeker> {
    const name = path.basename(file);
    const input = await openPictureStream(file, format, limitsFrom(options.limits));
    const packet = new av.Packet();
    packet.alloc();
    try {
      ignoreOthers(input.demuxer, input.stream.index);
      const { signal, onProgress } = options;
      const onPacket = (count: number) => onProgress?.(Math.min(count, frames), frames);
      const table = await scanPackets(input.demuxer, packet, input.stream.index, `reading ${name}`, {
        signal,
        onPacket,
      });
      const order = orderByTime(table, frames);
      const unknown = () => new FrameOrder(new Int32Array(frames).fill(-1), table);
      const keep = options.keep ?? KEPT_BYTES;
      const seeker = new FrameSeeker(file, format, input, table, order ?? unknown(), keep);
      if (!order) await seeker.#learnOrder(options);
      return seeker;
    } catch (error) {
      input.decoder.freeContext();
      await input.demuxer.closeInput();
      throw error;
    } finally {
      packet.free();
    }
  }

  get frames(): number {
    return this.#order.frames;
  }

  /** When each frame is shown, in ticks, the first at 0. */
  ticks(): Float64Array {
    return frameTicks(this.#order, this.#table);
  }

  /** Frames that are there soonest: those that are decoded without any other. Rising, the first is 0. */
  quick(): number[] {
    return this.#order.quick;
  }

  /**
   * Frame `index`, upright, 8 bits, planar; the caller frees it. Throws SayehError('corrupt') where it cannot be
   * decoded, and the signal's reason once it is aborted.
   */
  async frame(index: number, signal?: AbortSignal): Promise<av.Frame> {
    if (!(Number.isInteger(index) && index >= 0 && index < this.frames)) {
      throw new SayehError('usage', `${this.#name} has no frame ${index}; it has ${this.frames}`);
    }
    // Whoever goes back goes on going back: then all that is decoded is of use.
    const goesBack = index < this.#asked && this.#asked - index <= NEAR;
    this.#neededFrom = goesBack || !this.#order.complete ? ALL : index - DECODED_BEFORE;
    this.#asked = index;
    const raw = this.#recent.get(index) ?? (await this.#decode(index, signal));
    try {
      const picture = await this.#normaliser.normalise(raw);
      if (picture === raw) return raw;
      raw.free();
      return picture;
    } catch (error) {
      raw.free();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#recent.clear();
    this.#packet.free();
    this.#frame.free();
    this.#normaliser.close();
    this.#decoder.freeContext();
    await this.#demuxer.closeInput();
  }

  async #decode(index: number, signal: AbortSignal | undefined): Promise<av.Frame> {
    let damaged: av.Frame | undefined;
    try {
      for (const start of this.#starts(index)) {
        if (start?.packet === 0 && damaged) break; // as far as it goes without decoding the whole film
        if (start !== undefined) await this.#begin(start.packet, start.wholeFrom);
        const outcome = await this.#decodeUpTo(index, signal);
        if (outcome === 'gradual') {
          this.#gradual = true;
          return await this.#decode(index, signal);
        }
        if (outcome === 'out of order') {
          await this.#learnOrder({ signal });
          return await this.#decode(index, signal);
        }
        if (outcome === 'missed') continue;
        damaged?.free();
        damaged = undefined;
        if (!outcome.damaged) return outcome.frame;
        damaged = outcome.frame;
      }
      if (!damaged) throw new SayehError('corrupt', `${this.#name}: frame ${index} cannot be decoded`);
      const frame = damaged;
      damaged = undefined;
      return frame;
    } finally {
      damaged?.free();
    }
  }

  /** Packets to begin at, in the order to try them; undefined for going on from where the decoder is. */
  *#starts(index: number): Generator<{ packet: number; wholeFrom: number } | undefined> {
    const order = this.#order;
    const { keys, frameOf } = order;
    const awaited = this.#awaited;
    const fromStart = { packet: 0, wholeFrom: 0 };
    if (!order.complete) {
      if (awaited !== undefined && awaited <= index) yield undefined;
      yield fromStart;
      return;
    }
    const nearest = order.keyBefore(index);
    const key = nearest < 0 ? 0 : frameOf[keys[nearest]];
    const near = awaited !== undefined && (awaited > key || index - awaited < NEAR);
    if (near && awaited <= index && this.#wholeFrom <= index) yield undefined;
    const back = this.#gradual ? LINGERS : 0;
    for (let i = nearest; i >= back && i > nearest - RETRIES; i--) {
      yield { packet: keys[i - back], wholeFrom: frameOf[keys[i]] };
    }
    yield fromStart;
  }

  /** Decodes until frame `index` comes out. */
  async #decodeUpTo(
    index: number,
    signal: AbortSignal | undefined,
  ): Promise<{ frame: av.Frame; damaged: boolean } | 'missed' | 'gradual' | 'out of order'> {
    const frame = this.#frame;
    const fromStart = this.#began === 0;
    const first = fromStart ? 0 : this.#order.frameOf[this.#began];
    for (;;) {
      signal?.throwIfAborted();
      const code = await this.#decoder.receiveFrame(frame);
      if (wantsMore(code)) {
        if (!(await this.#feed())) return this.#giveUp();
        continue;
      }
      if (code < 0) return this.#giveUp();
      const number = this.#numberOf(frame);
      try {
        // What is shown before the key picture may be made of pictures that were not decoded.
        if (number < first) continue;
        const awaited = this.#awaited ?? first;
        if (number < awaited && !this.#learnt) return 'out of order';
        if (!fromStart && awaited === first && !this.#gradual) {
          if (number !== first || frame.pictType !== constants.AV_PICTURE_TYPE_I) return 'gradual';
        }
        this.#awaited = number + 1;
        if (number < this.#wholeFrom) continue;
        const damaged = !fromStart && isDamaged(frame);
        if (!damaged) this.#recent.keep(number, frame);
        if (number === index) return { frame: own(frame), damaged };
        if (number > index) return 'missed';
      } finally {
        frame.unref();
      }
    }
  }

  /** The frame that came out, by the packet that went in; -1 where it is none that is shown. */
  #numberOf(frame: av.Frame): number {
    if (!this.#order.complete) return this.#counted++;
    const packet = frame.pts === constants.AV_NOPTS_VALUE ? -1 : Number(frame.pts);
    return this.#order.frameOf[packet] ?? -1;
  }

  #giveUp(): 'missed' {
    this.#awaited = undefined;
    return 'missed';
  }

  /** Hands the decoder the next packet, or the film's end; false where it refuses. */
  async #feed(): Promise<boolean> {
    const have = await this.#advance();
    if (have) this.#packet.pts = BigInt(this.#next); // comes out again with the frame
    this.#leaveOut(have && this.#order.frameOf[this.#next] < this.#neededFrom);
    const sent = await this.#decoder.sendPacket(have ? this.#packet : null);
    if (have) {
      this.#packet.unref();
      this.#held = false;
      this.#next++;
    }
    // Before the first picture a recording may begin in the middle of a group: nothing to show yet.
    return sent >= 0 || (this.#began === 0 && this.#awaited === 0 && have);
  }

  /** Whether the next packet is decoded only if other pictures are made of it. */
  #leaveOut(yes: boolean): void {
    if (yes === this.#leavesOut) return;
    this.#leavesOut = yes;
    check(
      this.#decoder.setOption('skip_frame', yes ? 'noref' : 'default'),
      'setting up the decoder',
      'internal',
    );
  }

  /** Puts the next packet of the picture stream into `#packet`; false at the film's end. */
  async #advance(): Promise<boolean> {
    if (this.#held) return true;
    for (;;) {
      const code = this.#demuxer.readFrameSync(this.#packet); // a packet is read in less time than a thread wakes
      if (isEnd(code)) return false;
      check(code, `reading ${this.#name}`);
      if (this.#packet.streamIndex === this.#stream) {
        this.#held = true;
        return true;
      }
      this.#packet.unref();
    }
  }

  /** Readies the decoder to begin at a packet. */
  async #begin(packet: number, wholeFrom = 0): Promise<void> {
    this.#decoder.flushBuffers();
    this.#began = packet;
    this.#wholeFrom = wholeFrom;
    this.#awaited = packet === 0 ? 0 : this.#order.frameOf[packet];
    this.#counted = 0;
    try {
      await this.#goTo(packet);
    } catch (error) {
      this.#awaited = undefined;
      throw error;
    }
  }

  async #goTo(packet: number): Promise<void> {
    if (!this.#cannotJump && packet > 0) {
      const { keys } = this.#order;
      // A jump may land behind what was asked for: then from a little earlier.
      for (let i = keys.indexOf(packet), tries = 0; i >= 0 && tries < 3; i--, tries++) {
        if ((await this.#jump(keys[i])) && this.#next <= packet && (await this.#skipTo(packet))) return;
      }
      this.#cannotJump = true;
    }
    await this.#reopen();
    if (!(await this.#skipTo(packet))) {
      throw new SayehError('corrupt', `${this.#name} changed while it was open`);
    }
  }

  /** Jumps to about a packet; true if it is known where that led. */
  async #jump(packet: number): Promise<boolean> {
    const { pts, dts } = this.#table;
    const time = Number.isNaN(dts[packet]) ? pts[packet] : dts[packet];
    if (Number.isNaN(time)) return false;
    this.#drop();
    const code = await this.#demuxer.seekFrame(this.#stream, BigInt(time), constants.AVSEEK_FLAG_BACKWARD);
    if (code < 0) return false;
    for (let i = 0; i < LOST_AFTER && (await this.#advance()); i++) {
      const { pos, size, pts: stamp } = this.#packet;
      const found = this.#finder.find(Number(pos), size, Number(stamp));
      if (found >= 0) {
        this.#next = found;
        return true;
      }
      this.#drop();
    }
    return false;
  }

  /** Reads on to a packet; false if what lies there is not what did before. */
  async #skipTo(packet: number): Promise<boolean> {
    for (; this.#next < packet; this.#next++) {
      if (!(await this.#advance())) return false;
      this.#drop();
    }
    return (await this.#advance()) && this.#packet.size === this.#table.size[packet];
  }

  async #reopen(): Promise<void> {
    this.#drop();
    await this.#demuxer.closeInput();
    this.#demuxer = await openDemuxer(this.#file, this.#format, this.#limits);
    ignoreOthers(this.#demuxer, this.#stream);
    this.#next = 0;
  }

  #drop(): void {
    if (this.#held) this.#packet.unref();
    this.#held = false;
  }

  /** Decodes the whole film once to see which packet each frame comes from. */
  async #learnOrder({ signal, onProgress }: SeekerOptions): Promise<void> {
    const { frames } = this;
    const packetOf = new Int32Array(frames).fill(-1);
    const seen = new Set<number>();
    let count = 0;
    this.#recent.clear();
    this.#neededFrom = ALL;
    await this.#begin(0);
    for (let code = 0; ; ) {
      signal?.throwIfAborted();
      code = await this.#decoder.receiveFrame(this.#frame);
      if (wantsMore(code)) {
        if (await this.#feed()) continue;
        throw new SayehError('corrupt', `${this.#name}: frame ${count} cannot be decoded`);
      }
      if (code < 0 && (isEnd(code) || count > 0)) break;
      if (code < 0) continue;
      const packet = this.#frame.pts === constants.AV_NOPTS_VALUE ? -1 : Number(this.#frame.pts);
      if (count < frames && packet >= 0 && !seen.has(packet)) packetOf[count] = packet;
      seen.add(packet);
      count++;
      this.#awaited = count;
      this.#frame.unref();
      if (count % 50 === 0) onProgress?.(Math.min(count, frames), frames);
    }
    if (count !== frames) {
      throw new SayehError(
        'corrupt',
        `${this.#name} is not the film the plan was made for: it has ${count} frames, not ${frames}`,
      );
    }
    this.#order = new FrameOrder(packetOf, this.#table);
    this.#learnt = true;
    this.#giveUp();
  }
}

/** A decoder that began in the middle may have had to make up what it was not given. */
function isDamaged(frame: av.Frame): boolean {
  return frame.decodeErrorFlags !== 0 || (frame.flags & constants.AV_FRAME_FLAG_CORRUPT) !== 0;
}

function own(frame: av.Frame): av.Frame {
  const clone = frame.clone();
  if (!clone) throw new SayehError('internal', 'no memory for a frame');
  return clone;
}

/** Packets of sound and the like are not even read. */
function ignoreOthers(demuxer: av.FormatContext, stream: number): void {
  for (const other of demuxer.streams) {
    if (other.index !== stream) other.discard = constants.AVDISCARD_ALL;
  }
}
