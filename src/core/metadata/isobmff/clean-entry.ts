import { SayehError } from '../../errors.ts';
import { obuProblem, obus } from '../av1/index.ts';
import type { ByteSource } from '../byte-source.ts';
import { cleanAvcConfiguration, cleanHevcConfiguration } from '../h26x/index.ts';
import { BoxCheck, type Rule } from './box-check.ts';
import { contentOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import { box, concat, letters, u8, u16, u32, uint, zeros } from './box-writer.ts';
import { type ElementaryStream, readElementaryStream } from './elementary-stream.ts';
import { FieldReader } from './field-reader.ts';
import type { Track } from './movie.ts';
import { MOVIE_ALLOWLIST, PICTURE_CODECS, SOUND_CODECS, UNCOMPRESSED } from './movie-allowlist.ts';

const ENTRIES = 'moov/trak/mdia/minf/stbl/stsd';

/**
 * The sample description of a track, rebuilt from what decoding needs.
 * @throws SayehError('unsupported') for a codec that is not on the allowlist.
 */
export async function cleanEntry(source: ByteSource, track: Track): Promise<Uint8Array> {
  const [entry, ...others] = track.descriptions;
  if (!entry) throw new SayehError('corrupt', `${track.box.path} does not say how it is coded`);
  if (others.length > 0) throw unsupported(`${track.box.path} changes its coding on the way`);
  if (entry.type in PICTURE_CODECS && track.handler === 'vide') return visualEntry(source, entry);
  if (entry.type in SOUND_CODECS && track.handler === 'soun') return codedSoundEntry(source, entry);
  if ((UNCOMPRESSED as readonly string[]).includes(entry.type) && track.handler === 'soun')
    return uncompressedEntry(source, entry);
  throw unsupported(
    `${track.handler === 'vide' ? 'pictures' : 'sound'} coded as ${JSON.stringify(entry.type)}`,
  );
}

/** Names what is in the way and the way round it. */
export const unsupported = (what: string): SayehError =>
  new SayehError('unsupported', `${what}: this cannot be stripped without re-encoding; use protect`);

async function visualEntry(source: ByteSource, entry: Box): Promise<Uint8Array> {
  const fields = new FieldReader(await contentOf(source, entry), entry.path);
  fields.take(24);
  const size = fields.take(4);
  fields.take(46);
  const depth = fields.u16() === 32 ? 32 : 24;
  const [type, rule] = PICTURE_CODECS[entry.type as keyof typeof PICTURE_CODECS];
  const configured = findBox(entry.children ?? [], type);
  const record = configured && cleanRecord(type, await contentOf(source, configured));
  if (!record || !passes(rule, record))
    throw new SayehError('corrupt', `${entry.path} has no readable ${type} box`);
  return box(
    entry.type,
    concat(zeros(6), u16(1), zeros(16), size, u32(0x480000), u32(0x480000), zeros(4), u16(1)),
    concat(zeros(32), u16(depth), u16(0xffff)),
    box(type, record),
    ...(await showingBoxes(source, entry, type)),
  );
}

export function cleanRecord(type: string, record: Uint8Array): Uint8Array | undefined {
  switch (type) {
    case 'avcC':
      return cleanAvcConfiguration(record);
    case 'hvcC':
      return cleanHevcConfiguration(record);
    case 'av1C': {
      const units = obus(record.subarray(4));
      const kept = units?.filter((unit) => !obuProblem(record.subarray(4), unit));
      return (
        kept && concat(record.slice(0, 4), ...kept.map(({ start, end }) => record.slice(4 + start, 4 + end)))
      );
    }
    default:
      return record.length >= 12 ? concat(record.slice(0, 10), u16(0)) : undefined;
  }
}

/** What tells a player how to show the decoded numbers, each as its line of the allowlist permits. */
async function showingBoxes(source: ByteSource, entry: Box, configuration: string): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  for (const { at, rule } of MOVIE_ALLOWLIST) {
    if (!rule || !at.startsWith(`${ENTRIES}/${entry.type}/`) || at.endsWith(configuration)) continue;
    const type = at.slice(at.lastIndexOf('/') + 1);
    const found = (entry.children ?? []).filter((child) => child.type === type);
    for (const child of found) {
      const content = asIso(type, await contentOf(source, child));
      if (!passes(rule, content)) continue;
      kept.push(box(type, content));
      break;
    }
  }
  return kept;
}

/** QuickTime's colour box lacks the last byte, which says that numbers do not use the full range. */
function asIso(type: string, content: Uint8Array): Uint8Array {
  const isQuickTime = type === 'colr' && String.fromCharCode(...content.subarray(0, 4)) === 'nclc';
  return isQuickTime ? concat(letters('nclx'), content.subarray(4), u8(0)) : content;
}

export function passes(rule: Rule, content: Uint8Array): boolean {
  try {
    const check = new BoxCheck(content, '');
    rule(check);
    return check.finish().length === 0;
  } catch (error) {
    if (error instanceof SayehError) return false;
    throw error;
  }
}

/** Coded sound, whose configuration QuickTime keeps one box deeper. */
async function codedSoundEntry(source: ByteSource, entry: Box): Promise<Uint8Array> {
  const [type, rule] = SOUND_CODECS[entry.type as keyof typeof SOUND_CODECS];
  const children = entry.children ?? [];
  const configured = findBox(children, type) ?? findBox(children, 'wave', type);
  if (!configured) throw new SayehError('corrupt', `${entry.path} has no ${type} box`);
  const content = await contentOf(source, configured);
  const clean = type === 'esds' ? cleanEsds(content, configured.path) : content;
  if (!passes(rule, clean)) throw unsupported(`the sound's ${type} box holds more than its settings`);
  const { channels, bits, rate } = await soundFormat(source, entry);
  return box(
    entry.type,
    concat(zeros(6), u16(1), zeros(8), u16(channels), u16(bits), zeros(4), u32(rate)),
    box(type, clean),
  );
}

async function soundFormat(source: ByteSource, entry: Box) {
  const fields = new FieldReader(await contentOf(source, entry), entry.path);
  fields.take(8);
  const version = fields.u16();
  fields.take(6);
  const channels = fields.u16();
  const bits = fields.u16();
  fields.take(4);
  const rate = fields.u32();
  if (version !== 2) return { channels, bits, rate };
  fields.take(4);
  const exact = fields.take(8);
  const hertz = new DataView(exact.buffer, exact.byteOffset).getFloat64(0);
  // 16.16 fixed point has no room for more; the codec's own configuration has the true rate.
  return { channels: fields.u32(), bits: 16, rate: hertz < 65536 ? Math.round(hertz) * 65536 : 0 };
}

function cleanEsds(content: Uint8Array, path: string): Uint8Array {
  const stream = readElementaryStream(content.subarray(4));
  if (!stream) throw new SayehError('corrupt', `${path} is damaged`);
  return concat(zeros(4), streamDescriptor(stream));
}

function streamDescriptor(stream: ElementaryStream): Uint8Array {
  const configuration = withoutPadding(stream.configuration);
  const specific = configuration.length > 0 ? descriptor(5, configuration) : zeros(0);
  const decoder = descriptor(
    4,
    u8(stream.objectType),
    u8(stream.streamType),
    uint(3, stream.bufferSize),
    u32(stream.maxBitrate),
    u32(stream.averageBitrate),
    specific,
  );
  return descriptor(3, u16(1), u8(0), decoder, descriptor(6, u8(2)));
}

/** Some writers pad the configuration with zeros. What decoders read of it is within the first five bytes. */
const withoutPadding = (configuration: Uint8Array): Uint8Array =>
  configuration.subarray(5).every((byte) => byte === 0) ? configuration.subarray(0, 5) : configuration;

function descriptor(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  return concat(u8(tag), u8(body.length), body);
}

/** Uncompressed sound, whose QuickTime fields say how long a frame is. */
async function uncompressedEntry(source: ByteSource, entry: Box): Promise<Uint8Array> {
  // `wave` may say that bytes are in the other order, which is part of the sound.
  if (findBox(entry.children ?? [], 'wave'))
    throw unsupported(`sound coded as ${entry.type} with extensions`);
  const content = await contentOf(source, entry);
  const fields = new FieldReader(content, entry.path);
  fields.take(8);
  const version = fields.u16();
  fields.take(6);
  const clean = concat(zeros(6), u16(1), u16(version), zeros(6), fields.rest());
  clean.fill(0, 22, 24);
  const rule = MOVIE_ALLOWLIST.find(({ at }) => at === `${ENTRIES}/${entry.type}`)?.rule;
  if (!rule || !passes(rule, clean)) throw unsupported(`sound coded as ${entry.type} with unknown fields`);
  return box(entry.type, clean);
}
