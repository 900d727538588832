import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { LIMITS, type Limits, megapixels, overLimit } from '../../../core/limits.ts';
import type { VideoFormat } from '../../../core/media-type.ts';
import { DECODER_ALLOWLIST, DEMUXERS, VIDEO_DECODERS } from './codecs.ts';
import { av, check, constants } from './ffmpeg.ts';

/** A film's main picture stream, with what it takes to read and decode it. */
export interface PictureStream {
  readonly demuxer: av.FormatContext;
  readonly stream: av.Stream;
  readonly decoder: av.CodecContext;
  /** With which it was opened. */
  readonly limits: Limits;
}

/**
 * Opens the main picture stream of a film whose container was told by its content. Throws SayehError: 'corrupt'
 * where FFmpeg cannot make sense of it, 'unsupported' for a codec Sayeh does not take, 'too-large' over a limit.
 */
export async function openPictureStream(
  file: string,
  format: VideoFormat,
  limits: Limits,
): Promise<PictureStream> {
  const name = path.basename(file);
  const demuxer = await openDemuxer(file, format, limits);
  try {
    const stream = mainPicture(demuxer, name);
    const codec = av.Codec.findDecoder(stream.codecpar.codecId);
    const codecName = av.avGetCodecName(stream.codecpar.codecId) ?? 'unknown';
    if (!codec || !VIDEO_DECODERS.has(codecName)) {
      throw new SayehError('unsupported', `${name}: video coded as ${codecName} is not supported`);
    }
    checkSize(stream.codecpar, name, limits);
    const decoder = new av.CodecContext();
    decoder.allocContext3(codec);
    check(decoder.parametersToContext(stream.codecpar), `reading the codec settings of ${name}`);
    decoder.pktTimebase = stream.timeBase;
    decoder.threadCount = 0;
    check(
      await decoder.open2(codec, decoderBounds(stream.codecpar, limits)),
      `opening the decoder for ${name}`,
    );
    return { demuxer, stream, decoder, limits };
  } catch (error) {
    await demuxer.closeInput();
    throw error;
  }
}

/**
 * Opens a container with the one demuxer that fits, reachable through nothing but the local file: no protocol but
 * `file`, no other demuxer, no decoder beyond those of Sayeh's codecs, no sample in another file.
 */
export async function openDemuxer(
  file: string,
  format: VideoFormat,
  limits: Limits,
): Promise<av.FormatContext> {
  const name = path.basename(file);
  const demuxer = new av.FormatContext();
  demuxer.allocContext();
  // Some demuxers answer that there is no memory for more, others leave them out without a word.
  demuxer.maxStreams = limits.streams + 1;
  const options = av.Dictionary.fromObject({
    protocol_whitelist: 'file',
    format_whitelist: DEMUXERS[format],
    codec_whitelist: DECODER_ALLOWLIST,
    // A track may say that its samples are in another file (`dref`). FFmpeg's default, but not left to it.
    ...(DEMUXERS[format] === 'mov' && { enable_drefs: '0', use_absolute_path: '0' }),
  });
  const input = av.InputFormat.findInputFormat(DEMUXERS[format]);
  if (!input) throw new SayehError('internal', `this build of FFmpeg cannot read ${format}`);
  const opened = await demuxer.openInput(`file:${path.resolve(file)}`, input, options);
  if (opened === constants.AVERROR_ENOMEM) throw tooMany(name, limits);
  if (opened === constants.AVERROR_INVALIDDATA)
    throw new SayehError('corrupt', `${name} cannot be opened: it is cut off or damaged`);
  check(opened, `opening ${name}`);
  try {
    const looked = await demuxer.findStreamInfo(null);
    if (looked === constants.AVERROR_ENOMEM || demuxer.nbStreams > limits.streams)
      throw tooMany(name, limits);
    check(looked, `reading the streams of ${name}`);
  } catch (error) {
    await demuxer.closeInput();
    throw error;
  }
  return demuxer;
}

/** Of how many, FFmpeg does not say. */
function tooMany(name: string, limits: Limits): SayehError {
  const needed = Math.min(2 * limits.streams, LIMITS.streams.most);
  return overLimit('streams', limits, needed, `${name} has too many streams, or they need too much memory`);
}

function checkSize({ width, height }: av.CodecParameters, name: string, limits: Limits): void {
  if (width < 1 || height < 1)
    throw new SayehError('corrupt', `${name}: the video stream has no picture size`);
  const found = megapixels(width * height);
  if (found > limits.frame)
    throw overLimit('frame', limits, found, `${name} has frames of ${width}x${height} pixels`);
}

/** Coded pictures are made of blocks, and of these two where lines are interlaced. */
const BLOCK = 32;
const inBlocks = (side: number) => Math.ceil(side / BLOCK) * BLOCK;

/**
 * A coded picture has a size of its own, which may be another than the container says and change midway: the decoder
 * refuses one over the limit before it makes room for it.
 */
function decoderBounds({ width, height }: av.CodecParameters, { frame }: Limits): av.Dictionary {
  const most = Math.max(Math.round(frame * 1e6), inBlocks(width) * inBlocks(height));
  return av.Dictionary.fromObject({ max_pixels: String(most) });
}

function mainPicture(demuxer: av.FormatContext, name: string): av.Stream {
  const best = demuxer.findBestStream(constants.AVMEDIA_TYPE_VIDEO);
  const stream = demuxer.streams.find((candidate) => candidate.index === best);
  if (!stream || stream.hasDisposition(constants.AV_DISPOSITION_ATTACHED_PIC)) {
    throw new SayehError('unsupported', `${name}: there is no video in this file`);
  }
  return stream;
}
