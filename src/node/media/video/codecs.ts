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

/** Sound that Sayeh decodes, by the same rule. */
export const SOUND_DECODERS = new Set([
  ...[
    'aac',
    'aac_latm',
    'mp1',
    'mp2',
    'mp3',
    'ac3',
    'eac3',
    'dts',
    'truehd',
    'opus',
    'vorbis',
    'flac',
    'alac',
  ],
  ...['amr_nb', 'amr_wb', 'gsm_ms', 'adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'pcm_mulaw', 'pcm_alaw'],
  ...['pcm_u8', 'pcm_s8', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be'],
  ...['pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be', 'pcm_bluray', 'pcm_dvd'],
]);

/** Decoders of those codecs that FFmpeg calls by other names. */
const OTHER_NAMES = ['libdav1d', 'mp1float', 'mp2float', 'mp3float', 'dca', 'amrnb', 'amrwb'];

/** All that FFmpeg may open by itself, as it does for every stream while it reads a file's header. */
export const DECODER_ALLOWLIST = [...VIDEO_DECODERS, ...SOUND_DECODERS, ...OTHER_NAMES].join(',');

/** What a protected video can be written as, and the encoder in the package that does it. */
export const VIDEO_ENCODERS = {
  h264: 'libx264',
  hevc: 'libx265',
  vp9: 'libvpx-vp9',
  av1: 'libsvtav1',
} as const;
export type VideoCodec = keyof typeof VIDEO_ENCODERS;
