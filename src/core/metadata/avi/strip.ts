import { SayehError } from '../../errors.ts';
import { type Limits, overLimit } from '../../limits.ts';
import type { ByteSink } from '../byte-source.ts';
import type { StripResult } from '../format.ts';
import { type Batch, PatchableBatch } from '../matroska/batch.ts';
import { kept } from '../matroska/payload/payload.ts';
import { concat } from '../matroska/text.ts';
import { patchable } from '../patchable-sink.ts';
import type { Window } from '../window.ts';
import { chunk, chunkHead, list, listHead, put32 } from './little-endian.ts';
import { chunkId, chunkProblem } from './movi.ts';
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
 * Writes a new AVI file. Chunk headers of the source tell which lists there will be, so lists and headers are written
 * at once, with sizes that are filled in when the frames are clean. Films beyond `largestRiff` bytes become OpenDML
 * files.
 */
export async function stripChunks(
  window: Window,
  sink: ByteSink,
  limits: Limits,
  largestRiff = LARGEST_RIFF,
): Promise<StripResult> {
  const outline = await readOutline(window);
  const { length } = outline.streams;
  if (length > limits.streams) throw overLimit('streams', limits, length, `the film has ${length} streams`);
  const kept = sortStreams(outline.streams);
  const segments: Segment[] = [{ entries: [], length: 0 }];
  for (const entry of framesOf(outline, kept)) {
    const length = chunkLength(entry.size);
    if (segments.at(-1)!.length + length > largestRiff) segments.push({ entries: [], length: 0 });
    segments.at(-1)!.entries.push(entry);
    segments.at(-1)!.length += length;
  }

  const losses = new Map<string, number>();
  const out = new PatchableBatch(patchable(sink));
  await writeFile(out, outline, kept, segments, window, losses);
  await out.finish();
  const unwanted = outline.streams.flatMap((stream) =>
    'what' in stream ? [`Left out: the ${stream.what}.`] : [],
  );
  const hidden = [...losses].map(([what, count]) => `Left out of the coded data, ${count} ×: ${what}.`);
  return { removed: outline.removed, notes: [...unwanted, ...hidden] };
}

/** Of a chunk with so much content, header and padding included. */
const chunkLength = (size: number): number => 8 + size + (size % 2);

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

/** The frames of the kept streams, in file order, as large as they are in the source. */
function* framesOf({ keys, hasIndex, streams, frames }: Outline, kept: readonly Stream[]): Generator<Entry> {
  const numbers = new Map(kept.map((stream, i) => [stream.number, i]));
  for (const { id, offset, dataOffset: source, dataLength: length } of frames) {
    const number = numbers.get(id.stream);
    if (number === undefined || chunkProblem(id.kind, length, streams[id.stream] as Stream)) continue;
    const isKey = !hasIndex || kept[number].kind === 'audio' || keys.has(offset);
    yield { stream: number, kind: id.kind, isKey, source, length, offset: 0, size: length };
  }
}

async function writeFile(
  out: PatchableBatch,
  outline: Outline,
  streams: readonly Stream[],
  segments: readonly Segment[],
  window: Window,
  losses: Map<string, number>,
): Promise<void> {
  const planned = new Layout(outline, streams, segments);
  const starts: number[] = [];
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    starts.push(out.written);
    await out.add(planned.head(i));
    // The word `movi`, from which offsets count.
    const movi = out.written - 4;
    segment.length = 0;
    for (const entry of segment.entries) {
      const bytes = await cleanFrame(window, entry, streams[entry.stream], losses);
      entry.offset = 4 + segment.length;
      entry.size = bytes.length;
      segment.length += chunkLength(bytes.length);
      await writeFrame(out, entry, bytes);
    }
    if (planned.isLong)
      for (let stream = 0; stream < streams.length; stream++)
        await out.add(writeStandardIndex(segment, stream, suffixOf(segments, stream), movi));
    if (i === 0) for (const piece of writeOldIndex(segment)) await out.add(piece);
  }
  const written = new Layout(outline, streams, segments);
  for (let i = 0; i < segments.length; i++) out.replace(starts[i], written.head(i));
}

/** A view that holds until the next call. */
async function cleanFrame(
  window: Window,
  { source, length, kind }: Entry,
  { payload }: Stream,
  losses: Map<string, number>,
): Promise<Uint8Array> {
  const bytes = window.peek(source, length) ?? (await window.exactly(source, length));
  if (!payload.looksInside || kind === 'pc' || length === 0) return bytes;
  const clean = payload.frame(bytes);
  for (const { what } of clean.hidden) losses.set(what, (losses.get(what) ?? 0) + 1);
  return kept(clean);
}

const PADDING = new Uint8Array(1);

async function writeFrame(out: Batch, { stream, kind }: Entry, bytes: Uint8Array): Promise<void> {
  await out.add(chunkHead(chunkId(stream, kind), bytes.length));
  await out.add(bytes);
  if (bytes.length % 2 === 1) await out.add(PADDING);
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
  readonly #header: Uint8Array;
  readonly #places: readonly { riffLength: number; moviLength: number }[];

  constructor(outline: Outline, streams: readonly Stream[], segments: readonly Segment[]) {
    this.isLong = segments.length > 1;
    // The header's length does not depend on the numbers in it, so it can be measured with none.
    const empty = streams.map(() => segments.map(() => ({ offset: 0, length: 0, duration: 0 })));
    const headerLength = this.#writeHeader(outline, streams, segments, empty).length;

    const places: { riffLength: number; moviLength: number }[] = [];
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
      places.push({ riffLength: next - at - 12, moviLength: end - movi - 4 });
      at = next;
    });
    this.#places = places;
    this.#header = this.#writeHeader(outline, streams, segments, indexes);
  }

  /** What comes before the frames of a segment: as long whatever their sizes are. */
  head(segment: number): Uint8Array {
    const { riffLength, moviLength } = this.#places[segment];
    return concat([
      listHead('RIFF', segment === 0 ? 'AVI ' : 'AVIX', riffLength),
      segment === 0 ? this.#header : NOTHING,
      listHead('LIST', 'movi', moviLength),
    ]);
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
