import { SayehError } from '../../errors.ts';
import type { ByteSink } from '../byte-source.ts';
import type { StripResult } from '../format.ts';
import { Batch } from '../matroska/batch.ts';
import type { Cleaned, Hidden } from '../matroska/payload/payload.ts';
import { concat } from '../matroska/text.ts';
import { walkRiff } from '../riff.ts';
import type { Window } from '../window.ts';
import { chunk, chunkHead, list, listHead, put32 } from './little-endian.ts';
import { chunkId, chunkProblem, isInMovie, parseChunkId } from './movi.ts';
import {
  type Entry,
  type IndexPlace,
  oldIndexLength,
  type Segment,
  standardIndexLength,
  writeOldIndex,
  writeStandardIndex,
  writeSuperIndex,
} from './new-index.ts';
import { type Outline, readOutline } from './outline.ts';
import { type Stream, type UnwantedStream, writeAvih } from './stream.ts';

/** Old players read 32-bit sizes as signed; OpenDML AVI (section 2) goes on in a new RIFF list after a gigabyte. */
const LARGEST_RIFF = 1_000_000_000;

/**
 * Writes a new AVI file in two passes over the frames: the first learns their clean sizes, so that the second can
 * write lists and headers before what they hold. Films beyond `largestRiff` bytes become OpenDML files.
 */
export async function stripChunks(
  window: Window,
  sink: ByteSink,
  largestRiff = LARGEST_RIFF,
): Promise<StripResult> {
  const outline = await readOutline(window);
  const kept = sortStreams(outline.streams);
  const numbers = new Map(kept.map((stream, i) => [stream.number, i]));

  const losses = new Map<string, number>();
  const segments: Segment[] = [{ entries: [], length: 0 }];
  for await (const { hidden, ...frame } of frames(window, outline, numbers)) {
    for (const { what } of hidden) losses.set(what, (losses.get(what) ?? 0) + 1);
    const length = 8 + frame.size + (frame.size % 2);
    if (segments.at(-1)!.length + length > largestRiff) segments.push({ entries: [], length: 0 });
    const segment = segments.at(-1)!;
    // Offsets count from the word `movi`, which is four bytes long.
    segment.entries.push({ ...frame, offset: 4 + segment.length });
    segment.length += length;
  }

  const out = new Batch(sink);
  await writeFile(out, outline, kept, segments, window);
  await out.flush();
  const unwanted = outline.streams.flatMap((stream) =>
    'what' in stream ? [`Left out: the ${stream.what}.`] : [],
  );
  const hidden = [...losses].map(([what, count]) => `Left out of the coded data, ${count} ×: ${what}.`);
  return { removed: outline.removed, notes: [...unwanted, ...hidden] };
}

function sortStreams(streams: readonly (Stream | UnwantedStream)[]): Stream[] {
  const kept: Stream[] = [];
  for (const stream of streams) {
    if (!('what' in stream)) kept.push(stream);
    else if (stream.problem !== undefined)
      throw new SayehError(
        'unsupported',
        `the ${stream.what} cannot be kept as it is: ${stream.problem}. Use protect, which codes it anew.`,
      );
  }
  if (kept.length === 0) throw new SayehError('unsupported', 'the file has neither picture nor sound');
  return kept;
}

interface Frame extends Omit<Entry, 'offset'> {
  readonly hidden: readonly Hidden[];
}

/** What the frames of the kept streams will be, in file order. */
async function* frames(
  window: Window,
  { keys, hasIndex, streams }: Outline,
  numbers: ReadonlyMap<number, number>,
): AsyncGenerator<Frame> {
  for await (const leaf of walkRiff(window)) {
    if (leaf.kind !== 'chunk' || !isInMovie(leaf)) continue;
    const id = parseChunkId(leaf.id);
    const number = id && numbers.get(id.stream);
    if (!id || number === undefined) continue;
    const stream = streams[id.stream] as Stream;
    const { dataOffset, dataLength } = leaf;
    if (chunkProblem(id.kind, dataLength, stream)) continue;
    const isKey = !hasIndex || stream.kind === 'audio' || keys.has(leaf.offset);
    const place = { stream: number, kind: id.kind, isKey, source: dataOffset, length: dataLength };
    const { looksInside } = stream.payload;
    const changed =
      looksInside && id.kind !== 'pc' && (await cleanFrame(window, stream, dataOffset, dataLength));
    if (changed) yield { ...place, size: changed.bytes.length, isAsItWas: false, hidden: changed.hidden };
    else yield { ...place, size: dataLength, isAsItWas: true, hidden: [] };
  }
}

/** The clean frame; undefined where it is clean. */
async function cleanFrame(
  window: Window,
  { payload }: Stream,
  offset: number,
  length: number,
): Promise<Cleaned | undefined> {
  if (length === 0) return undefined;
  if (payload.hiddenAt && (await payload.hiddenAt(window, offset, length)).length === 0) return undefined;
  const bytes = await window.exactly(offset, length);
  const clean = payload.frame(bytes);
  return clean.bytes === bytes ? undefined : clean;
}

async function writeFile(
  out: Batch,
  outline: Outline,
  streams: readonly Stream[],
  segments: readonly Segment[],
  window: Window,
): Promise<void> {
  const layout = new Layout(outline, streams, segments);
  for (let i = 0; i < segments.length; i++) {
    const { riffLength, moviLength, movi } = layout.places[i];
    await out.add(listHead('RIFF', i === 0 ? 'AVI ' : 'AVIX', riffLength));
    if (i === 0) await out.add(layout.header);
    await out.add(listHead('LIST', 'movi', moviLength));
    for (const entry of segments[i].entries)
      await writeFrame(out, entry, await bytesOf(window, entry, streams[entry.stream]));
    if (layout.isLong)
      for (let stream = 0; stream < streams.length; stream++)
        await out.add(writeStandardIndex(segments[i], stream, suffixOf(segments, stream), movi));
    if (i === 0) for (const piece of writeOldIndex(segments[i])) await out.add(piece);
  }
}

const PADDING = new Uint8Array(1);

async function bytesOf(
  window: Window,
  { source, length, isAsItWas }: Entry,
  { payload }: Stream,
): Promise<Uint8Array> {
  const bytes = window.peek(source, length) ?? (await window.exactly(source, length));
  return isAsItWas ? bytes : payload.frame(bytes).bytes;
}

async function writeFrame(out: Batch, entry: Entry, bytes: Uint8Array): Promise<void> {
  if (bytes.length !== entry.size)
    throw new SayehError('unreadable', 'the file changed while it was being read');
  await out.add(chunkHead(chunkId(entry.stream, entry.kind), entry.size));
  await out.add(bytes);
  if (entry.size % 2 === 1) await out.add(PADDING);
}

/** The kind of chunk that a stream is made of. */
const suffixOf = (segments: readonly Segment[], stream: number): string => {
  for (const { entries } of segments) {
    const found = entries.find((entry) => entry.stream === stream && entry.kind !== 'pc');
    if (found) return found.kind;
  }
  return 'dc';
};

/** Where everything will lie. */
class Layout {
  readonly isLong: boolean;
  readonly header: Uint8Array;
  readonly places: readonly { riffLength: number; moviLength: number; movi: number }[];

  constructor(outline: Outline, streams: readonly Stream[], segments: readonly Segment[]) {
    this.isLong = segments.length > 1;
    // The header's length does not depend on the numbers in it, so it can be measured with none.
    const empty = streams.map(() => segments.map(() => ({ offset: 0, length: 0, duration: 0 })));
    const headerLength = this.#writeHeader(outline, streams, segments, empty).length;

    const places: { riffLength: number; moviLength: number; movi: number }[] = [];
    const indexes: IndexPlace[][] = streams.map(() => []);
    let at = 0;
    segments.forEach((segment, i) => {
      const before = 12 + (i === 0 ? headerLength : 0);
      const movi = at + before + 8;
      let end = movi + 4 + segment.length;
      if (this.isLong)
        streams.forEach(({ sampleSize }, stream) => {
          const length = standardIndexLength(segment, stream);
          const own = segment.entries.filter((entry) => entry.stream === stream && entry.kind !== 'pc');
          const bytes = own.reduce((sum, { size }) => sum + size, 0);
          const duration = sampleSize > 0 ? Math.floor(bytes / sampleSize) : own.length;
          indexes[stream].push({ offset: end, length, duration });
          end += length;
        });
      const next = end + (i === 0 ? oldIndexLength(segment) : 0);
      places.push({ riffLength: next - at - 12, moviLength: end - movi - 4, movi });
      at = next;
    });
    this.places = places;
    this.header = this.#writeHeader(outline, streams, segments, indexes);
  }

  #writeHeader(
    outline: Outline,
    streams: readonly Stream[],
    segments: readonly Segment[],
    indexes: readonly (readonly IndexPlace[])[],
  ): Uint8Array {
    const video = Math.max(
      0,
      streams.findIndex(({ kind }) => kind === 'video'),
    );
    const count = ({ entries }: Segment) =>
      entries.filter(({ stream, kind }) => stream === video && kind !== 'pc').length;
    const total = segments.reduce((sum, segment) => sum + count(segment), 0);
    return list(
      'hdrl',
      chunk('avih', writeAvih(outline.avih, count(segments[0]), streams.length)),
      ...streams.map(({ strh, vprp, payload }, i) =>
        list(
          'strl',
          chunk('strh', strh),
          chunk('strf', payload.setup.bytes),
          this.isLong ? writeSuperIndex(i, suffixOf(segments, i), indexes[i]) : NOTHING,
          vprp ? chunk('vprp', vprp) : NOTHING,
        ),
      ),
      this.isLong ? list('odml', chunk('dmlh', put32(total))) : NOTHING,
    );
  }
}

const NOTHING = concat([]);
