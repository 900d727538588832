import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FoundTrack, stitch } from '../../../src/core/track/stitch.ts';

const SEAM = 50;
const kind = { best: 0.5, total: 1, sightings: 1, looks: 2 };

/** A track whose boxes tell which part they are from: x is the person, y the part. */
function found(
  part: number,
  from: number,
  length: number,
  sighted: readonly number[],
  person: number,
): FoundTrack {
  const packed = new Float64Array(length * 4);
  for (let i = 0; i < length; i++) packed.set([person, part, 10, 10], i * 4);
  return {
    from,
    packed,
    sighted,
    which: sighted.map(() => person),
    start: 'inside',
    end: 'inside',
    standing: 'sure',
    evidence: {
      best: 0.5,
      mean: 0.5,
      sightings: sighted.length,
      looked: length,
      height: 10,
      byKind: { cheap: kind, careful: kind, fine: kind },
    },
  };
}

/** A track somewhere around the seam: it begins and ends within what its part knows, and was seen in some frames. */
const trackOf = (part: number, first: number, last: number, person: number) =>
  fc
    .tuple(fc.integer({ min: first, max: last }), fc.integer({ min: first, max: last }), fc.nat(9), fc.nat(9))
    .chain(([p, q, before, after]) => {
      const [from, to] = [Math.min(p, q), Math.max(p, q)];
      return fc.subarray(Array.from({ length: to - from + 1 }, (_, i) => from + i)).map((some) => {
        const sighted = [...new Set([from, ...some, to])];
        return found(part, from - before, to + after + 1 - (from - before), sighted, person);
      });
    });

test('no frame that one part covers for a person is lost, whatever the parts make of it; nothing is seen twice', () => {
  const people = [1, 2, 3];
  const part = (n: number, first: number, last: number) =>
    fc.tuple(...people.map((person) => fc.array(trackOf(n, first, last, person), { maxLength: 2 })));
  fc.assert(
    fc.property(part(0, 10, 60), part(1, 40, 90), (before, after) => {
      const [earlier, later] = [before.flat(), after.flat()];
      const { done, open } = stitch(earlier, later, SEAM);
      const all = [...done, ...open];
      for (const track of all) {
        expect(track.packed.length).toBeGreaterThan(0);
        expect([...track.sighted]).toEqual([...new Set(track.sighted)].sort((a, b) => a - b));
        expect(track.which).toHaveLength(track.sighted.length);
        for (let i = 0; i < track.packed.length; i += 4) expect(track.packed[i]).toBe(track.packed[0]);
      }
      // What a part saw on its own side of the seam is covered by its own box or by that of a joined track.
      const coveredAt = (person: number, frame: number) =>
        all.some(
          ({ from, packed }) => packed[0] === person && frame >= from && frame < from + packed.length / 4,
        );
      for (const { packed, sighted } of [...earlier, ...later])
        for (const frame of sighted) expect(coveredAt(packed[0], frame), `frame ${frame}`).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('the boxes change from one part to the other at the seam', () => {
  const seen = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const { done, open } = stitch(
    [found(0, 5, 56, seen(10, 60), 1)],
    [found(1, 35, 60, seen(40, 90), 1)],
    SEAM,
  );
  expect(done).toEqual([]);
  expect(open).toHaveLength(1);
  const [track] = open;
  expect([track.from, track.packed.length / 4]).toEqual([5, 90]);
  for (let frame = 5; frame < 95; frame++)
    expect(track.packed[(frame - 5) * 4 + 1]).toBe(frame < SEAM ? 0 : 1);
  expect(track.sighted).toEqual(seen(10, 90));
});
