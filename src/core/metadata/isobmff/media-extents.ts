import type { Movie } from './movie.ts';
import { chunkExtents } from './sample-table.ts';

/** Bytes of the file that something refers to. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
  /** Whose they are: `track[0]`, `item[3]`. */
  readonly owner: string;
}

/** Where the samples of a film lie, by file order. */
export function movieExtents(movie: Movie): Extent[] {
  const extents: Extent[] = [];
  movie.tracks.forEach((track, i) => {
    for (const { offset, length } of chunkExtents(track.samples))
      if (length > 0) extents.push({ offset, length, owner: `track[${i}]` });
  });
  return extents.sort((a, b) => a.offset - b.offset || a.length - b.length);
}

/** A stretch of a box; `undefined` owns what nothing refers to. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly owner: string | undefined;
}

/** More stretches than this in one box are told by whether they are referred to, no longer by whom. */
const MAX_STRETCHES = 20_000;

/**
 * Divides [start, end) into stretches by owner, neighbours of one owner joined.
 * @param extents sorted and `disjoint`.
 */
export function divide(start: number, end: number, extents: readonly Extent[]): Stretch[] {
  const exact = stretches(start, end, extents, (owner) => owner);
  return exact.length <= MAX_STRETCHES ? exact : stretches(start, end, extents, () => 'samples');
}

/** Sorted extents with overlaps cut off: where two claim a byte the first has it. */
export function disjoint(extents: readonly Extent[]): Extent[] {
  const cut: Extent[] = [];
  let at = 0;
  for (const { offset, length, owner } of extents) {
    const from = Math.max(offset, at);
    const to = offset + length;
    if (to <= from) continue;
    cut.push({ offset: from, length: to - from, owner });
    at = to;
  }
  return cut;
}

function stretches(
  start: number,
  end: number,
  extents: readonly Extent[],
  name: (owner: string) => string,
): Stretch[] {
  const found: { offset: number; length: number; owner: string | undefined }[] = [];
  const add = (offset: number, to: number, owner: string | undefined) => {
    const last = found.at(-1);
    if (last && last.owner === owner) last.length += to - offset;
    else if (to > offset) found.push({ offset, length: to - offset, owner });
  };
  let at = start;
  for (let i = firstEndingAfter(extents, start); i < extents.length && extents[i].offset < end; i++) {
    const from = Math.max(extents[i].offset, at);
    const to = Math.min(extents[i].offset + extents[i].length, end);
    add(at, from, undefined);
    add(from, to, name(extents[i].owner));
    at = to;
  }
  add(at, end, undefined);
  return found;
}

/** Binary search; a film may have an mdat box for every second and an extent for every frame. */
function firstEndingAfter(extents: readonly Extent[], position: number): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (extents[middle].offset + extents[middle].length <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
