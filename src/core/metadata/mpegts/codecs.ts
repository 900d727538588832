import { adtsAac } from '../matroska/payload/aac.ts';
import { startCoded } from '../matroska/payload/nal.ts';
import { type OpenPayload, type Payload, plain } from '../matroska/payload/payload.ts';
import { mpeg4, mpeg12 } from '../matroska/payload/start-code.ts';
import { ascii, concat, latin } from '../matroska/text.ts';
import type { Descriptor, MappedStream, ProgramMap } from './tables.ts';

/** stream_id (ISO/IEC 13818-1 table 2-22): what every packet of a stream says it is. */
const VIDEO = 0xe0;
const AUDIO = 0xc0;
const PRIVATE = 0xbd;

interface Row {
  /** stream_type (table 2-34, and what ATSC and Blu-ray added). */
  readonly type: number;
  readonly what: string;
  readonly streamId: number;
  readonly open: OpenPayload;
  /** A descriptor without which this type may mean anything. */
  readonly needs?: Needed;
}

/** Either a registration of four letters, or a tag of DVB. */
type Needed = { readonly registration: string } | { readonly tag: number };

const nothing = plain(0);

export const CODECS: readonly Row[] = [
  { type: 0x01, what: 'MPEG-1 video', streamId: VIDEO, open: mpeg12 },
  { type: 0x02, what: 'MPEG-2 video', streamId: VIDEO, open: mpeg12 },
  { type: 0x10, what: 'MPEG-4 video', streamId: VIDEO, open: mpeg4 },
  { type: 0x1b, what: 'H.264 video', streamId: VIDEO, open: startCoded('h264') },
  { type: 0x24, what: 'H.265 video', streamId: VIDEO, open: startCoded('h265') },
  { type: 0x03, what: 'MPEG sound', streamId: AUDIO, open: nothing },
  { type: 0x04, what: 'MPEG sound', streamId: AUDIO, open: nothing },
  { type: 0x0f, what: 'AAC sound', streamId: AUDIO, open: adtsAac },
  { type: 0x11, what: 'AAC sound', streamId: AUDIO, open: nothing },
  { type: 0x80, what: 'PCM sound', streamId: PRIVATE, open: nothing, needs: { registration: 'HDMV' } },
  { type: 0x81, what: 'AC-3 sound', streamId: PRIVATE, open: nothing },
  { type: 0x82, what: 'DTS sound', streamId: PRIVATE, open: nothing, needs: { registration: 'HDMV' } },
  { type: 0x84, what: 'E-AC-3 sound', streamId: PRIVATE, open: nothing, needs: { registration: 'HDMV' } },
  { type: 0x06, what: 'AC-3 sound', streamId: PRIVATE, open: nothing, needs: { registration: 'AC-3' } },
  { type: 0x06, what: 'AC-3 sound', streamId: PRIVATE, open: nothing, needs: { tag: 0x6a } },
  { type: 0x06, what: 'E-AC-3 sound', streamId: PRIVATE, open: nothing, needs: { registration: 'EAC3' } },
  { type: 0x06, what: 'E-AC-3 sound', streamId: PRIVATE, open: nothing, needs: { tag: 0x7a } },
  { type: 0x06, what: 'Opus sound', streamId: PRIVATE, open: nothing, needs: { registration: 'Opus' } },
];

/** A stream that can stay. */
export interface Stream {
  readonly pid: number;
  readonly type: number;
  readonly streamId: number;
  readonly isVideo: boolean;
  readonly payload: Payload;
  /** The descriptors of a clean file, as they are stored. */
  readonly descriptors: Uint8Array;
}

const REGISTRATION = 0x05;
const EXTENSION = 0x7f;
/** Opus in MPEG-TS section 4.3: how many channels. */
const OPUS_CHANNELS = 0x80;

const registers = (descriptors: readonly Descriptor[], format: string): boolean =>
  descriptors.some(({ tag, data }) => tag === REGISTRATION && latin(data.subarray(0, 4)) === format);

export const registration = (format: string): Uint8Array =>
  concat([Uint8Array.of(REGISTRATION, 4), ascii(format)]);

/** Whether Blu-ray's own stream types apply: camcorders that record AVCHD say so. */
export const isHdmv = (map: ProgramMap): boolean => registers(map.descriptors, 'HDMV');

/** Undefined for a stream that cannot stay. */
export function openStream(stream: MappedStream, map: ProgramMap): Stream | undefined {
  const row = CODECS.find(({ type, needs }) => type === stream.type && isMet(needs, stream, map));
  if (!row) return undefined;
  const payload = row.open(new Uint8Array(0));
  if (typeof payload === 'string') return undefined;
  const { type, streamId } = row;
  const isVideo = streamId === VIDEO;
  return { pid: stream.pid, type, streamId, isVideo, payload, descriptors: cleanDescriptors(row, stream) };
}

function isMet(needs: Needed | undefined, { descriptors }: MappedStream, map: ProgramMap): boolean {
  if (!needs) return true;
  if ('tag' in needs) return descriptors.some(({ tag }) => tag === needs.tag);
  return needs.registration === 'HDMV' ? isHdmv(map) : registers(descriptors, needs.registration);
}

function cleanDescriptors({ needs }: Row, { descriptors }: MappedStream): Uint8Array {
  if (!needs || ('registration' in needs && needs.registration === 'HDMV')) return new Uint8Array(0);
  if ('tag' in needs) return Uint8Array.of(needs.tag, 1, 0);
  const own = registration(needs.registration);
  if (needs.registration !== 'Opus') return own;
  const channels = descriptors.find(({ tag, data }) => tag === EXTENSION && data[0] === OPUS_CHANNELS);
  return channels ? concat([own, Uint8Array.of(EXTENSION, 2, OPUS_CHANNELS, channels.data[1] ?? 2)]) : own;
}

/** What a stream is that cannot stay, for a person. */
export function describeUnwanted({ type, descriptors }: MappedStream): string {
  if (registers(descriptors, 'KLVA')) return 'position and sensor data (KLV, SMPTE 336)';
  if (registers(descriptors, 'ID3 ')) return 'timed tags (ID3)';
  const has = (wanted: number) => descriptors.some(({ tag }) => tag === wanted);
  if (has(0x56)) return 'teletext';
  if (has(0x59)) return 'subtitles';
  const known: Readonly<Record<number, string>> = {
    5: 'private tables',
    6: 'private data',
    21: 'timed metadata',
    144: 'subtitles (Blu-ray)',
    145: 'menus (Blu-ray)',
    146: 'text subtitles (Blu-ray)',
  };
  return known[type] ?? `a stream of an unknown type (0x${type.toString(16).padStart(2, '0')})`;
}

/** Registered formats of private streams that are picture or sound. */
const REGISTERED = ['BSSD', 'DTS1', 'DTS2', 'DTS3', 'AC-4', 'HEVC', 'VC-1', 'AV01', 'drac'];
const TYPES = [
  0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x25, 0x2d, 0x32, 0x33, 0x42, 0xa1, 0xa2, 0xd1, 0xd2, 0xea,
];

/** Streams that are picture or sound for certain: leaving one out would lose some of the film. */
export const isPictureOrSound = ({ type, descriptors }: MappedStream): boolean =>
  TYPES.includes(type) ||
  (type >= 0x80 && type <= 0x87) ||
  REGISTERED.some((format) => registers(descriptors, format));
