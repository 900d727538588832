import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { type GivenLimits, limitsFrom } from '../../../core/limits.ts';
import type { VideoFormat } from '../../../core/media-type.ts';
import { SOUND_DECODERS } from './codecs.ts';
import { av, check, constants, isEnd, wantsMore } from './ffmpeg.ts';
import { openDemuxer } from './picture-stream.ts';

const SAMPLES_PER_FRAME = 1024; // AAC-LC
const BIT_RATE = 128_000n;

/**
 * The sound of a film, decoded and coded anew as AAC: no packet, tag or encoder's name of the original
 * survives. It runs on a reader of its own beside the picture's.
 */
export class SoundTrack {
  readonly #demuxer: av.FormatContext;
  readonly #input: av.Stream;
  readonly #decoder: av.CodecContext;
  readonly #graph: av.FilterGraph;
  readonly #source: av.FilterContext;
  readonly #sink: av.FilterContext;
  readonly #encoder: av.CodecContext;
  readonly #startSeconds: number;
  #output: av.Stream | undefined;
  #written = 0;
  #ended = false;

  private constructor(
    demuxer: av.FormatContext,
    input: av.Stream,
    decoder: av.CodecContext,
    filters: { graph: av.FilterGraph; source: av.FilterContext; sink: av.FilterContext },
    encoder: av.CodecContext,
    startSeconds: number,
  ) {
    this.#demuxer = demuxer;
    this.#input = input;
    this.#decoder = decoder;
    this.#graph = filters.graph;
    this.#source = filters.source;
    this.#sink = filters.sink;
    this.#encoder = encoder;
    this.#startSeconds = startSeconds;
  }

  /** `startSeconds`: when the first picture is shown, on the file's own clock; sound before it is left out. */
  static async open(
    file: string,
    format: VideoFormat,
    stream: number,
    startSeconds: number,
    limits?: GivenLimits,
  ): Promise<SoundTrack> {
    const demuxer = await openDemuxer(file, format, limitsFrom(limits));
    const input = demuxer.streams[stream];
    const codec = av.Codec.findDecoder(input.codecpar.codecId);
    const codecName = av.avGetCodecName(input.codecpar.codecId) ?? 'unknown';
    if (!codec || !SOUND_DECODERS.has(codecName)) {
      await demuxer.closeInput();
      const name = path.basename(file);
      throw new SayehError(
        'unsupported',
        `${name}: sound coded as ${codecName} is not supported; leave it out`,
      );
    }
    const decoder = new av.CodecContext();
    decoder.allocContext3(codec);
    check(decoder.parametersToContext(input.codecpar), 'reading the sound settings');
    decoder.pktTimebase = input.timeBase;
    check(await decoder.open2(codec, null), 'opening the sound decoder');

    const rate = decoder.sampleRate === 44100 ? 44100 : 48000;
    const layout = decoder.channels > 1 ? 'stereo' : 'mono';
    const filters = await buildFilters(decoder, input, rate, layout);
    const encoder = await openEncoder(rate, decoder.channels > 1 ? 2 : 1);
    return new SoundTrack(demuxer, input, decoder, filters, encoder, startSeconds);
  }

  addTo(muxer: av.FormatContext): void {
    this.#output = muxer.newStream(null);
    check(this.#output.codecpar.fromContext(this.#encoder), 'setting up the sound stream', 'internal');
    this.#output.timeBase = this.#encoder.timeBase;
  }

  /**
   * Writes packets until the sound reaches `seconds` after the first picture, or its end. Throws SayehError('corrupt')
   * where there is none.
   */
  async writeUpTo(muxer: av.FormatContext, seconds: number): Promise<void> {
    const rate = this.#encoder.sampleRate;
    while (!this.#ended && this.#written / rate < seconds) {
      const frame = await this.#nextFrame();
      this.#ended = frame === undefined;
      check(await this.#encoder.sendFrame(frame ?? null), 'encoding the sound', 'internal');
      frame?.free();
      await this.#drain(muxer);
    }
    if (this.#ended && this.#written === 0)
      throw new SayehError('corrupt', 'none of the sound can be decoded; leave it out');
  }

  async close(): Promise<void> {
    this.#graph.free();
    this.#decoder.freeContext();
    this.#encoder.freeContext();
    await this.#demuxer.closeInput();
  }

  async #drain(muxer: av.FormatContext): Promise<void> {
    const output = this.#output as av.Stream;
    const packet = new av.Packet();
    packet.alloc();
    for (;;) {
      const code = await this.#encoder.receivePacket(packet);
      if (wantsMore(code) || isEnd(code)) break;
      check(code, 'encoding the sound', 'internal');
      packet.streamIndex = output.index;
      packet.rescaleTs(this.#encoder.timeBase, output.timeBase);
      check(await muxer.interleavedWriteFrame(packet), 'writing the sound', 'unwritable');
    }
    packet.free();
  }

  /** One frame of 1024 samples, stamped; undefined at the end. */
  async #nextFrame(): Promise<av.Frame | undefined> {
    const frame = new av.Frame();
    frame.alloc();
    for (;;) {
      const code = await this.#sink.buffersinkGetFrame(frame);
      if (code >= 0) {
        frame.pts = BigInt(this.#written);
        this.#written += frame.nbSamples;
        return frame;
      }
      if (isEnd(code)) break;
      if (!wantsMore(code)) check(code, 'filtering the sound');
      await this.#feed();
    }
    frame.free();
    return undefined;
  }

  /** Hands the filters one more decoded frame, or the end. */
  async #feed(): Promise<void> {
    const packet = new av.Packet();
    packet.alloc();
    const frame = new av.Frame();
    frame.alloc();
    try {
      for (;;) {
        const received = await this.#decoder.receiveFrame(frame);
        if (received >= 0) {
          const { num, den } = this.#input.timeBase;
          const offset = BigInt(Math.round((this.#startSeconds * den) / num));
          if (frame.bestEffortTimestamp !== constants.AV_NOPTS_VALUE)
            frame.pts = frame.bestEffortTimestamp - offset;
          check(await this.#source.buffersrcAddFrame(frame), 'filtering the sound');
          return;
        }
        if (isEnd(received)) {
          check(await this.#source.buffersrcAddFrame(null), 'filtering the sound');
          return;
        }
        if (!wantsMore(received)) check(received, 'decoding the sound');
        const read = await this.#demuxer.readFrame(packet);
        if (isEnd(read)) await this.#decoder.sendPacket(null);
        else {
          check(read, 'reading the sound');
          // A damaged stretch of sound is left silent: it cannot show anyone.
          if (packet.streamIndex === this.#input.index) await this.#decoder.sendPacket(packet);
        }
        packet.unref();
      }
    } finally {
      packet.free();
      frame.free();
    }
  }
}

async function buildFilters(decoder: av.CodecContext, input: av.Stream, rate: number, layout: string) {
  const graph = new av.FilterGraph();
  graph.alloc();
  const create = (name: string, args: string | null) => {
    const filter = av.Filter.getByName(name);
    const context = filter && graph.createFilter(filter, name, args);
    // The first is told what the file says of its sound.
    if (!context)
      throw name === 'abuffer'
        ? new SayehError('corrupt', 'what the file says of its sound makes no sense; leave it out')
        : new SayehError('internal', `this build of FFmpeg has no usable filter ${name}`);
    return context;
  };
  const { num, den } = input.timeBase;
  const source = create(
    'abuffer',
    `time_base=${num}/${den}:sample_rate=${decoder.sampleRate}` +
      `:sample_fmt=${av.avGetSampleFmtName(decoder.sampleFormat)}` +
      `:channel_layout=${av.avChannelLayoutDescribe(decoder.channelLayout)}`,
  );
  const chain = [
    // Pads or trims so that the first sample belongs to the first picture, and fills holes with silence.
    create('aresample', `${rate}:async=1:first_pts=0`),
    create('aformat', `sample_fmts=fltp:sample_rates=${rate}:channel_layouts=${layout}`),
    create('asetnsamples', `n=${SAMPLES_PER_FRAME}:p=0`),
    create('abuffersink', null),
  ];
  let last = source;
  for (const next of chain) {
    check(last.link(0, next, 0), 'connecting the sound filters', 'internal');
    last = next;
  }
  check(await graph.config(), 'setting up the sound filters', 'unsupported');
  return { graph, source, sink: last };
}

async function openEncoder(rate: number, channels: number): Promise<av.CodecContext> {
  const codec = av.Codec.findEncoderByName(constants.FF_ENCODER_AAC);
  const encoder = new av.CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleRate = rate;
  encoder.sampleFormat = constants.AV_SAMPLE_FMT_FLTP;
  encoder.channelLayout = av.avChannelLayoutDefault(channels);
  encoder.timeBase = new av.Rational(1, rate);
  encoder.bitRate = BIT_RATE;
  encoder.flags = (constants.AV_CODEC_FLAG_GLOBAL_HEADER |
    constants.AV_CODEC_FLAG_BITEXACT) as typeof encoder.flags;
  check(await encoder.open2(codec, null), 'opening the AAC encoder', 'internal');
  return encoder;
}
