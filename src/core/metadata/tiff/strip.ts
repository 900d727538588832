import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import { type IfdEntry, readTiff, type TiffStructure } from '../exif/ifd.ts';
import type { Part, StripResult } from '../format.ts';
import { keptColour } from '../still/colour.ts';
import { copy, LARGEST_PART, readPart } from '../still/copy.ts';
import { COMPRESSIONS, rowFor } from './allowlist.ts';
import { claims, PADDING, tile } from './claims.ts';
import { cleanJpegStream } from './jpeg-stream.ts';
import { directoryBytes, directoryLength, even, headerBytes, type NewEntry, numbersEntry } from './layout.ts';
import { COMPRESSION, type Page, readPage, type StoredSegment, TAG } from './page.ts';
import { objectionTo } from './tags.ts';

/** Writes the same coded pages into a new file, each behind a directory of the tags that decoding needs. */
export async function strip(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const structure = await readTiff(source);
  if (!structure) throw new SayehError('corrupt', 'the TIFF file has no header');
  if (structure.problems.length > 0)
    throw new SayehError('corrupt', `the TIFF file is damaged: ${structure.problems[0]}`);
  refuseRaw(structure);
  const { pages, notes } = await pagesToKeep(source, structure);

  const planned: NewPage[] = [];
  let offset = structure.big ? 16 : 8;
  for (const page of pages) {
    const plan = await planPage(source, structure, page, offset);
    planned.push(plan);
    notes.push(...plan.notes.filter((note) => !notes.includes(note)));
    offset = plan.end;
  }
  if (!structure.big && offset >= 2 ** 32)
    throw new SayehError('too-large', 'the stripped TIFF file would exceed 4 GiB');

  await sink.write(headerBytes(structure));
  for (const [i, plan] of planned.entries())
    await writePage(source, sink, structure, plan, planned[i + 1]?.offset ?? 0);
  return { removed: await removedParts(source, structure, pages), notes };
}

/** A raw file is a TIFF file whose main picture is not one: its makers' tags are needed to develop it. */
function refuseRaw({ ifds }: TiffStructure): void {
  if (ifds.some(({ entries }) => entries.some(({ tag }) => tag === TAG.dngVersion)))
    throw new SayehError('unsupported', 'this is a raw photograph (DNG); develop it to JPEG or PNG first');
}

async function pagesToKeep(
  source: ByteSource,
  structure: TiffStructure,
): Promise<{ pages: Page[]; notes: string[] }> {
  const pages: Page[] = [];
  let dropped = 0;
  for (const ifd of structure.ifds) {
    if (ifd.kind === 'sub') dropped++;
    if (ifd.kind !== 'image') continue;
    const page = await readPage(source, structure, ifd);
    if (page.secondary) dropped++;
    else pages.push(page);
  }
  if (pages.length === 0)
    throw new SayehError(
      'unsupported',
      'the TIFF file holds only previews, as raw photographs do; develop it first',
    );
  for (const page of pages) refusePage(source, page);
  const total = pages.reduce(
    (sum, { segments }) => segments.reduce((all, { length }) => all + length, sum),
    0,
  );
  if (total > source.size) throw new SayehError('corrupt', 'the TIFF file is damaged: its strips overlap');
  return { pages, notes: dropped > 0 ? [`${dropped} thumbnails, previews or masks were dropped`] : [] };
}

function refusePage(
  source: ByteSource,
  { ifd, compression, photometric, segments, segmentCount }: Page,
): void {
  if (photometric === 32803 || photometric === 34892)
    throw new SayehError('unsupported', 'this is a raw photograph; develop it to JPEG or PNG first');
  if (!COMPRESSIONS.includes(compression))
    throw new SayehError(
      'unsupported',
      `TIFF compression ${compression} cannot be stripped; protect the picture instead`,
    );
  if (segments.length === 0 || segments.length !== segmentCount)
    throw new SayehError(
      'corrupt',
      `${ifd.path} of the TIFF file has ${segments.length} strips or tiles where it needs ${segmentCount}`,
    );
  for (const { offset, length, plainLength } of segments)
    if (offset + length > source.size || length < (plainLength ?? 1))
      throw new SayehError('corrupt', `${ifd.path} of the TIFF file is damaged: a strip or tile is cut off`);
}

interface NewPage {
  readonly page: Page;
  readonly offset: number;
  readonly entries: readonly NewEntry[];
  readonly notes: readonly string[];
  /** Where the next page begins. */
  readonly end: number;
}

/** Lays a page out from `offset`: directory, values, strips, each at an even place. */
async function planPage(
  source: ByteSource,
  structure: TiffStructure,
  page: Page,
  offset: number,
): Promise<NewPage> {
  const lengths: number[] = [];
  for (const segment of page.segments) lengths.push(await newLength(source, page, segment));
  const { entries, notes } = await keptEntries(source, structure, page);
  const offsetsTag = page.tiled ? TAG.tileOffsets : TAG.stripOffsets;
  const lengthsTag = page.tiled ? TAG.tileByteCounts : TAG.stripByteCounts;
  const withSegments = (starts: readonly number[]) =>
    [
      ...entries,
      numbersEntry(offsetsTag, starts, structure),
      numbersEntry(lengthsTag, lengths, structure),
    ].sort((a, b) => a.tag - b.tag);

  let at = offset + directoryLength(withSegments(lengths), structure);
  const starts = lengths.map((length) => {
    const start = at;
    at += even(length);
    return start;
  });
  return { page, offset, entries: withSegments(starts), notes, end: at };
}

/** How long a strip or tile is in the new file: bytes after the pixels are left behind. */
async function newLength(source: ByteSource, page: Page, segment: StoredSegment): Promise<number> {
  if (page.compression !== COMPRESSION.jpeg) return segment.plainLength ?? segment.length;
  return (await jpegStream(source, segment)).length;
}

async function jpegStream(source: ByteSource, { offset, length }: StoredSegment): Promise<Uint8Array> {
  if (length > LARGEST_PART)
    throw new SayehError('too-large', 'a JPEG-coded strip of the TIFF file is above 64 MiB');
  return cleanJpegStream(await readPart(source, offset, length));
}

const WRITTEN_ANEW: ReadonlySet<number> = new Set([
  TAG.stripOffsets,
  TAG.stripByteCounts,
  TAG.tileOffsets,
  TAG.tileByteCounts,
]);

async function keptEntries(
  source: ByteSource,
  structure: TiffStructure,
  page: Page,
): Promise<{ entries: NewEntry[]; notes: readonly string[] }> {
  const entries = new Map<number, NewEntry>();
  const notes: string[] = [];
  for (const entry of page.ifd.entries) {
    if (!rowFor(entry.tag) || WRITTEN_ANEW.has(entry.tag) || entries.has(entry.tag)) continue;
    if (!entry.sound)
      throw new SayehError('corrupt', `tag ${entry.tag} of the TIFF file lies outside the file`);
    if (entry.tag === TAG.iccProfile) {
      const colour = keptColour(await readPart(source, entry.valueOffset, entry.valueLength));
      notes.push(...colour.notes);
      if (colour.profile)
        entries.set(entry.tag, { ...entry, type: 7, count: colour.profile.length, value: colour.profile });
    } else entries.set(entry.tag, await keptEntry(source, structure, page, entry));
  }
  return { entries: [...entries.values()], notes };
}

async function keptEntry(
  source: ByteSource,
  structure: TiffStructure,
  page: Page,
  entry: IfdEntry,
): Promise<NewEntry> {
  const { tag, type, count } = entry;
  const value = await readPart(source, entry.valueOffset, entry.valueLength);
  if (tag === TAG.jpegTables) {
    const tables = await cleanJpegStream(value);
    return { tag, type, count: tables.length, value: tables };
  }
  const objection = await objectionTo(source, structure, page, entry);
  if (objection)
    throw new SayehError('corrupt', `${page.ifd.path} of the TIFF file is damaged: ${objection}`);
  return { tag, type, count, value };
}

async function writePage(
  source: ByteSource,
  sink: ByteSink,
  structure: TiffStructure,
  { page, offset, entries }: NewPage,
  next: number,
): Promise<void> {
  await sink.write(directoryBytes(entries, offset, next, structure));
  for (const segment of page.segments) {
    const length = await writeSegment(source, sink, page, segment);
    if (length % 2 === 1) await sink.write(Uint8Array.of(0));
  }
}

async function writeSegment(
  source: ByteSource,
  sink: ByteSink,
  page: Page,
  segment: StoredSegment,
): Promise<number> {
  if (page.compression === COMPRESSION.jpeg) {
    const stream = await jpegStream(source, segment);
    await sink.write(stream);
    return stream.length;
  }
  const length = segment.plainLength ?? segment.length;
  await copy(source, sink, segment.offset, length);
  return length;
}

/** Everything but the kept pages' directories, allowed values and pixels. */
async function removedParts(
  source: ByteSource,
  structure: TiffStructure,
  pages: readonly Page[],
): Promise<Part[]> {
  const kept = new Set(['header', PADDING]);
  for (const { ifd } of pages) {
    for (const name of ['', '/strips', '/tiles']) kept.add(`${ifd.path}${name}`);
    for (const { tag } of ifd.entries) if (rowFor(tag)) kept.add(`${ifd.path}/${tag}`);
  }
  return tile(await claims(source, structure), source.size).filter(({ path }) => !kept.has(path));
}
