import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import { type Orientation, orientationNote, orientationOf } from '../exif/orientation.ts';
import type { Part, StripResult } from '../format.ts';
import { be16, concat, equal } from '../still/bytes.ts';
import { keptColour } from '../still/colour.ts';
import { copy, readPart } from '../still/copy.ts';
import {
  ADOBE_TRANSFORM,
  adobeSegment,
  EXIF_PREFIX,
  exifSegment,
  iccSegment,
  JFIF_HEADER,
} from './blocks.ts';
import { joinedProfile } from './profile.ts';
import { isStandardTable } from './quantisation.ts';
import { scanTails } from './scan-tails.ts';
import type { Segment } from './segments.ts';
import { type JpegStructure, partsOf, readStructure } from './structure.ts';
import { quantisationTables } from './tables.ts';
import { objectionTo } from './verify.ts';

/**
 * Writes the same coded picture with no application segment but those made anew here, no comment, and nothing
 * after the end.
 */
export async function strip(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const structure = await readStructure(source);
  const { segments } = structure;
  if (!structure.whole)
    throw new SayehError('corrupt', `the JPEG picture is ${segments[segments.length - 1].what}`);
  const kept = segments.filter(isCoded);
  await refuseUnknownCoding(source, segments);

  const orientation = await orientationIn(source, segments);
  const colour = keptColour(await joinedProfile(source, segments));
  const fresh = await freshSegments(source, segments, orientation, colour.profile);

  await sink.write(Uint8Array.of(0xff, 0xd8));
  for (const { marker, data } of fresh) await sink.write(segmentBytes(marker, data));
  const tails = await scanTails(source, segments);
  for (const { offset, length } of kept) await copy(source, sink, offset, length - (tails.get(offset) ?? 0));

  const same = await unchanged(source, segments, fresh);
  const notes = [...colour.notes];
  if (orientation !== 1) notes.push(orientationNote(orientation));
  if (tails.size > 0) notes.push('bytes hidden behind the last block of the coded picture were dropped');
  if (structure.trailer.some(({ kind }) => kind === 'picture'))
    notes.push(
      'further pictures in the file (previews, gain or depth maps) were dropped; HDR screens show it plainer',
    );
  if (await hasOwnTables(source, kept))
    notes.push(
      'the quantisation tables are not the usual libjpeg ones and can name a class of cameras; only re-encoding changes them',
    );
  return { removed: removedParts(structure, [...kept, ...same]), notes };
}

/** Segments that are copied as they are: those the decoder reads. */
const CODED = /^(SOF\d+|DQT|DHT|DAC|DRI|DNL|SOS|scan|EOI)$/;
const isCoded = ({ name }: Segment) => CODED.test(name);

/** A coded segment that the allowlist does not know means a coding that it does not know. */
async function refuseUnknownCoding(source: ByteSource, segments: readonly Segment[]): Promise<void> {
  if (segments.some(({ name }) => name === 'DHP' || name === 'EXP' || /^SOF(5|6|7|13|14|15)$/.test(name)))
    throw new SayehError('unsupported', 'hierarchical JPEG cannot be stripped; protect the picture instead');
  const frames = segments.filter(({ name }) => name.startsWith('SOF')).length;
  if (frames !== 1)
    throw new SayehError('corrupt', `the JPEG picture has ${frames} frame headers where it must have one`);
  if (!segments.some(({ name }) => name === 'scan'))
    throw new SayehError('corrupt', 'the JPEG picture has no coded data');
  const counts = new Map<string, number>();
  for (const segment of segments.filter(isCoded)) {
    counts.set(segment.name, (counts.get(segment.name) ?? 0) + 1);
    const objection = await objectionTo(source, segment, counts.get(segment.name));
    if (objection) throw new SayehError('corrupt', `the JPEG picture is damaged: ${objection}`);
  }
}

async function orientationIn(source: ByteSource, segments: readonly Segment[]): Promise<Orientation> {
  const exif = segments.find(({ application }) => application === 'exif');
  if (!exif) return 1;
  const data = await readPart(source, exif.dataOffset, exif.dataLength);
  return orientationOf(data.subarray(EXIF_PREFIX.length));
}

interface FreshSegment {
  readonly marker: number;
  readonly data: Uint8Array;
}

/** The application segments of the new file. JFIF and Adobe are there if they were: decoders go by them. */
async function freshSegments(
  source: ByteSource,
  segments: readonly Segment[],
  orientation: Orientation,
  profile: Uint8Array | undefined,
): Promise<FreshSegment[]> {
  const fresh: FreshSegment[] = [];
  if (segments.some(({ application }) => application === 'jfif'))
    fresh.push({ marker: 0xe0, data: JFIF_HEADER });
  if (orientation !== 1) fresh.push({ marker: 0xe1, data: exifSegment(orientation) });
  if (profile) fresh.push({ marker: 0xe2, data: iccSegment(profile) });
  const adobe = segments.find(({ application }) => application === 'adobe');
  if (adobe) {
    const transform = (await readPart(source, adobe.dataOffset, adobe.dataLength))[ADOBE_TRANSFORM] ?? 0;
    if (transform > 2)
      throw new SayehError('corrupt', `the JPEG picture names an unknown colour transform: ${transform}`);
    fresh.push({ marker: 0xee, data: adobeSegment(transform) });
  }
  return fresh;
}

const segmentBytes = (marker: number, data: Uint8Array) =>
  concat(Uint8Array.of(0xff, marker), be16(data.length + 2), data);

/** Old segments that come out the same: they were not removed. */
async function unchanged(
  source: ByteSource,
  segments: readonly Segment[],
  fresh: readonly FreshSegment[],
): Promise<Segment[]> {
  const same: Segment[] = segments.filter(({ name }) => name === 'SOI');
  for (const { marker, data } of fresh) {
    const name = `APP${marker - 0xe0}`;
    for (const segment of segments.filter((candidate) => candidate.name === name))
      if (equal(await readPart(source, segment.dataOffset, segment.dataLength), data)) same.push(segment);
  }
  return same;
}

function removedParts(structure: JpegStructure, kept: readonly Segment[]): Part[] {
  const offsets = new Set(kept.map(({ offset }) => offset));
  return partsOf(structure).filter(({ offset }) => !offsets.has(offset));
}

async function hasOwnTables(source: ByteSource, segments: readonly Segment[]): Promise<boolean> {
  for (const segment of segments.filter(({ name }) => name === 'DQT')) {
    const tables = quantisationTables(await readPart(source, segment.dataOffset, segment.dataLength));
    if (tables && !tables.every(isStandardTable)) return true;
  }
  return false;
}
