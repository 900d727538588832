import type { Betrays } from '../format.ts';
import type { Hidden, Payload } from '../matroska/payload/payload.ts';
import { allZero, latin, readable } from '../matroska/text.ts';
import { type RiffChunk, type RiffLeaf, walkRiff } from '../riff.ts';
import type { Window } from '../window.ts';
import { isListAllowed, rowOf } from './allowlist.ts';
import { LABELS } from './labels.ts';
import { chunkProblem, isInMovie, parseChunkId, placeOf } from './movi.ts';
import { StreamReader } from './outline.ts';
import type { Stream, UnwantedStream } from './stream.ts';

/** Something that no clean file may hold, for the check and for the reader alike. */
export interface Trouble {
  readonly part: string;
  readonly reason: string;
  readonly finding?: { readonly betrays: Betrays; readonly label: string; readonly value?: string };
}

/** Holds every chunk against the allowlist and looks into every coded frame. */
export async function* examine(window: Window): AsyncGenerator<Trouble> {
  const reader = new StreamReader();
  let streams: readonly (Stream | UnwantedStream)[] | undefined;
  for await (const leaf of walkRiff(window)) {
    await reader.take(window, leaf);
    if (leaf.kind === 'list' && leaf.type === 'movi' && !streams) {
      streams = reader.streams();
      yield* judgeStreams(streams);
    }
    const trouble = await judge(window, leaf);
    if (trouble) yield trouble;
    else if (leaf.kind === 'chunk' && isInMovie(leaf)) yield* judgeFrame(window, leaf, streams ?? []);
    // The byte that evens out an odd length is nobody's, and must be empty.
    if (leaf.kind === 'chunk' && leaf.length % 2 === 0 && leaf.dataLength % 2 === 1) {
      const padding = await window.upTo(leaf.offset + leaf.length - 1, 1);
      if (!allZero(padding)) yield { part: placeOf(leaf), reason: 'its padding has content' };
    }
  }
  if (!streams) yield { part: 'AVI', reason: 'it has no movie' };
}

const LONGEST_SHOWN = 4096;
/** What is checked by value is read whole; only indexes grow with the film. */
const LARGEST_CHECKED = 1 << 27;

async function judge(window: Window, leaf: RiffLeaf): Promise<Trouble | undefined> {
  const place = placeOf(leaf);
  if (leaf.kind === 'stray') return strayTrouble(window, leaf);
  if (leaf.truncated) return { part: place, reason: 'damaged: it is larger than what holds it' };
  if (leaf.kind === 'list') {
    // A list not on the allowlist is told by what is in it; an empty one by itself.
    return isListAllowed(place) || leaf.declared > 0
      ? undefined
      : { part: place, reason: 'not on the allowlist' };
  }
  const row = rowOf(place);
  if (row && !row.problem) return undefined;
  if (row?.problem && leaf.dataLength <= LARGEST_CHECKED) {
    const reason = row.problem(await window.exactly(leaf.dataOffset, leaf.dataLength));
    return reason === undefined ? undefined : { part: place, reason };
  }
  const value = await window.upTo(leaf.dataOffset, Math.min(leaf.dataLength, LONGEST_SHOWN));
  return explain(place, leaf.id, value);
}

function explain(part: string, id: string, value: Uint8Array): Trouble {
  const reason = 'not on the allowlist';
  const isPadding = id === 'JUNK' || id === 'PAD ';
  // Writers that keep room for an index leave its empty form in the padding.
  if (isPadding && (allZero(value) || isReservedIndex(value))) return { part, reason };
  const label = LABELS[id] ?? { betrays: 'unknown', label: `${id.trim()} chunk` };
  const text = readable(value);
  return { part, reason, finding: text === '' ? label : { ...label, value: text } };
}

const isReservedIndex = (value: Uint8Array): boolean =>
  (latin(value.subarray(0, 4)) === '\x04\0\0\0' && allZero(value.subarray(12))) ||
  (latin(value.subarray(0, 8)) === 'odmldmlh' && allZero(value.subarray(12)));

async function strayTrouble(window: Window, leaf: RiffLeaf): Promise<Trouble> {
  const value = await window.upTo(leaf.offset, Math.min(leaf.length, LONGEST_SHOWN));
  const reason = `${leaf.length} bytes that are no chunk`;
  const label = leaf.inside.length === 0 ? 'data after the end' : 'bytes between chunks';
  if (allZero(value)) return { part: placeOf(leaf), reason };
  return { part: placeOf(leaf), reason, finding: { betrays: 'unknown', label, value: readable(value) } };
}

function* judgeStreams(streams: readonly (Stream | UnwantedStream)[]): Generator<Trouble> {
  for (const stream of streams) {
    const part = `AVI/hdrl/strl[${stream.number}]`;
    if ('what' in stream) {
      const reason = stream.problem ?? `${stream.what}: only picture and sound may stay`;
      yield { part, reason, finding: { betrays: 'unknown', label: stream.what } };
    } else yield* fromHidden(`${part}/strf`, stream.payload.setup);
  }
}

async function* judgeFrame(
  window: Window,
  leaf: RiffChunk,
  streams: readonly (Stream | UnwantedStream)[],
): AsyncGenerator<Trouble> {
  const part = placeOf(leaf);
  const id = parseChunkId(leaf.id);
  if (!id) return;
  const stream = streams[id.stream];
  if (!stream || 'what' in stream) {
    yield { part, reason: `it belongs to stream ${id.stream}, which may not stay` };
    return;
  }
  const reason = chunkProblem(id.kind, leaf.dataLength, stream);
  if (reason) yield { part, reason, finding: { betrays: 'unknown', label: reason } };
  else if (stream.payload.looksInside && id.kind !== 'pc' && leaf.dataLength > 0)
    yield* fromHidden(part, { hidden: await hiddenIn(window, leaf, stream) });
}

async function hiddenIn(
  window: Window,
  { dataOffset, dataLength }: RiffChunk,
  { payload }: Stream,
): Promise<readonly Hidden[]> {
  if (payload.hiddenAt) return payload.hiddenAt(window, dataOffset, dataLength);
  return payload.frame(await window.exactly(dataOffset, dataLength)).hidden;
}

function* fromHidden(part: string, { hidden }: Pick<Payload['setup'], 'hidden'>): Generator<Trouble> {
  for (const { what, betrays, text } of hidden)
    yield { part, reason: what, finding: { betrays, label: what, ...(text ? { value: text } : {}) } };
}
