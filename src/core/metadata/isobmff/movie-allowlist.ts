import type { AllowedBox } from './box-check.ts';
import * as rule from './movie-rules.ts';

const TABLE = 'moov/trak/mdia/minf/stbl';
const ENTRIES = `${TABLE}/stsd`;

/** Pictures a clean film may be coded in, with the box that configures the decoder. */
export const PICTURE_CODECS = {
  avc1: ['avcC', rule.avcC],
  avc3: ['avcC', rule.avcC],
  hvc1: ['hvcC', rule.hvcC],
  hev1: ['hvcC', rule.hvcC],
  av01: ['av1C', rule.av1C],
  vp08: ['vpcC', rule.vpcC],
  vp09: ['vpcC', rule.vpcC],
} as const;

/** Sound a clean film may be coded in, with the box that configures the decoder. */
export const SOUND_CODECS = {
  mp4a: ['esds', rule.esds],
  Opus: ['dOps', rule.dOps],
  'ac-3': ['dac3', rule.bytes(3)],
  alac: ['alac', rule.bytes(28)],
} as const;

/** Uncompressed sound, which needs no configuration. */
export const UNCOMPRESSED = ['sowt', 'twos', 'in24', 'in32', 'fl32', 'fl64', 'lpcm', 'ulaw', 'alaw'] as const;

/**
 * Everything a clean film may hold, apart from `mdat`, which is measured against the sample tables. A box that
 * no line names is a violation, and so is a second one where `many` is absent.
 */
export const MOVIE_ALLOWLIST: readonly AllowedBox[] = [
  { at: 'ftyp', why: 'tells a player what kind of file this is', rule: rule.fileType },
  { at: 'free', why: 'room for a longer header', rule: rule.padding, many: true },
  { at: 'wide', why: 'room for a longer header, in QuickTime', rule: rule.padding, many: true },
  { at: 'moov', why: 'the index of everything' },
  { at: 'moov/mvhd', why: 'timescale and length', rule: rule.movieHeader },
  // FFmpeg writes an empty list of tags even where it was told to write none.
  { at: 'moov/trak', why: 'one stream of pictures or sound', many: true },
  { at: 'moov/trak/tkhd', why: 'size and orientation', rule: rule.trackHeader },
  { at: 'moov/trak/edts', why: 'holds the edit list' },
  { at: 'moov/trak/edts/elst', why: 'cuts the encoder delay', rule: rule.editList },
  { at: 'moov/trak/mdia', why: 'the media of the track' },
  { at: 'moov/trak/mdia/mdhd', why: 'timescale and length', rule: rule.mediaHeader },
  { at: 'moov/trak/mdia/hdlr', why: 'pictures or sound', rule: rule.handler('vide', 'soun') },
  { at: 'moov/trak/mdia/minf', why: 'holds the tables' },
  { at: 'moov/trak/mdia/minf/hdlr', why: 'where data is, in QuickTime', rule: rule.handler('url ') },
  { at: 'moov/trak/mdia/minf/vmhd', why: 'marks pictures', rule: rule.videoHeader },
  { at: 'moov/trak/mdia/minf/smhd', why: 'marks sound', rule: rule.soundHeader },
  { at: 'moov/trak/mdia/minf/dinf', why: 'says that the data is in this file' },
  { at: 'moov/trak/mdia/minf/dinf/dref', why: 'the same', rule: rule.dataReferences },
  { at: 'moov/trak/mdia/minf/dinf/dref/url ', why: 'the same', rule: rule.inThisFile },
  { at: TABLE, why: 'holds the sample tables' },
  { at: ENTRIES, why: 'how the samples are coded', rule: rule.sampleDescriptions },
  ...Object.entries(PICTURE_CODECS).flatMap(([entry, [box, content]]) => pictureEntry(entry, box, content)),
  ...Object.entries(SOUND_CODECS).flatMap(([entry, [box, content]]) => soundEntry(entry, box, content)),
  ...UNCOMPRESSED.flatMap((entry) => soundEntry(entry)),
  { at: `${TABLE}/stts`, why: 'when samples are decoded', rule: rule.table(8) },
  { at: `${TABLE}/ctts`, why: 'when samples are shown', rule: rule.table(8, [0, 1]) },
  { at: `${TABLE}/stss`, why: 'where decoding can start', rule: rule.table(4) },
  { at: `${TABLE}/sdtp`, why: 'which samples others need', rule: rule.sampleDependencies },
  { at: `${TABLE}/stsc`, why: 'how samples form chunks', rule: rule.table(12) },
  { at: `${TABLE}/stsz`, why: 'sizes of samples', rule: rule.sampleSizes },
  { at: `${TABLE}/stco`, why: 'where chunks are', rule: rule.table(4) },
  { at: `${TABLE}/co64`, why: 'where chunks are', rule: rule.table(8) },
  { at: `${TABLE}/sgpd`, why: 'how sound starts after a jump', rule: rule.rollDescription },
  { at: `${TABLE}/sbgp`, why: 'how sound starts after a jump', rule: rule.rollGroups },
];

function pictureEntry(entry: string, box: string, content: AllowedBox['rule'] & {}): AllowedBox[] {
  const at = `${ENTRIES}/${entry}`;
  return [
    { at, why: 'size of the coded picture', rule: rule.visualEntry },
    { at: `${at}/${box}`, why: 'configures the decoder', rule: content },
    { at: `${at}/colr`, why: 'which colours the numbers mean', rule: rule.colour },
    { at: `${at}/pasp`, why: 'shape of a pixel', rule: rule.bytes(8) },
    { at: `${at}/clap`, why: 'which part of the coded picture is shown', rule: rule.bytes(32) },
    { at: `${at}/btrt`, why: 'buffer and rate', rule: rule.bytes(12) },
    { at: `${at}/fiel`, why: 'interlaced or not', rule: rule.bytes(2) },
    { at: `${at}/mdcv`, why: 'brightness of the mastering display', rule: rule.bytes(24) },
    { at: `${at}/clli`, why: 'brightness of the picture', rule: rule.bytes(4) },
    { at: `${at}/SmDm`, why: 'brightness of the mastering display', rule: rule.bytes(28) },
    { at: `${at}/CoLL`, why: 'brightness of the picture', rule: rule.bytes(8) },
  ];
}

function soundEntry(entry: string, box?: string, content?: AllowedBox['rule'] & {}): AllowedBox[] {
  const at = `${ENTRIES}/${entry}`;
  const configures: AllowedBox[] =
    box && content ? [{ at: `${at}/${box}`, why: 'configures the decoder', rule: content }] : [];
  return [
    { at, why: 'channels and rate of the sound', rule: rule.soundEntry },
    ...configures,
    { at: `${at}/btrt`, why: 'buffer and rate', rule: rule.bytes(12) },
  ];
}
