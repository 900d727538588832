import { IDENTITY } from '../../src/core/geometry/similarity.ts';
import type { FrameLooks, Look, LookKind } from '../../src/core/track/frame-looks.ts';
import { rankRisks } from '../../src/core/track/risk.ts';
import { chooseLook, NOTHING_SEEN } from '../../src/core/track/sampling.ts';
import { SECOND_LOOK_SHARE, secondLooks } from '../../src/core/track/second-look.ts';
import type { Sensitivity } from '../../src/core/track/sensitivity.ts';
import { type Track, track } from '../../src/core/track/track.ts';
import type { WatchedFilm } from './watch-film.ts';

/** A way to spend looks on a film. */
export interface Scheme {
  readonly name: string;
  readonly sensitivity: Sensitivity;
  /** Which looks each frame gets in the first pass. */
  readonly plan: (film: WatchedFilm) => LookKind[][];
  readonly secondLooks: boolean;
  readonly stabilised: boolean;
}

/** What a scheme makes of a film, and the looks it took. */
export interface Followed {
  readonly tracks: readonly Track[];
  readonly looks: Readonly<Record<LookKind, number>>;
}

const adaptive: Scheme['plan'] = ({ width, height, fps, frames }) => {
  let state = NOTHING_SEEN;
  return frames.map(({ motion }) => {
    const choice = chooseLook(state, motion, { width, height, fps });
    state = choice.state;
    return choice.look === 'none' ? [] : [choice.look];
  });
};
const every =
  (nth: number, kind: LookKind, between: LookKind[] = []): Scheme['plan'] =>
  ({ frames }) =>
    frames.map((_, f) => (f % nth === 0 ? [kind] : between));
const both =
  (nth: number): Scheme['plan'] =>
  ({ frames }) =>
    frames.map((_, f) => (f % nth === 0 ? ['cheap', 'careful'] : ['cheap']));

const scheme = (name: string, plan: Scheme['plan'], rest: Partial<Scheme> = {}): Scheme => ({
  ...{ name, plan, sensitivity: 'normal', secondLooks: false, stabilised: true },
  ...rest,
});

export const SCHEMES: readonly Scheme[] = [
  scheme('**adaptive** (the default)', adaptive),
  scheme('adaptive, and second looks, `high`', adaptive, { secondLooks: true, sensitivity: 'high' }),
  scheme('the same, `max`', adaptive, { secondLooks: true, sensitivity: 'max' }),
  scheme('careful, every frame', every(1, 'careful')),
  scheme('careful, every 3rd', every(3, 'careful')),
  scheme('careful, every 5th', every(5, 'careful')),
  scheme('cheap, every frame', every(1, 'cheap')),
  scheme('cheap every frame, and careful every 3rd', both(3)),
  scheme('cheap every frame, and careful every 5th', both(5)),
  scheme('cheap, but careful every 3rd', every(3, 'careful', ['cheap'])),
  scheme('cheap, but careful every 5th', every(5, 'careful', ['cheap'])),
  scheme('careful, every 3rd, not stabilised', every(3, 'careful'), { stabilised: false }),
  scheme('cheap, but careful every 3rd, not stabilised', every(3, 'careful', ['cheap']), {
    stabilised: false,
  }),
  scheme('adaptive, not stabilised', adaptive, { stabilised: false }),
];

/** Follows the faces of a film as the pipeline does, given only the looks that the scheme takes. */
export function follow(film: WatchedFilm, scheme: Scheme): Followed {
  const { width, height, fps } = film;
  const settings = { width, height, fps, sensitivity: scheme.sensitivity };
  const looks = { cheap: 0, careful: 0, fine: 0 };
  const take = (frame: number, kind: LookKind): Look => {
    looks[kind]++;
    return film.frames[frame].looks[kind];
  };
  const frames: (FrameLooks & { looks: Look[] })[] = scheme.plan(film).map((kinds, f) => {
    const { motion } = film.frames[f];
    return {
      motion: scheme.stabilised ? motion : { transform: IDENTITY, confidence: 1, cut: motion.cut },
      looks: kinds.map((kind) => take(f, kind)),
    };
  });
  let tracks = track(frames, settings);
  if (scheme.secondLooks) {
    const share = SECOND_LOOK_SHARE[scheme.sensitivity];
    for (const { from, to } of secondLooks(frames, rankRisks(frames, tracks, settings), share)) {
      for (let f = from; f < to; f++) frames[f].looks.push(take(f, 'fine'));
    }
    tracks = track(frames, settings);
  }
  return { tracks, looks };
}
