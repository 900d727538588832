import { rawAac } from '../matroska/payload/aac.ts';
import { av1 } from '../matroska/payload/av1.ts';
import { motionJpeg } from '../matroska/payload/jpeg-frame.ts';
import { lengthPrefixed, startCoded } from '../matroska/payload/nal.ts';
import {
  type Cleaned,
  type Hidden,
  type OpenPayload,
  plain,
  withoutSetup,
} from '../matroska/payload/payload.ts';
import { mpeg4, mpeg12 } from '../matroska/payload/start-code.ts';
import { concat, latin, sameBytes } from '../matroska/text.ts';

/** H.264 behind start codes, or behind lengths where the settings are a configuration record. */
const nal =
  (codec: 'h264' | 'h265'): OpenPayload =>
  (setup) =>
    (setup[0] === 1 ? lengthPrefixed(codec) : startCoded(codec))(setup);

/** Colour tables of at most 256 entries follow the settings of pictures with few colours. */
const PALETTE = 1024;

/** Video codecs by biCompression, in upper case: case differs between writers and means nothing. */
const VIDEO: readonly { readonly codes: readonly string[]; readonly open: OpenPayload }[] = [
  { codes: ['H264', 'X264', 'AVC1', 'DAVC', 'VSSH'], open: nal('h264') },
  { codes: ['HEVC', 'H265', 'X265', 'HVC1', 'HEV1'], open: nal('h265') },
  { codes: ['XVID', 'DIVX', 'DX50', 'FMP4', 'MP4V', 'M4S2', 'MP4S', 'XVIX', 'RMP4', '3IV2'], open: mpeg4 },
  { codes: ['MJPG', 'AVRN', 'LJPG', 'IJPG', 'JPGL', 'DMB1'], open: motionJpeg },
  { codes: ['MPG1', 'MPG2', 'MPEG', 'PIM1', 'MPGV'], open: mpeg12 },
  { codes: ['AV01'], open: av1 },
  { codes: ['VP80', 'VP90', 'VP31', 'VP62', 'VP6F'], open: withoutSetup },
  { codes: ['DIV3', 'DIV4', 'MP41', 'MP42', 'MP43', 'MPG4', 'WMV1', 'WMV2'], open: plain(64) },
  { codes: ['FFV1', 'HFYU', 'FFVH'], open: plain(2048) },
  { codes: ['CVID', 'MSVC', 'CRAM', 'WHAM', 'H263', 'S263', 'U263'], open: plain(PALETTE) },
  {
    codes: ['\0\0\0\0', '\x01\0\0\0', '\x02\0\0\0', '\x03\0\0\0', 'DIB ', 'RGB ', 'RLE '],
    open: plain(PALETTE),
  },
  {
    codes: ['YUY2', 'YUYV', 'UYVY', 'YVYU', 'I420', 'IYUV', 'YV12', 'NV12', 'NV21', 'Y800', 'GREY', 'YV16'],
    open: plain(0),
  },
];

/** Sound codecs by wFormatTag (Microsoft's mmreg.h). */
const SOUND: readonly { readonly tags: readonly number[]; readonly open: OpenPayload }[] = [
  { tags: [0x0001, 0x0003, 0x0006, 0x0007], open: plain(0) }, // PCM, float, A-law, µ-law
  { tags: [0x0002], open: plain(32) }, // Microsoft ADPCM: predictor coefficients
  { tags: [0x0011, 0x0031, 0x0045], open: plain(2) }, // IMA ADPCM, GSM, G.726
  { tags: [0x0050], open: plain(22) }, // MPEG layers 1 and 2
  { tags: [0x0055], open: plain(12) }, // MPEG layer 3
  { tags: [0x00ff, 0x706d], open: rawAac },
  { tags: [0x2000, 0x2001], open: withoutSetup }, // AC-3, DTS
  { tags: [0xf1ac], open: plain(34) }, // FLAC: STREAMINFO
  { tags: [0xfffe], open: extensible },
];

export const knowsVideo = (code: string): boolean => videoOf(code) !== undefined;

const videoOf = (code: string): OpenPayload | undefined =>
  VIDEO.find(({ codes }) => codes.includes(code.toUpperCase()))?.open;

const BITMAP_HEADER = 40;

/** A BITMAPINFOHEADER and what follows it: `strf` of AVI, CodecPrivate of V_MS/VFW/FOURCC. */
export const openBitmapInfo: OpenPayload = (setup) => {
  if (setup.length < BITMAP_HEADER) return 'a picture format that cannot be read';
  const code = latin(setup.subarray(16, 20));
  const open = videoOf(code);
  if (!open) return `its codec "${code.replace(/[^\x20-\x7e]/g, '?')}" is not one Sayeh knows`;
  const payload = open(setup.subarray(BITMAP_HEADER));
  if (typeof payload === 'string') return payload;

  const head = setup.slice(0, BITMAP_HEADER);
  head.set([BITMAP_HEADER, 0, 0, 0]);
  // biXPelsPerMeter and biYPelsPerMeter: no player reads them.
  head.fill(0, 24, 32);
  return { ...payload, setup: rebuilt(setup, head, payload.setup, 'fields of the picture format') };
};

const WAVE_HEADER = 18;

/** A WAVEFORMATEX and what follows it: `strf` of AVI, CodecPrivate of A_MS/ACM. */
export const openWaveFormat: OpenPayload = (setup) => {
  if (setup.length < 16) return 'a sound format that cannot be read';
  const tag = setup[0] | (setup[1] << 8);
  const codec = SOUND.find(({ tags }) => tags.includes(tag));
  if (!codec) return `its sound codec 0x${tag.toString(16).padStart(4, '0')} is not one Sayeh knows`;
  const claimed = setup.length >= WAVE_HEADER ? setup[16] | (setup[17] << 8) : 0;
  const extra = setup.subarray(WAVE_HEADER, WAVE_HEADER + claimed);
  const payload = codec.open(extra);
  if (typeof payload === 'string') return payload;

  // The older WAVEFORMAT ends before the size of what follows, and nothing follows.
  if (setup.length === 16) return { ...payload, setup: { bytes: setup, hidden: [] } };
  const size = payload.setup.bytes.length;
  const head = concat([setup.subarray(0, 16), Uint8Array.of(size & 255, size >> 8)]);
  return { ...payload, setup: rebuilt(setup, head, payload.setup, 'fields of the sound format') };
};

function rebuilt(setup: Uint8Array, head: Uint8Array, extra: Cleaned, what: string): Cleaned {
  const bytes = concat([head, extra.bytes]);
  if (sameBytes(bytes, setup)) return { bytes: setup, hidden: [] };
  const reshaped: Hidden = { what: `${what} that no decoder needs`, betrays: 'unknown' };
  return { bytes, hidden: extra.hidden.length > 0 ? extra.hidden : [reshaped] };
}

/** KSDATAFORMAT_SUBTYPE_*: the format tag, then these bytes. */
const SUBTYPE = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** WAVEFORMATEXTENSIBLE: valid bits, speakers, and a subtype that must be one of Microsoft's own for PCM. */
function extensible(setup: Uint8Array): ReturnType<OpenPayload> {
  const known = sameBytes(setup.subarray(8), Uint8Array.from(SUBTYPE)) && (setup[6] === 1 || setup[6] === 3);
  if (setup.length !== 22 || !known || setup[7] !== 0) return 'its sound codec is not one Sayeh knows';
  return plain(22)(setup);
}
