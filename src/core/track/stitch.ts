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

/**
 * One track from two of the same person, which share a sighting and so overlap: the earlier part's before the seam,
 * the later part's from it on, and whatever only one of them covers.
 */
function joined(a: FoundTrack, b: FoundTrack, seam: number): FoundTrack {
  const [aEnd, bEnd] = [endOf(a), endOf(b)];
  const from = Math.min(a.from, b.from);
  const end = Math.max(aEnd, bEnd);
  const packed = new Float64Array((end - from) * 4);
  const has = (track: FoundTrack, frame: number) => frame >= track.from && frame < endOf(track);
  const ofA = (frame: number) => (frame < seam ? has(a, frame) : !has(b, frame));
  for (let frame = from; frame < end; frame++) {
    const track = ofA(frame) ? a : b;
    const at = (frame - track.from) * 4;
    packed.set(track.packed.subarray(at, at + 4), (frame - from) * 4);
  }
  const seen = [
    ...a.sighted.map((frame, i) => ({ frame, which: a.which[i], mine: ofA(frame) })),
    ...b.sighted.map((frame, i) => ({ frame, which: b.which[i], mine: !ofA(frame) })),
  ].filter(({ mine }) => mine);
  seen.sort((p, q) => p.frame - q.frame);
  return {
    from,
    packed,
    sighted: seen.map(({ frame }) => frame),
    which: seen.map(({ which }) => which),
    start: a.from <= b.from ? a.start : b.start,
    end: bEnd >= aEnd ? b.end : a.end,
    standing: RANK[a.standing] >= RANK[b.standing] ? a.standing : b.standing,
    evidence: both(a.evidence, b.evidence),
  };
}

/** The frame after the last. */
const endOf = ({ from, packed }: FoundTrack) => from + packed.length / 4;

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
