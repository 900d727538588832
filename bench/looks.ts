import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LOOK_KINDS } from '../src/core/track/frame-looks.ts';
import type { Bench } from './bench.ts';
import { follow, SCHEMES } from './looks/schemes.ts';
import { type Score, scoreTracks, type Truth } from './looks/score-tracks.ts';
import { priceLooks, startPool, watchFilm } from './looks/watch-film.ts';
import { CLIP_SETS, makeClips, someClips } from './make-clips.ts';
import { needShared } from './places.ts';
import { fixed, percent } from './table.ts';

const CLIPS = 12;
const QUICK_CLIPS = 2;

interface Cell extends Score {
  clips: number;
  frames: number;
  /** Processor milliseconds of looks, a frame. */
  milliseconds: number;
}

/** What each way to spend looks leaves exposed, covers for nothing, and costs: one look of every kind, many schemes. */
export const looks: Bench = async ({ quick, cache, clips: ready, work }) => {
  needShared();
  const limit = quick ? QUICK_CLIPS : CLIPS;
  const pool = await startPool();
  const cells = new Map(SCHEMES.map(({ name }) => [name, new Map<string, Cell>()]));
  let prices: Awaited<ReturnType<typeof priceLooks>> | undefined;
  try {
    for (const set of CLIP_SETS) {
      const folder = ready
        ? await someClips(path.join(ready, set.name), limit, path.join(work, set.name))
        : await makeClips(set, limit, cache);
      const { clips } = JSON.parse(await readFile(path.join(folder, 'clips.json'), 'utf8'));
      for (const clip of clips as string[]) {
        const file = path.join(folder, clip);
        prices ??= await priceLooks(file, pool);
        const truth = JSON.parse(await readFile(file.replace(/\.mp4$/, '.json'), 'utf8')) as Truth;
        const film = await watchFilm(file, pool);
        for (const scheme of SCHEMES) {
          const { tracks, looks } = follow(film, scheme);
          const spent = LOOK_KINDS.reduce((sum, kind) => sum + looks[kind] * (prices?.[kind] ?? 0), 0);
          const sets = cells.get(scheme.name) as Map<string, Cell>;
          sets.set(set.name, add(sets.get(set.name), scoreTracks(tracks, truth), film.frames.length, spent));
        }
      }
      console.error(`${set.name}: done`);
    }
  } finally {
    await pool.close();
  }
  const cell = ({ exposed, faceFrames, everExposed, people, elsewhere, clips }: Cell) =>
    `${percent(exposed / faceFrames)} · ${everExposed}/${people} · ${percent(elsewhere / clips, 1)}`;
  const price = LOOK_KINDS.map((kind) => `${kind} ${fixed(prices?.[kind] ?? 0, 0)}`).join(', ');
  const names = CLIP_SETS.map(({ name }) => name);
  return {
    tables: [
      {
        caption: `${limit} clips a set. Cells: face-frames exposed · people ever exposed / people · share of the picture covered away from labelled faces. Processor milliseconds of a look: ${price}.`,
        rows: [
          ['looks', 'ms a frame', ...names],
          ...[...cells].map(([name, sets]) => {
            const of = names.map((set) => sets.get(set) as Cell);
            const costs = of.map(({ milliseconds, frames }) => fixed(milliseconds / frames, 0));
            return [name, costs.join(' / '), ...of.map(cell)];
          }),
        ],
      },
    ],
    data: {
      prices,
      schemes: Object.fromEntries([...cells].map(([name, sets]) => [name, Object.fromEntries(sets)])),
    },
  };
};

function add(sum: Cell | undefined, score: Score, frames: number, milliseconds: number): Cell {
  return {
    faceFrames: (sum?.faceFrames ?? 0) + score.faceFrames,
    exposed: (sum?.exposed ?? 0) + score.exposed,
    people: (sum?.people ?? 0) + score.people,
    everExposed: (sum?.everExposed ?? 0) + score.everExposed,
    elsewhere: (sum?.elsewhere ?? 0) + score.elsewhere,
    clips: (sum?.clips ?? 0) + 1,
    frames: (sum?.frames ?? 0) + frames,
    milliseconds: (sum?.milliseconds ?? 0) + milliseconds,
  };
}
