import { SayehError } from '../../errors.ts';
import type { ByteSink } from '../byte-source.ts';
import type { StripResult } from '../format.ts';
import { Batch } from '../matroska/batch.ts';
import type { Hidden } from '../matroska/payload/payload.ts';
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
  for await (const frame of frames(window, outline, numbers)) {
    for (const { what } of frame.hidden) losses.set(what, (losses.get(what) ?? 0) + 1);
    const length = 8 + frame.bytes.length + (frame.bytes.length % 2);
    if (segments.at(-1)!.length + length > largestRiff) segments.push({ entries: [], length: 0 });
    const segment = segments.at(-1)!;
    const { stream, kind, isKey, isAsItWas } = frame;
    // Offsets count from the word `movi`, which is four bytes long.
    const offset = 4 + segment.length;
    segment.entries.push({ stream, kind, offset, size: frame.bytes.length, isKey, isAsItWas });
    segment.length += length;
  }

  const out = new Batch(sink);
  const known = segments.flatMap(({ entries }) => entries);
  await writeFile(out, outline, kept, segments, frames(window, outline, numbers, known));
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

interface Frame {
  /** As the clean file counts. */
  readonly stream: number;
  readonly kind: string;
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
  readonly hidden: readonly Hidden[];
  /** Nothing in it had to go. */
  readonly isAsItWas: boolean;
}

/**
 * The clean frames of the kept streams, in file order; each holds until the next is asked for. What is `known` of
 * them from the first pass spares the second a look into most.
 */
async function* frames(
  window: Window,
  { keys, hasIndex, streams }: Outline,
  numbers: ReadonlyMap<number, number>,
  known: readonly Entry[] = [],
): AsyncGenerator<Frame> {
  let index = 0;
  for await (const leaf of walkRiff(window)) {
    if (leaf.kind !== 'chunk' || !isInMovie(leaf)) continue;
    const id = parseChunkId(leaf.id);
    const number = id && numbers.get(id.stream);
    if (!id || number === undefined) continue;
    const stream = streams[id.stream] as Stream;
    if (chunkProblem(id.kind, leaf.dataLength, stream)) continue;
    const bytes = await window.exactly(leaf.dataOffset, leaf.dataLength);
    const isOpaque = !stream.payload.looksInside || id.kind === 'pc' || bytes.length === 0;
    const isKnown = known[index++]?.isAsItWas === true;
    const clean = isOpaque || isKnown ? { bytes, hidden: [] } : stream.payload.frame(bytes);
    const isKey = !hasIndex || stream.kind === 'audio' || keys.has(leaf.offset);
    yield { stream: number, kind: id.kind, isKey, ...clean, isAsItWas: clean.bytes === bytes };
  }
}

async function writeFile(
  out: Batch,
  outline: Outline,
  streams: readonly Stream[],
  segments: readonly Segment[],
  source: AsyncGenerator<Frame>,
): Promise<void> {
  const layout = new Layout(outline, streams, segments);
  for (let i = 0; i < segments.length; i++) {
    const { riffLength, moviLength, movi } = layout.places[i];
    await out.add(listHead('RIFF', i === 0 ? 'AVI ' : 'AVIX', riffLength));
    if (i === 0) await out.add(layout.header);
    await out.add(listHead('LIST', 'movi', moviLength));
    for (const entry of segments[i].entries) await writeFrame(out, entry, (await source.next()).value);
    if (layout.isLong)
      for (let stream = 0; stream < streams.length; stream++)
        await out.add(writeStandardIndex(segments[i], stream, suffixOf(segments, stream), movi));
    if (i === 0) for (const piece of writeOldIndex(segments[i])) await out.add(piece);
  }
}

const PADDING = new Uint8Array(1);

async function writeFrame(out: Batch, entry: Entry, frame: Frame | undefined): Promise<void> {
  if (frame?.bytes.length !== entry.size)
    throw new SayehError('unreadable', 'the file changed while it was being read');
  await out.add(chunkHead(chunkId(entry.stream, entry.kind), entry.size));
  await out.add(frame.bytes);
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
