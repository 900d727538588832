import { SayehError } from '../../../core/errors.ts';
import type { Picture } from '../../../core/redact/picture.ts';
import { VIDEO_ENCODERS, type VideoCodec } from './codecs.ts';
import { dropUserData } from './drop-user-data.ts';
import { av, check, constants, isEnd, wantsMore } from './ffmpeg.ts';
import { isFullRange, isHdr } from './frame-normaliser.ts';
import { framePicture } from './frame-picture.ts';
import type { SoundTrack } from './sound-track.ts';
import type { VideoInfo } from './video-reader.ts';

export interface VideoWriterOptions {
  readonly codec: VideoCodec;
  /** Encoder threads; 0 lets the encoder choose. With 1 the same frames always give the same bytes. */
  readonly threads: number;
}

/**
 * Writes an MP4 that holds one picture stream, at most one sound stream, and nothing else: no tags, no times,
 * no encoder's name, no SEI messages. The index comes first (faststart).
 */
export class VideoWriter {
  readonly #file: string;
  readonly #muxer: av.FormatContext;
  readonly #encoder: av.CodecContext;
  readonly #cleaner: av.BitStreamFilterContext;
  readonly #stream: av.Stream;
  readonly #sound: SoundTrack | undefined;
  readonly #frame: av.Frame;
  readonly #packet: av.Packet;
  readonly #timeScale: bigint;
  /** The samples of `#frame`. */
  #picture: Picture | undefined;
  #open = true;

  private constructor(
    file: string,
    muxer: av.FormatContext,
    encoder: av.CodecContext,
    cleaner: av.BitStreamFilterContext,
    stream: av.Stream,
    sound: SoundTrack | undefined,
    frame: av.Frame,
    timeScale: bigint,
  ) {
    this.#file = file;
    this.#muxer = muxer;
    this.#encoder = encoder;
    this.#cleaner = cleaner;
    this.#stream = stream;
    this.#sound = sound;
    this.#frame = frame;
    this.#timeScale = timeScale;
    this.#packet = new av.Packet();
    this.#packet.alloc();
  }

  /**
   * `file` exists already, empty, with the permissions it should have; `like` is a frame of the film to come,
   * which settles size, pixel format and colours.
   */
  static async create(
    file: string,
    info: VideoInfo,
    like: av.Frame,
    options: VideoWriterOptions,
    sound?: SoundTrack,
  ): Promise<VideoWriter> {
    const encoder = await openEncoder(info, like, options);
    const muxer = new av.FormatContext();
    check(muxer.allocOutputContext2(null, 'mp4', `file:${file}`), 'preparing the output', 'internal');
    try {
      muxer.setFlags(constants.AVFMT_FLAG_BITEXACT);
      const stream = muxer.newStream(null);
      const cleaner = openCleaner(encoder, options.codec);
      const parameters = cleaner.outputCodecParameters;
      if (!parameters) throw new SayehError('internal', 'the bitstream filter did not open');
      check(parameters.copy(stream.codecpar), 'setting up the picture stream', 'internal');
      stream.codecpar.codecTag = options.codec === 'hevc' ? 'hvc1' : 0;
      stream.timeBase = new av.Rational(1, info.timeBase.den);
      stream.avgFrameRate = encoder.framerate;
      stream.sampleAspectRatio = encoder.sampleAspectRatio;
      sound?.addTo(muxer);

      check(await muxer.openOutput(), 'opening the output', 'unwritable');
      const muxing = av.Dictionary.fromObject({
        movflags: '+faststart',
        video_track_timescale: String(info.timeBase.den),
      });
      check(await muxer.writeHeader(muxing), 'writing the header', 'unwritable');

      const frame = new av.Frame();
      frame.alloc();
      return new VideoWriter(file, muxer, encoder, cleaner, stream, sound, frame, BigInt(info.timeBase.num));
    } catch (error) {
      encoder.freeContext();
      await muxer.closeOutput();
      muxer.freeContext();
      throw error;
    }
  }

  /**
   * Takes over the picture's samples, and nothing else the frame may carry; `edit` may change the copy before
   * it is coded. Times are in the film's ticks.
   */
  async write(
    picture: av.Frame,
    time: bigint,
    duration: bigint,
    edit: (copy: Picture) => void = () => {},
  ): Promise<void> {
    const frame = this.#frame;
    // Kept from frame to frame unless the encoder has not let go of it: asking for a frame's samples wraps
    // megabytes anew, which would keep the garbage collector busy.
    if (!this.#picture || !frame.isWritable) this.#picture = this.#allocate(picture);
    frame.format = picture.format; // by which the same samples may have another name
    check(frame.copy(picture), 'copying a frame', 'internal');
    frame.format = this.#encoder.pixelFormat;
    edit(this.#picture);
    frame.pts = time * this.#timeScale;
    frame.duration = duration * this.#timeScale;
    await this.#encode(frame);
    await this.#sound?.writeUpTo(this.#muxer, Number(frame.pts) / this.#encoder.timeBase.den + LEAD_SECONDS);
  }

  #allocate({ width, height }: av.Frame): Picture {
    const frame = this.#frame;
    frame.unref();
    frame.format = this.#encoder.pixelFormat;
    frame.width = width;
    frame.height = height;
    check(frame.getBuffer(), 'copying a frame', 'internal');
    frame.colorRange = this.#encoder.colorRange;
    frame.colorPrimaries = this.#encoder.colorPrimaries;
    frame.colorTrc = this.#encoder.colorTrc;
    frame.colorSpace = this.#encoder.colorSpace;
    frame.sampleAspectRatio = this.#encoder.sampleAspectRatio;
    return framePicture(frame);
  }

  /** Flushes everything and closes the file. */
  async finish(): Promise<void> {
    await this.#encode(null);
    await this.#sound?.writeUpTo(this.#muxer, Number.POSITIVE_INFINITY);
    check(await this.#muxer.writeTrailer(), 'finishing the output', 'unwritable');
    await this.close();
    await dropUserData(this.#file);
  }

  /** Frees everything; the file is whole only after `finish`. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#frame.free();
    this.#packet.free();
    this.#cleaner.free();
    this.#encoder.freeContext();
    await this.#muxer.closeOutput();
    this.#muxer.freeContext();
  }

  async #encode(frame: av.Frame | null): Promise<void> {
    check(await this.#encoder.sendFrame(frame), 'encoding a frame', 'internal');
    for (;;) {
      const code = await this.#encoder.receivePacket(this.#packet);
      if (wantsMore(code)) return;
      if (isEnd(code)) break;
      check(code, 'encoding a frame', 'internal');
      check(await this.#cleaner.sendPacket(this.#packet), 'cleaning a coded frame', 'internal');
      await this.#drainCleaner();
    }
    check(await this.#cleaner.sendPacket(null), 'cleaning a coded frame', 'internal');
    await this.#drainCleaner();
  }

  async #drainCleaner(): Promise<void> {
    for (;;) {
      const code = await this.#cleaner.receivePacket(this.#packet);
      if (wantsMore(code) || isEnd(code)) return;
      check(code, 'cleaning a coded frame', 'internal');
      this.#packet.streamIndex = this.#stream.index;
      this.#packet.rescaleTs(this.#encoder.timeBase, this.#stream.timeBase);
      check(await this.#muxer.interleavedWriteFrame(this.#packet), 'writing the output', 'unwritable');
    }
  }
}

/** Sound runs this far ahead of the picture, so that the muxer always has both to interleave. */
const LEAD_SECONDS = 1;

async function openEncoder(
  info: VideoInfo,
  like: av.Frame,
  options: VideoWriterOptions,
): Promise<av.CodecContext> {
  const name = VIDEO_ENCODERS[options.codec];
  const codec = av.Codec.findEncoderByName(name as constants.FFEncoderCodec);
  if (!codec) throw new SayehError('unsupported', `this build of FFmpeg cannot write ${options.codec}`);
  const encoder = new av.CodecContext();
  encoder.allocContext3(codec);
  encoder.width = like.width;
  encoder.height = like.height;
  encoder.pixelFormat = WITHOUT_J.get(like.format) ?? (like.format as av.CodecContext['pixelFormat']);
  encoder.timeBase = new av.Rational(1, info.timeBase.den);
  if (info.frameRate > 0) encoder.framerate = new av.Rational(Math.round(info.frameRate * 1000), 1000);
  encoder.sampleAspectRatio = new av.Rational(info.sampleAspectRatio.num, info.sampleAspectRatio.den);
  encoder.colorRange = isFullRange(like) ? constants.AVCOL_RANGE_JPEG : constants.AVCOL_RANGE_MPEG;
  const toneMapped = isHdr(like);
  encoder.colorPrimaries = toneMapped ? constants.AVCOL_PRI_BT709 : like.colorPrimaries;
  encoder.colorTrc = toneMapped ? constants.AVCOL_TRC_BT709 : like.colorTrc;
  encoder.colorSpace = toneMapped ? constants.AVCOL_SPC_BT709 : like.colorSpace;
  encoder.threadCount = options.threads;
  encoder.flags = (constants.AV_CODEC_FLAG_GLOBAL_HEADER |
    constants.AV_CODEC_FLAG_BITEXACT) as typeof encoder.flags;
  check(
    await encoder.open2(codec, av.Dictionary.fromObject(settingsOf(options))),
    `opening the ${options.codec} encoder for ${like.width}x${like.height}`,
    'unsupported',
  );
  return encoder;
}

/** Settings close to visually lossless at a speed that suits two cores. */
const QUALITY: Record<VideoCodec, Record<string, string>> = {
  h264: { preset: 'veryfast', crf: '20', a53cc: '0' },
  hevc: { preset: 'fast', crf: '22', 'x265-params': 'log-level=none:info=0', a53cc: '0' },
  vp9: { deadline: 'realtime', 'cpu-used': '6', 'row-mt': '1', crf: '30', b: '0' },
  av1: { preset: '9', crf: '30' },
};

/**
 * With one thread the bytes must be a function of the frames. x264's macroblock tree, in its assembly, reads memory
 * that nothing has written where frames have flat areas, as covers make them: seen with MALLOC_PERTURB_. Without the
 * tree a film is some 7 % larger.
 */
function settingsOf({ codec, threads }: VideoWriterOptions): Record<string, string> {
  return codec === 'h264' && threads === 1 ? { ...QUALITY.h264, mbtree: '0' } : QUALITY[codec];
}

/** The same samples under the name that encoders take; the range is said apart. */
const WITHOUT_J = new Map<number, av.CodecContext['pixelFormat']>([
  [constants.AV_PIX_FMT_YUVJ420P, constants.AV_PIX_FMT_YUV420P],
  [constants.AV_PIX_FMT_YUVJ444P, constants.AV_PIX_FMT_YUV444P],
]);

/**
 * Encoders sign their work in SEI messages (H.264, HEVC) and metadata units (AV1). None is needed to show the
 * picture, so every one goes.
 */
const UNITS_TO_REMOVE: Record<VideoCodec, string> = { h264: '6', hevc: '39|40', vp9: '', av1: '5' };

function openCleaner(encoder: av.CodecContext, codec: VideoCodec): av.BitStreamFilterContext {
  const units = UNITS_TO_REMOVE[codec];
  const filter = av.BitStreamFilter.getByName(units ? 'filter_units' : 'null');
  if (!filter) throw new SayehError('internal', 'this build of FFmpeg has no filter_units bitstream filter');
  const context = new av.BitStreamFilterContext();
  check(context.alloc(filter), 'preparing the bitstream filter', 'internal');
  const parameters = context.inputCodecParameters;
  if (!parameters) throw new SayehError('internal', 'the bitstream filter did not open');
  check(parameters.fromContext(encoder), 'preparing the bitstream filter', 'internal');
  context.inputTimeBase = encoder.timeBase;
  if (units) check(context.setOption('remove_types', units), 'preparing the bitstream filter', 'internal');
  check(context.init(), 'preparing the bitstream filter', 'internal');
  return context;
}
