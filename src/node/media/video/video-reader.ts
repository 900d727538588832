import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { type GivenLimits, type Limits, limitsFrom, overLimit } from '../../../core/limits.ts';
import type { VideoFormat } from '../../../core/media-type.ts';
import { checkWhole } from './check-whole.ts';
import { av, check, constants, isEnd, wantsMore } from './ffmpeg.ts';
import { FrameNormaliser, isHdr } from './frame-normaliser.ts';
import { orientationOf } from './orientation.ts';
import { openPictureStream } from './picture-stream.ts';

/** What is known of a film before its frames are read. */
export interface VideoInfo {
  /** Upright size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly codec: string;
  /** Frames a second on average; 0 where the file does not say. */
  readonly frameRate: number;
  /** From the file's own header, so a hint; 0 where it does not say. */
  readonly durationSeconds: number;
  readonly frameCountHint: number;
  readonly hdr: boolean;
  /** Seconds per tick of the frames' times, as a fraction. */
  readonly timeBase: { readonly num: number; readonly den: number };
  /** Width over height of one pixel, of the upright picture. */
  readonly sampleAspectRatio: { readonly num: number; readonly den: number };
  /** Index of the sound stream that would be kept, if there is one. */
  readonly audioStream: number | undefined;
  /** Kinds of the streams beside the main picture: `audio`, `subtitle`, `data`, ... */
  readonly otherStreams: readonly string[];
}

/** A frame of the film: upright, 8 bits, planar. It is the reader's own and valid until the next is asked for. */
export interface VideoFrame {
  readonly index: number;
  /** Presentation time in ticks of the time base, counted from the first frame's, strictly rising. */
  readonly time: bigint;
  /** In ticks; 0 where unknown. */
  readonly duration: bigint;
  readonly picture: av.Frame;
}

/** Reads a film's main picture stream once from its first frame to its last. */
export class VideoReader {
  readonly info: VideoInfo;
  readonly #name: string;
  readonly #format: VideoFormat;
  readonly #demuxer: av.FormatContext;
  readonly #stream: av.Stream;
  readonly #decoder: av.CodecContext;
  readonly #normaliser: FrameNormaliser;
  readonly #limits: Limits;
  #first: bigint | undefined;

  private constructor(
    name: string,
    format: VideoFormat,
    demuxer: av.FormatContext,
    stream: av.Stream,
    decoder: av.CodecContext,
    limits: Limits,
  ) {
    this.#name = name;
    this.#format = format;
    this.#demuxer = demuxer;
    this.#stream = stream;
    this.#decoder = decoder;
    this.#limits = limits;
    const { codecpar, timeBase } = stream;
    const orientation = orientationOf(codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX));
    this.#normaliser = new FrameNormaliser(orientation, timeBase);

    const { width, height } = codecpar;
    const swap = orientation.swapsSides;
    const aspect = stream.sampleAspectRatio;
    const known = aspect.num > 0 && aspect.den > 0;
    const audio = demuxer.findBestStream(constants.AVMEDIA_TYPE_AUDIO);
    const ticks = stream.duration;
    this.info = {
      width: swap ? height : width,
      height: swap ? width : height,
      codec: av.avGetCodecName(codecpar.codecId) ?? 'unknown',
      frameRate: ratio(stream.avgFrameRate),
      durationSeconds:
        ticks > 0n
          ? (Number(ticks) * timeBase.num) / timeBase.den
          : Math.max(0, Number(demuxer.duration) / 1e6),
      frameCountHint: Number(stream.nbFrames),
      hdr: isHdr(codecpar),
      timeBase: { num: timeBase.num, den: timeBase.den },
      sampleAspectRatio: !known
        ? { num: 1, den: 1 }
        : swap
          ? { num: aspect.den, den: aspect.num }
          : { num: aspect.num, den: aspect.den },
      audioStream: audio >= 0 ? audio : undefined,
      otherStreams: demuxer.streams
        .filter((other) => other.index !== stream.index)
        .map((other) => av.avGetMediaTypeString(other.codecpar.codecType) ?? 'unknown'),
    };
  }

  /**
   * Opens a film whose container was told by its content. Throws SayehError: 'corrupt' where FFmpeg cannot make
   * sense of it, 'unsupported' for a codec Sayeh does not take, 'too-large' over a limit.
   */
  static async open(file: string, format: VideoFormat, given?: GivenLimits): Promise<VideoReader> {
    const name = path.basename(file);
    const limits = limitsFrom(given);
    await checkWhole(file, format);
    const { demuxer, stream, decoder } = await openPictureStream(file, format, limits);
    try {
      return new VideoReader(name, format, demuxer, stream, decoder, limits);
    } catch (error) {
      decoder.freeContext();
      await demuxer.closeInput();
      throw error;
    }
  }

  /**
   * Every frame in order of presentation. Throws SayehError('corrupt') where a frame cannot be decoded or the
   * file ends before its own index says: a film is protected whole or not at all; 'too-large' over the limit of length.
   */
  async *frames(signal?: AbortSignal): AsyncGenerator<VideoFrame> {
    const packet = new av.Packet();
    packet.alloc();
    const frame = new av.Frame();
    frame.alloc();
    let index = 0;
    let packets = 0n;
    let last = -1n;
    try {
      for (let ended = false; !ended; ) {
        signal?.throwIfAborted();
        const read = await this.#demuxer.readFrame(packet);
        ended = isEnd(read);
        if (!ended) check(read, `reading ${this.#name}`);
        if (!ended && packet.streamIndex !== this.#stream.index) {
          packet.unref();
          continue;
        }
        if (!ended) {
          packets++;
          if (packet.hasFlags(constants.AV_PKT_FLAG_CORRUPT)) {
            throw new SayehError(
              'corrupt',
              `${this.#name}: the file is cut off or damaged after frame ${index}`,
            );
          }
        }
        const sent = await this.#decoder.sendPacket(ended ? null : packet);
        packet.unref();
        // Before the first picture a recording may begin in the middle of a group: nothing to show yet.
        if (sent < 0 && index > 0 && !isEnd(sent)) check(sent, `decoding frame ${index} of ${this.#name}`);
        for (;;) {
          const received = await this.#decoder.receiveFrame(frame);
          if (wantsMore(received) || isEnd(received)) break;
          if (received < 0 && index === 0) break;
          check(received, `decoding frame ${index} of ${this.#name}`);
          const stamp =
            frame.bestEffortTimestamp === constants.AV_NOPTS_VALUE ? undefined : frame.bestEffortTimestamp;
          this.#first ??= stamp ?? 0n;
          const first = this.#first;
          const time = stamp === undefined || stamp - first <= last ? last + 1n : stamp - first;
          last = time;
          this.#checkLength(time);
          const picture = await this.#normaliser.normalise(frame);
          try {
            yield { index: index++, time, duration: frame.duration, picture };
          } finally {
            if (picture !== frame) picture.free();
            frame.unref();
          }
        }
      }
      // An AVI's count takes in empty chunks, which repeat a picture and hold none; its size was checked at the start.
      const promised = this.#format === 'avi' ? 0n : this.#stream.nbFrames;
      if (index === 0) throw new SayehError('corrupt', `${this.#name}: no frame can be decoded`);
      if (packets < promised) {
        throw new SayehError('corrupt', `${this.#name}: cut off after ${packets} of ${promised} frames`);
      }
    } finally {
      packet.free();
      frame.free();
    }
  }

  #checkLength(time: bigint): void {
    const { num, den } = this.info.timeBase;
    const seconds = (Number(time) * num) / den;
    if (seconds <= this.#limits.hours * 3600) return;
    const known = Math.max(seconds, this.info.durationSeconds) / 3600;
    throw overLimit('hours', this.#limits, known, `${this.#name} is at least ${known.toFixed(2)} hours long`);
  }

  /** When the first frame is shown on the file's own clock, in seconds; known once it has been read. */
  get startSeconds(): number {
    const { num, den } = this.info.timeBase;
    return (Number(this.#first ?? 0n) * num) / den;
  }

  async close(): Promise<void> {
    this.#normaliser.close();
    this.#decoder.freeContext();
    await this.#demuxer.closeInput();
  }
}

function ratio({ num, den }: { num: number; den: number }): number {
  return den > 0 && num > 0 ? num / den : 0;
}
