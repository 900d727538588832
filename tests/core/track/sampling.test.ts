import { expect, test } from 'vitest';
import { IDENTITY, type Similarity } from '../../../src/core/geometry/similarity.ts';
import type { FrameLooks } from '../../../src/core/track/frame-looks.ts';
import { chooseLook, NOTHING_SEEN, type SamplingOptions } from '../../../src/core/track/sampling.ts';

const OPTIONS: SamplingOptions = { width: 1280, height: 720, fps: 30 };

type Motion = Partial<FrameLooks['motion']>;

/** The looks that a film gets, one letter a frame: c for cheap, C for careful, - for none. */
function looks(motions: readonly Motion[], options: SamplingOptions = OPTIONS): string {
  let state = NOTHING_SEEN;
  return motions
    .map((motion, f) => {
      const calm = { transform: IDENTITY, confidence: 1, cut: f === 0, residual: 0 };
      const chosen = chooseLook(state, { ...calm, ...motion }, options);
      state = chosen.state;
      return { none: '-', cheap: 'c', careful: 'C', fine: 'F' }[chosen.look];
    })
    .join('');
}

const times = (count: number, motion: Motion = {}): Motion[] => Array.from({ length: count }, () => motion);
const pan = (pixels: number): Similarity => ({ ...IDENTITY, tx: pixels });

test('where only the camera moves, four times a second carefully and a glance between', () => {
  expect(looks(times(17))).toBe('C-c-c-c-C-c-c-c-C');
});

test('where people move, careful looks six times a second, and three at first', () => {
  expect(looks(times(16, { residual: 0.1 }))).toBe('CCC-cC-c-cC-c-cC');
});

test('and for a while after', () => {
  const film = looks([...times(10), ...times(3, { residual: 0.1 }), ...times(60)]);
  expect(film.slice(10, 25)).toMatch(/C.{4}C/);
  expect(film.slice(-20)).not.toMatch(/C.{4}C/);
});

test('a cut is looked at carefully, whatever came before', () => {
  const motions = times(20).map((motion, f) => ({ ...motion, cut: f === 0 || f === 7 || f === 8 }));
  const film = looks(motions);
  expect([film[0], film[7], film[8]]).toEqual(['C', 'C', 'C']);
});

test('where the camera sweeps or is lost, every frame is looked at', () => {
  expect(looks(times(7, { transform: pan(60) }))).toBe('CCCccCc');
  expect(looks(times(7, { confidence: 0.2 }))).toBe('CCCccCc');
  expect(looks(times(7, { transform: pan(10) }))).toContain('-');
  expect(looks(times(7, { residual: 0.1 }))).toContain('-');
  expect(looks(times(7, { residual: 0.4 }))).toBe('CCCccCc');
});

test('what nobody measured may be motion', () => {
  const { residual: _, ...unknown } = { transform: IDENTITY, confidence: 1, cut: false, residual: 0 };
  expect(chooseLook({ sinceCareful: 0, sinceLook: 0, stir: 0, shown: 5 }, unknown, OPTIONS).look).toBe(
    'cheap',
  );
});

test('a slow film is looked at frame by frame, a fast one as often in time as any', () => {
  expect(looks(times(6, { residual: 0.1 }), { ...OPTIONS, fps: 6 })).toBe('CCCCCC');
  expect(looks(times(15, { residual: 0.1 }), { ...OPTIONS, fps: 60 })).toBe('CCC---c---C---c');
});

test('a fixed interval is kept, from every cut on', () => {
  const motions = times(10, { residual: 0.5 }).map((motion, f) => ({ ...motion, cut: f === 0 || f === 5 }));
  expect(looks(motions, { ...OPTIONS, every: 3 })).toBe('C--C-C--C-');
  expect(looks(motions, { ...OPTIONS, every: 1 })).toBe('CCCCCCCCCC');
});
