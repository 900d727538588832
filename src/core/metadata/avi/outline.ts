import { SayehError } from '../../errors.ts';
import type { Part } from '../format.ts';
import { type RiffLeaf, walkRiff } from '../riff.ts';
import type { Window } from '../window.ts';
import { rowOf } from './allowlist.ts';
import { isInMovie, type MovieChunkId, parseChunkId, placeOf } from './movi.ts';
import { type KeyFrames, readOldIndex, readStandardIndex } from './source-index.ts';
import { readStream, type Stream, type StreamHeaders, type UnwantedStream } from './stream.ts';

/** What one look over the source tells. */
export interface Outline {
  readonly avih: Uint8Array;
  readonly streams: readonly (Stream | UnwantedStream)[];
  readonly keys: KeyFrames;
  readonly hasIndex: boolean;
  /** Chunks of streams, in file order. */
  readonly frames: readonly SourceFrame[];
  /** What will not be in the new file; chunks of unwanted streams are counted elsewhere. */
  readonly removed: readonly Part[];
}

/** A chunk of a stream. */
export interface SourceFrame {
  readonly id: MovieChunkId;
  /** Of its header. */
  readonly offset: number;
  readonly dataOffset: number;
  readonly dataLength: number;
}

const LARGEST_HEADER = 1 << 20;

/** Reads headers and indexes. Throws SayehError('corrupt') where a chunk is cut off or a stream's header is astray. */
export async function readOutline(window: Window): Promise<Outline> {
  const removed: Part[] = [];
  const keys: KeyFrames = new Set();
  const frames: SourceFrame[] = [];
  const reader = new StreamReader();
  let movi = 0;
  let hasIndex = false;
  for await (const leaf of walkRiff(window)) {
    if (leaf.kind !== 'stray' && leaf.truncated)
      throw new SayehError('corrupt', `the AVI file ends inside ${placeOf(leaf)} at byte ${leaf.offset}`);
    if (leaf.kind === 'list' && leaf.type === 'movi' && movi === 0) movi = leaf.offset + 8;
    const id = leaf.kind === 'chunk' && isInMovie(leaf) ? parseChunkId(leaf.id) : undefined;
    if (leaf.kind === 'chunk' && id) {
      const { offset, dataOffset, dataLength } = leaf;
      frames.push({ id, offset, dataOffset, dataLength });
      continue;
    }
    refuseStray(leaf);
    await reader.take(window, leaf);
    if (leaf.kind === 'chunk' && leaf.id === 'idx1') {
      hasIndex = true;
      await readOldIndex(window, leaf, movi, keys);
    } else if (leaf.kind === 'chunk' && /^ix\d\d$/.test(leaf.id)) {
      hasIndex = true;
      await readStandardIndex(window, leaf, keys);
    }
    if (leaf.kind === 'list' || rowOf(placeOf(leaf))) continue;
    removed.push({ path: placeOf(leaf), offset: leaf.offset, length: leaf.length, what: placeOf(leaf) });
  }
  if (!reader.avih || movi === 0)
    throw new SayehError('corrupt', 'the AVI file has no main header or no movie');
  return { avih: reader.avih, streams: reader.streams(), keys, hasIndex, frames, removed };
}

/** Players take a stream's header for one wherever it is; left out, a film would lose its picture without a word. */
function refuseStray(leaf: RiffLeaf): void {
  if (leaf.kind === 'chunk' && /^str[hf]$/.test(leaf.id) && placeOf(leaf) !== `AVI/hdrl/strl/${leaf.id}`)
    throw new SayehError('corrupt', `a stream's header outside its list at byte ${leaf.offset}`);
}

/** Gathers the stream headers as the leaves go by. */
export class StreamReader {
  avih: Uint8Array | undefined;
  readonly #headers: { strh?: Uint8Array; strf?: Uint8Array; vprp?: Uint8Array }[] = [];

  async take(window: Window, leaf: RiffLeaf): Promise<void> {
    const place = placeOf(leaf);
    if (place === 'AVI/hdrl/strl') this.#headers.push({});
    if (leaf.kind !== 'chunk' || leaf.dataLength > LARGEST_HEADER) return;
    const stream = this.#headers.at(-1);
    if (place === 'AVI/hdrl/avih') this.avih ??= await copy(window, leaf.dataOffset, leaf.dataLength);
    else if (!stream) return;
    else if (place === 'AVI/hdrl/strl/strh')
      stream.strh ??= await copy(window, leaf.dataOffset, leaf.dataLength);
    else if (place === 'AVI/hdrl/strl/strf')
      stream.strf ??= await copy(window, leaf.dataOffset, leaf.dataLength);
    else if (place === 'AVI/hdrl/strl/vprp')
      stream.vprp ??= await copy(window, leaf.dataOffset, leaf.dataLength);
  }

  streams(): (Stream | UnwantedStream)[] {
    return this.#headers.map(({ strh, strf, vprp }, number) => {
      const headers: StreamHeaders = { number, strh: strh ?? NOTHING, strf: strf ?? NOTHING, vprp };
      return readStream(headers);
    });
  }
}

const NOTHING = new Uint8Array(0);

const copy = async (window: Window, offset: number, length: number): Promise<Uint8Array> =>
  (await window.exactly(offset, length)).slice();
