import { type Picture, planarPicture } from '../../../core/redact/picture.ts';
import { type av, constants } from './ffmpeg.ts';
import { isFullRange } from './frame-normaliser.ts';

/** A normalised frame's samples as a picture. The bytes are the frame's own: writing to them changes it. */
export function framePicture(frame: av.Frame): Picture {
  const planes = frame.data ?? [];
  const plane = (index: number) => ({ data: planes[index], stride: frame.linesize[index] });
  const format = isFullChroma(frame.format) ? 'yuv444p' : 'yuv420p';
  const range = isFullRange(frame) ? 'full' : 'limited';
  return planarPicture([plane(0), plane(1), plane(2)], frame.width, frame.height, format, range);
}

export function isFullChroma(format: number): boolean {
  return format === constants.AV_PIX_FMT_YUV444P || format === constants.AV_PIX_FMT_YUVJ444P;
}
