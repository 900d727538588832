import { SayehError } from '../core/errors.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { VideoFormat } from '../core/media-type.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { Rasteriser } from '../core/redact/mask.ts';
import { Redactor, type Style } from '../core/redact/redact.ts';
import type { VideoCodec } from '../node/media/video/codecs.ts';
import { SoundTrack } from '../node/media/video/sound-track.ts';
import { type VideoInfo, VideoReader } from '../node/media/video/video-reader.ts';
import { VideoWriter } from '../node/media/video/video-writer.ts';
import type { OnProgress } from './progress.ts';

export interface RenderOptions {
  readonly style: Style;
  readonly cover: 'head' | 'face';
  readonly limits?: GivenLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface RenderVideoOptions extends RenderOptions {
  readonly codec: VideoCodec;
  readonly audio: 'drop' | 'keep';
  /** Encoder threads; 0 for as many as serve. */
  readonly threads: number;
}

/** What was written, for the check that follows. */
export interface RenderedVideo {
  readonly frames: number;
  /** Presentation times in seconds, the first 0. */
  readonly times: Float64Array;
  readonly sound: 'none' | 'dropped' | 'kept';
  /** Things the user should know, in plain words. */
  readonly warnings: readonly string[];
}

/**
 * Writes `file` as an MP4 into `output` (an existing, empty file) with everything covered that the plan says.
 * Throws SayehError('corrupt') if the film is not the one that was planned for.
 */
export async function renderVideo(
  file: string,
  format: VideoFormat,
  plan: Plan,
  output: string,
  options: RenderVideoOptions,
): Promise<RenderedVideo> {
  const reader = await VideoReader.open(file, format, options.limits);
  let writer: VideoWriter | undefined;
  let sound: SoundTrack | undefined;
  try {
    const { info } = reader;
    if (info.width !== plan.film.width || info.height !== plan.film.height) throw notThePlanned();
    const covers = new CoverIndex(plan);
    const rasteriser = new Rasteriser();
    const redactor = new Redactor();
    const times: number[] = [];
    for await (const { index, time, duration, picture } of reader.frames(options.signal)) {
      if (index >= plan.film.frames) throw notThePlanned();
      if (!writer) {
        if (options.audio === 'keep' && info.audioStream !== undefined) {
          sound = await SoundTrack.open(file, format, info.audioStream, reader.startSeconds, options.limits);
        }
        writer = await VideoWriter.create(output, info, picture, options, sound);
      }
      const regions = covers.regionsAt(index, options.cover);
      await writer.write(picture, time, duration, (copy) => {
        if (regions.length === 0) return;
        redactor.redact(copy, rasteriser.rasterise(regions, info.width, info.height), {
          style: options.style,
        });
      });
      times.push((Number(time) * info.timeBase.num) / info.timeBase.den);
      options.onProgress?.({ phase: 'render', done: index + 1, total: plan.film.frames });
    }
    if (times.length !== plan.film.frames) throw notThePlanned();
    await writer?.finish();
    return {
      frames: times.length,
      times: Float64Array.from(times),
      sound: sound ? 'kept' : info.audioStream === undefined ? 'none' : 'dropped',
      warnings: warningsOf(info, sound !== undefined, options.codec),
    };
  } finally {
    await writer?.close();
    await sound?.close();
    await reader.close();
  }
}

function warningsOf(info: VideoInfo, soundKept: boolean, codec: VideoCodec): string[] {
  const warnings: string[] = [];
  if (soundKept)
    warnings.push('The sound was kept: a voice, a name called out or a song can identify people.');
  if (info.hdr) warnings.push('The film was HDR and is now SDR; bright parts may look different.');
  if ((info.width % 2 || info.height % 2) && (codec === 'h264' || codec === 'hevc')) {
    warnings.push('The film has an odd size and is written as 4:4:4, which some players cannot show.');
  }
  const dropped = info.otherStreams.filter((kind) => kind !== 'audio');
  if (dropped.length > 0) warnings.push(`Left out beside picture and sound: ${dropped.join(', ')}.`);
  return warnings;
}

function notThePlanned(): SayehError {
  return new SayehError(
    'corrupt',
    'the film is not the one the plan was made for: size or number of frames differ',
  );
}
