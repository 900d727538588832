import type { RiffLeaf } from '../riff.ts';
import type { Stream } from './stream.ts';
import { hasPalette } from './stream.ts';

/** A chunk of a stream: `00dc` coded picture, `00db` raw picture, `01wb` sound, `00pc` change of colours. */
export interface MovieChunkId {
  readonly stream: number;
  readonly kind: string;
}

const KINDS: ReadonlySet<string> = new Set(['dc', 'db', 'wb', 'pc']);
const digit = (id: string, at: number): number => {
  const value = id.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};

/** Undefined for what names no stream. */
export function parseChunkId(id: string): MovieChunkId | undefined {
  const stream = digit(id, 0) * 10 + digit(id, 1);
  const kind = id.slice(2);
  return Number.isNaN(stream) || !KINDS.has(kind) ? undefined : { stream, kind };
}

export const chunkId = (stream: number, kind: string): string => `${String(stream).padStart(2, '0')}${kind}`;

/** A change of at most 256 colours. */
const PALETTE_CHANGE = 4 + 4 * 256;

/** Why a chunk of this kind and size cannot belong to the stream. */
export function chunkProblem(kind: string, length: number, stream: Stream): string | undefined {
  if ((kind === 'wb') !== (stream.kind === 'audio')) return `a ${kind} chunk in a stream of ${stream.kind}`;
  if (kind === 'pc' && (length > PALETTE_CHANGE || !hasPalette(stream.payload.setup.bytes)))
    return 'a change of colours in a picture that has no table of them';
  return undefined;
}

/** Whether a leaf lies in a `movi` list, perhaps in a `rec ` list within it. */
export const isInMovie = (leaf: RiffLeaf): boolean => leaf.inside[1] === 'movi';

/** Names of places by the lists around them: a film has few, and tens of thousands of chunks in each. */
const PLACES = new WeakMap<readonly string[], Map<string, string>>();
/** A file made to take memory could have more. */
const MOST_PLACES = 200;

/** The list types around a leaf with its own id, as the allowlist names places. */
export function placeOf(leaf: RiffLeaf): string {
  const name = leaf.kind === 'list' ? leaf.type : leaf.kind === 'chunk' ? leaf.id : 'stray bytes';
  const known = PLACES.get(leaf.inside) ?? new Map<string, string>();
  PLACES.set(leaf.inside, known);
  const place = known.get(name) ?? [...leaf.inside, name].map((part) => part.trim()).join('/');
  if (known.size < MOST_PLACES) known.set(name, place);
  return place;
}
