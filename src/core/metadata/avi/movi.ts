import type { RiffLeaf } from '../riff.ts';
import type { Stream } from './stream.ts';
import { hasPalette } from './stream.ts';

/** A chunk of a stream: `00dc` coded picture, `00db` raw picture, `01wb` sound, `00pc` change of colours. */
export interface MovieChunkId {
  readonly stream: number;
  readonly kind: string;
}

/** Undefined for what names no stream. */
export function parseChunkId(id: string): MovieChunkId | undefined {
  const match = /^(\d\d)(dc|db|wb|pc)$/.exec(id);
  return match ? { stream: Number(match[1]), kind: match[2] } : undefined;
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

/** The list types around a leaf with its own id, as the allowlist names places. */
export function placeOf(leaf: RiffLeaf): string {
  const name = leaf.kind === 'list' ? leaf.type : leaf.kind === 'chunk' ? leaf.id : 'stray bytes';
  return [...leaf.inside, name].map((part) => part.trim()).join('/');
}
