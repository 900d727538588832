import type { PackedBoxes } from '../geometry/packed-boxes.ts';
import type { Evidence, KindEvidence } from './evidence.ts';
import type { Standing } from './keep.ts';
import type { Track } from './track.ts';

/** A track of one part, before it has its number, its boxes packed. */
export type FoundTrack = Omit<Track, 'id' | 'boxes'> & {
  readonly packed: PackedBoxes;
  /** Which of its frame's sightings each of `sighted` is: the same in every part that holds the frame. */
  readonly which: readonly number[];
};

const RANK: Readonly<Record<Standing, number>> = { sure: 2, doubtful: 1, noise: 0 };

/**
 * Puts the tracks of two neighbouring parts together at their seam. Both parts know the frames around it: tracks that
 * cross it and share a sighting are one person's, and become one. A track that lies on the other part's side of the
 * seam is left to it where the other part's tracks hold all that it saw.
 */
export function stitch(
  before: readonly FoundTrack[],
  after: readonly FoundTrack[],
  seam: number,
): { done: FoundTrack[]; open: FoundTrack[] } {
  const earlier = before.filter((track) => track.sighted[0] < seam || !heldBy(after, track));
  const later = after.filter((track) => last(track) >= seam || !heldBy(before, track));
  const owner = new Map<string, number>();
  later.forEach((track, i) => {
    if (track.sighted[0] >= seam && track.from >= seam) return;
    for (const key of keys(track)) owner.set(key, i);
  });
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  const pairs = earlier.flatMap((track, i) => {
    if (last(track) < seam) return [];
    const shared = new Map<number, number>();
    for (const key of keys(track)) {
      const other = owner.get(key);
      if (other !== undefined) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    return [...shared].map(([other, count]) => ({ i, other, count }));
  });
  for (const { i, other } of pairs.sort((a, b) => b.count - a.count || a.i - b.i || a.other - b.other)) {
    if (partner.has(i) || taken.has(other)) continue;
    partner.set(i, other);
    taken.add(other);
  }
  const done: FoundTrack[] = [];
  const open = later.filter((_, i) => !taken.has(i));
  earlier.forEach((track, i) => {
    const other = partner.get(i);
    if (other === undefined) done.push(track);
    else open.push(joined(track, later[other], seam));
  });
  return { done, open };
}

const last = ({ sighted }: FoundTrack) => sighted[sighted.length - 1];

function keys({ sighted, which }: FoundTrack): string[] {
  return sighted.map((frame, i) => `${frame} ${which[i]}`);
}

/** Whether all that a track saw is in tracks of a list. */
function heldBy(tracks: readonly FoundTrack[], track: FoundTrack): boolean {
  const wanted = new Set(keys(track));
  for (const other of tracks) {
    if (other.sighted[0] > last(track) || last(other) < track.sighted[0]) continue;
    for (const key of keys(other)) wanted.delete(key);
  }
  return wanted.size === 0;
}

/** One track from two of the same person that both cover the seam. */
function joined(a: FoundTrack, b: FoundTrack, seam: number): FoundTrack {
  const aEnd = a.from + a.packed.length / 4;
  // Both cover it where they share a sighting on either side; else the seam moves to where both do.
  const at = Math.min(Math.max(seam, b.from), aEnd);
  const packed = new Float64Array((b.from + b.packed.length / 4 - a.from) * 4);
  packed.set(a.packed.subarray(0, (at - a.from) * 4));
  packed.set(b.packed.subarray((at - b.from) * 4), (at - a.from) * 4);
  const cutA = a.sighted.findIndex((frame) => frame >= at);
  const ofA = cutA < 0 ? a.sighted.length : cutA;
  const cutB = b.sighted.findIndex((frame) => frame >= at);
  const ofB = cutB < 0 ? b.sighted.length : cutB;
  return {
    from: a.from,
    packed,
    sighted: [...a.sighted.slice(0, ofA), ...b.sighted.slice(ofB)],
    which: [...a.which.slice(0, ofA), ...b.which.slice(ofB)],
    start: a.start,
    end: b.end,
    standing: RANK[a.standing] >= RANK[b.standing] ? a.standing : b.standing,
    evidence: both(a.evidence, b.evidence),
  };
}

/** Sums count what both parts saw twice: seconds of a minute and more. */
function both(a: Evidence, b: Evidence): Evidence {
  const sightings = a.sightings + b.sightings;
  const kind = (p: KindEvidence, q: KindEvidence): KindEvidence => ({
    best: Math.max(p.best, q.best),
    total: p.total + q.total,
    sightings: p.sightings + q.sightings,
    looks: p.looks + q.looks,
  });
  return {
    best: Math.max(a.best, b.best),
    mean: (a.mean * a.sightings + b.mean * b.sightings) / sightings,
    sightings,
    looked: a.looked + b.looked,
    height: a.sightings >= b.sightings ? a.height : b.height,
    byKind: {
      cheap: kind(a.byKind.cheap, b.byKind.cheap),
      careful: kind(a.byKind.careful, b.byKind.careful),
      fine: kind(a.byKind.fine, b.byKind.fine),
    },
  };
}
