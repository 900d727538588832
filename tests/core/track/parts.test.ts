import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partsOf } from '../../../src/core/track/parts.ts';
import { type Track, track } from '../../../src/core/track/track.ts';
import { exposed, film, HEIGHT, type Person, shakyHand, WIDTH, walker } from './world.ts';

/** Few frames a second, so that a film of minutes has not too many: parts are cut by time. */
const FPS = 10;
/** Three minutes and a half: four parts, with seams at 620, 1220 and 1820. */
const FRAMES = 2100;

const during =
  (from: number, to: number, person: Person): Person =>
  (f) =>
    f >= from && f < to ? person(f) : undefined;
const hiddenIn =
  (from: number, to: number, person: Person): Person =>
  (f) => {
    const place = person(f);
    return place && { ...place, hidden: f >= from && f < to };
  };

describe('the parts of a shot', () => {
  test('cover it, overlap by seconds, and hand over within the overlap', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 20_000 }),
        fc.constantFrom(10, 25, 60),
        (from, n, fps) => {
          const shot = { from, to: from + n };
          const parts = partsOf(shot, fps);
          expect(parts[0].from).toBe(shot.from);
          expect(parts.at(-1)).toMatchObject({ to: shot.to, seam: shot.to });
          for (const [i, part] of parts.entries()) {
            expect(part.to - part.from).toBeLessThanOrEqual(68 * fps);
            const next = parts[i + 1];
            if (!next) continue;
            expect(part.to - next.from).toBe(4 * fps);
            expect(part.seam).toBeGreaterThan(next.from);
            expect(part.seam).toBeLessThan(part.to);
          }
        },
      ),
    );
  });
});

describe('tracks across the seams of a long shot', () => {
  const follow = (
    people: readonly Person[],
    dropout = 0.1,
    alarms = 1,
  ): { tracks: Track[]; missed: string[] } => {
    const made = film({ frames: FRAMES, people, dropout, alarms, camera: (f) => shakyHand(f / 40) });
    const tracks = track(made.frames, { width: WIDTH, height: HEIGHT, fps: FPS, sensitivity: 'normal' });
    return { tracks, missed: exposed(made, tracks) };
  };

  test('everybody is covered throughout, and who stays has one track', () => {
    const standing = [walker(300, 300, 0, 0, 40), walker(600, 300, 0, 0, 34), walker(900, 340, 0, 0, 50)];
    const { tracks, missed } = follow(standing);
    expect(missed).toEqual([]);
    const long = tracks.filter(({ boxes }) => boxes.length > 100);
    expect(long.map(({ from, boxes }) => [from, boxes.length])).toEqual(standing.map(() => [0, FRAMES]));
    for (const { sighted, standing, evidence, boxes } of long) {
      expect(standing).toBe('sure');
      expect(sighted).toEqual([...new Set(sighted)].sort((a, b) => a - b));
      expect(sighted.length).toBeGreaterThan(0.85 * FRAMES);
      expect(evidence.best).toBeGreaterThan(0.8);
      // Nobody's track jumps to a neighbour's place at a seam.
      for (let i = 1; i < boxes.length; i++) expect(Math.abs(boxes[i].x - boxes[i - 1].x)).toBeLessThan(45);
    }
    expect(tracks.map(({ id }) => id)).toEqual(tracks.map((_, i) => i + 1));
  });

  test.each([
    ['comes just before a seam', 614, 640],
    ['is there around a seam only', 617, 624],
    ['comes just after a seam', 622, 640],
    ['is there in what two parts share only', 604, 636],
    ['leaves just before a seam', 580, 617],
  ])('somebody who %s is covered by one track', (_, from, to) => {
    const person = during(from, to, walker(100, 300, 0.5, 0, 40));
    const { tracks, missed } = follow([person], 0, 0);
    expect(missed).toEqual([]);
    expect(tracks).toHaveLength(1);
    expect(tracks[0].sighted).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
  });

  test('somebody who is hidden while a seam passes has one track', () => {
    const person = hiddenIn(615, 625, walker(500, 300, 0, 0, 40));
    const { tracks, missed } = follow([person], 0, 0);
    expect(missed).toEqual([]);
    expect(tracks.map(({ from, boxes }) => [from, boxes.length])).toEqual([[0, FRAMES]]);
  });
});
