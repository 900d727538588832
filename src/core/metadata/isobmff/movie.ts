import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { contentOf, fieldsOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import { FieldReader, utf8 } from './field-reader.ts';
import { type Fragments, readFragments } from './fragments.ts';
import { readSampleTable, type SampleTable } from './sample-table.ts';

/** Section 8.6.6: what a player shows, in order. */
export interface Edit {
  /** In the movie's timescale. */
  readonly duration: number;
  /** In the media's timescale; -1 for a pause. */
  readonly mediaTime: number;
  /** 16.16 fixed point. */
  readonly rate: number;
}

/** Section 8.3.2. */
export interface TrackHeader {
  readonly flags: number;
  readonly id: number;
  readonly duration: number;
  readonly volume: number;
  /** Nine numbers as written: 16.16 fixed point, the third of each row 2.30. */
  readonly matrix: readonly number[];
  /** 16.16 fixed point. */
  readonly width: number;
  readonly height: number;
  readonly created: number;
  readonly modified: number;
}

export interface Track {
  readonly box: Box;
  readonly header: TrackHeader;
  /** `vide`, `soun`, `text`, `meta`, `tmcd`... */
  readonly handler: string;
  readonly handlerName: string;
  readonly timescale: number;
  readonly language: string;
  readonly edits: readonly Edit[];
  /** Sample entries. */
  readonly descriptions: readonly Box[];
  readonly samples: SampleTable;
  /** Time of the first sample before edits, in the media's timescale; other than 0 only in fragments. */
  readonly startsAt: number;
}

export interface Movie {
  readonly timescale: number;
  readonly fragmented: boolean;
  readonly tracks: readonly Track[];
}

const MAX_TRACKS = 256;

/** Reads `moov`, and `moof` where there are any. @throws SayehError('corrupt') where they make no sense. */
export async function readMovie(source: ByteSource, boxes: readonly Box[]): Promise<Movie> {
  const moov = findBox(boxes, 'moov');
  if (!moov)
    throw new SayehError('corrupt', 'there is no moov box: the recording was cut off, or this is no film');
  const mvhd = await fieldsOf(source, required(moov, 'mvhd'));
  const { version } = mvhd.versionAndFlags();
  mvhd.take(version === 1 ? 16 : 8);
  const timescale = mvhd.u32();
  const trackBoxes = (moov.children ?? []).filter((box) => box.type === 'trak');
  if (trackBoxes.length > MAX_TRACKS)
    throw new SayehError('too-large', `${trackBoxes.length} tracks; the limit is ${MAX_TRACKS}`);
  const fragments = await readFragments(source, boxes);
  const tracks: Track[] = [];
  for (const box of trackBoxes) tracks.push(await readTrack(source, box, fragments));
  return { timescale, fragmented: fragments.present, tracks };
}

async function readTrack(source: ByteSource, trak: Box, fragments: Fragments): Promise<Track> {
  const mdia = required(trak, 'mdia');
  const stbl = required(required(mdia, 'minf'), 'stbl');
  const stsd = findBox(stbl.children ?? [], 'stsd');
  const descriptions = (stsd?.children ?? []).filter((box) => !box.damage);
  const header = await readTrackHeader(source, required(trak, 'tkhd'));
  const media = await readMediaHeader(source, required(mdia, 'mdhd'));
  const table = await readSampleTable(source, stbl, await bytesOfPcmFrame(source, stbl, descriptions));
  const later = fragments.of(header.id);
  return {
    box: trak,
    header,
    ...media,
    ...(await readHandler(source, required(mdia, 'hdlr'))),
    edits: await readEdits(source, findBox(trak.children ?? [], 'edts', 'elst')),
    descriptions,
    samples: later ? later.after(table) : table,
    startsAt: later?.startsAt ?? 0,
  };
}

function required(parent: Box, type: string): Box {
  const box = findBox(parent.children ?? [], type);
  if (!box) throw new SayehError('corrupt', `${parent.path} has no ${type} box`);
  return box;
}

async function readTrackHeader(source: ByteSource, tkhd: Box): Promise<TrackHeader> {
  const fields = await fieldsOf(source, tkhd);
  const { version, flags } = fields.versionAndFlags();
  const wide = version === 1 ? 8 : 4;
  const created = fields.uint(wide);
  const modified = fields.uint(wide);
  const id = fields.u32();
  fields.u32();
  const duration = fields.uint(wide);
  fields.take(12);
  const volume = fields.u16();
  fields.u16();
  const matrix = Array.from({ length: 9 }, fields.i32);
  return {
    flags,
    id,
    duration,
    volume,
    matrix,
    width: fields.u32(),
    height: fields.u32(),
    created,
    modified,
  };
}

async function readMediaHeader(source: ByteSource, mdhd: Box) {
  const fields = await fieldsOf(source, mdhd);
  const { version } = fields.versionAndFlags();
  const wide = version === 1 ? 8 : 4;
  fields.take(2 * wide);
  const timescale = fields.u32();
  fields.uint(wide);
  return { timescale, language: languageName(fields.u16()) };
}

/** Three letters in 15 bits (section 8.4.2.3); QuickTime's older codes are small numbers, 0x7fff says nothing. */
export function languageName(code: number): string {
  if (code === 0x7fff) return 'und';
  if (code < 0x400) return `QuickTime language ${code}`;
  return String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 31) + 0x60));
}

/** A handler's name is a string that ends in zero, in QuickTime one that starts with its length. */
export async function readHandler(source: ByteSource, hdlr: Box) {
  const fields = await fieldsOf(source, hdlr);
  fields.take(8);
  const handler = fields.fourcc();
  fields.take(Math.min(12, fields.left));
  const name = fields.rest();
  const pascal = name.length > 0 && name[0] === name.length - 1;
  const text = pascal
    ? name.subarray(1)
    : name.subarray(0, name.indexOf(0) < 0 ? undefined : name.indexOf(0));
  return { handler, handlerName: utf8(text) };
}

async function readEdits(source: ByteSource, elst: Box | undefined): Promise<Edit[]> {
  if (!elst) return [];
  const fields = await fieldsOf(source, elst);
  const { version } = fields.versionAndFlags();
  const count = fields.u32();
  const edits: Edit[] = [];
  for (let i = 0; i < count; i++) {
    const duration = version === 1 ? fields.u64() : fields.u32();
    const mediaTime = version === 1 ? fields.i64() : fields.i32();
    edits.push({ duration, mediaTime, rate: fields.i32() });
  }
  return edits;
}

const PCM = new Set([
  'sowt',
  'twos',
  'lpcm',
  'in24',
  'in32',
  'fl32',
  'fl64',
  'raw ',
  'ulaw',
  'alaw',
  'ipcm',
  'fpcm',
]);

/**
 * QuickTime writes 1 as the size of a sample of uncompressed sound and means a frame: all channels at one moment
 * (QuickTime File Format, "Sound sample descriptions").
 */
async function bytesOfPcmFrame(source: ByteSource, stbl: Box, descriptions: readonly Box[]): Promise<number> {
  const stsz = findBox(stbl.children ?? [], 'stsz');
  const entry = descriptions[0];
  if (!stsz || !entry || !PCM.has(entry.type)) return 1;
  const constantSize = new FieldReader((await contentOf(source, stsz)).subarray(4, 8), stsz.path).u32();
  if (constantSize !== 1) return 1;
  const fields = new FieldReader(await contentOf(source, entry), entry.path);
  fields.take(8);
  const version = fields.u16();
  fields.take(6);
  const channels = fields.u16();
  const bits = fields.u16();
  if (version !== 1) return Math.max(1, (channels * bits) / 8);
  fields.take(16);
  return Math.max(1, fields.u32());
}
