import { openBitmapInfo, openWaveFormat } from '../avi/codecs.ts';
import { rawAac } from './payload/aac.ts';
import { av1 } from './payload/av1.ts';
import { motionJpeg } from './payload/jpeg-frame.ts';
import { lengthPrefixed } from './payload/nal.ts';
import { type OpenPayload, plain, withoutSetup } from './payload/payload.ts';
import { mpeg4, mpeg12 } from './payload/start-code.ts';
import { flac, opus, theora, vorbis } from './payload/xiph.ts';

/** A codec that Sayeh can vouch for. Ids as in the Matroska codec specifications (RFC 9559 appendix, draft). */
export interface Codec {
  readonly id: RegExp;
  readonly type: 'video' | 'audio';
  readonly open: OpenPayload;
  /** Transparency travels in block additions beside the picture. */
  readonly alpha?: true;
}

export const CODECS: readonly Codec[] = [
  { id: /^V_MPEG4\/ISO\/AVC$/, type: 'video', open: lengthPrefixed('h264') },
  { id: /^V_MPEGH\/ISO\/HEVC$/, type: 'video', open: lengthPrefixed('h265') },
  { id: /^V_AV1$/, type: 'video', open: av1 },
  { id: /^V_VP8$/, type: 'video', open: withoutSetup, alpha: true },
  { id: /^V_VP9$/, type: 'video', open: withoutSetup, alpha: true },
  { id: /^V_MPEG[12]$/, type: 'video', open: mpeg12 },
  { id: /^V_MPEG4\/ISO\/(SP|ASP|AP)$/, type: 'video', open: mpeg4 },
  { id: /^V_MJPEG$/, type: 'video', open: motionJpeg },
  { id: /^V_THEORA$/, type: 'video', open: theora },
  { id: /^V_FFV1$/, type: 'video', open: plain(1024) },
  { id: /^V_UNCOMPRESSED$/, type: 'video', open: withoutSetup },
  { id: /^V_MS\/VFW\/FOURCC$/, type: 'video', open: openBitmapInfo },
  { id: /^A_AAC$/, type: 'audio', open: rawAac },
  { id: /^A_AAC\/MPEG[24]\/(MAIN|LC|SSR|LTP)(\/SBR)?$/, type: 'audio', open: rawAac },
  { id: /^A_OPUS$/, type: 'audio', open: opus },
  { id: /^A_VORBIS$/, type: 'audio', open: vorbis },
  { id: /^A_FLAC$/, type: 'audio', open: flac },
  { id: /^A_MPEG\/L[123]$/, type: 'audio', open: withoutSetup },
  { id: /^A_(AC3|EAC3|TRUEHD|MLP)$/, type: 'audio', open: withoutSetup },
  { id: /^A_AC3\/BSID(9|10)$/, type: 'audio', open: withoutSetup },
  { id: /^A_DTS(\/(EXPRESS|LOSSLESS))?$/, type: 'audio', open: withoutSetup },
  { id: /^A_PCM\/(INT\/(LIT|BIG)|FLOAT\/IEEE)$/, type: 'audio', open: withoutSetup },
  { id: /^A_ALAC$/, type: 'audio', open: plain(48) },
  { id: /^A_MS\/ACM$/, type: 'audio', open: openWaveFormat },
];

export const codecOf = (id: string): Codec | undefined => CODECS.find((codec) => codec.id.test(id));
