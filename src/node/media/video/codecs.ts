import type { VideoFormat } from '../../../core/media-type.ts';

/** FFmpeg's name of the demuxer for each container, so that nothing is left to its guessing. */
export const DEMUXERS: Record<VideoFormat, string> = {
  mp4: 'mov',
  mov: 'mov',
  matroska: 'matroska',
  avi: 'avi',
  mpegts: 'mpegts',
};

/** Codecs that Sayeh decodes: what phones, cameras and newsrooms make. Others are refused by name. */
export const VIDEO_DECODERS = new Set([
  'h264',
  'hevc',
  'vp8',
  'vp9',
  'av1',
  'mpeg4',
  'mjpeg',
  'h263',
  'mpeg1video',
  'mpeg2video',
  'prores',
  'dnxhd',
]);

/** What a protected video can be written as, and the encoder in the package that does it. */
export const VIDEO_ENCODERS = {
  h264: 'libx264',
  hevc: 'libx265',
  vp9: 'libvpx-vp9',
  av1: 'libsvtav1',
} as const;
export type VideoCodec = keyof typeof VIDEO_ENCODERS;
