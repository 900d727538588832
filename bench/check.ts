import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';
import { built } from './built.ts';
import { labelledPhotos, writeLabels } from './labels.ts';
import { CLIP_SETS, makeClips, someClips } from './make-clips.ts';
import { COMPARE, LAUNCHER, LEAKBENCH, needShared, WIDER } from './places.ts';
import { type LabelledFace, plantMisses, stillOpen } from './plant.ts';
import { run } from './run.ts';
import { fixed, percent, type Table } from './table.ts';

const PHOTOS_STEP = 4;
const QUICK_STEP = 40;
const CLIPS = 12;
const QUICK_CLIPS = 1;
const UNCHECKED = path.join(import.meta.dirname, 'unchecked-protect.js');

/** What the look at the written file is worth: misses planted and found again, leaks with and without it, its cost. */
export const check: Bench = async (options) => {
  needShared();
  const photographs = (await labelledPhotos('gt.json')).filter(
    (_, i) => i % (options.quick ? QUICK_STEP : PHOTOS_STEP) === 0,
  );
  const clips = await clipFolders(options);
  const planted = await plantedMisses(photographs, clips, options.work);
  const before = [
    await photosBeforeAndAfter(photographs, options.work),
    await clipsBeforeAndAfter(clips, options),
  ];
  return { tables: [planted.table, ...before.map(({ table }) => table)], data: { planted, before } };
};

async function clipFolders({ quick, cache, clips, work }: BenchOptions): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  const limit = quick ? QUICK_CLIPS : CLIPS;
  for (const set of CLIP_SETS) {
    const folder = clips
      ? await someClips(path.join(clips, set.name), limit, path.join(work, `clips-${set.name}`))
      : await makeClips(set, limit, cache);
    folders.set(set.name, folder);
  }
  return folders;
}

interface Source {
  readonly file: string;
  readonly faces: readonly LabelledFace[];
}

async function plantedMisses(
  photographs: readonly { readonly file: string }[],
  clips: ReadonlyMap<string, string>,
  work: string,
) {
  const sets: [string, Source[]][] = [['photographs', photographs.map(labelsOfPhoto)]];
  for (const [name, folder] of clips) sets.push([name, await labelsOfClips(folder)]);
  const { Detectors, analyse, render } = await built<typeof import('../src/index.ts')>('index');
  const detectors = new Detectors('centerface');
  const results: { set: string; opened: number; recovered: number; listed: number; rounds: number }[] = [];
  try {
    for (const [set, sources] of sets) {
      const sum = { set, opened: 0, recovered: 0, listed: 0, rounds: 0 };
      for (const { file, faces } of sources) {
        const { plan, opened } = plantMisses(await analyse(file, { detectors }), faces);
        if (opened.length === 0) continue;
        const output = path.join(work, `planted${path.extname(file)}`);
        const result = await render(file, plan, output, { detectors, overwrite: true });
        const { open, listed } = stillOpen(result.plan, opened);
        sum.opened += opened.length;
        sum.recovered += opened.length - open;
        sum.listed += listed;
        sum.rounds = Math.max(sum.rounds, result.check.rounds);
      }
      results.push(sum);
      console.error(`planted misses, ${set}: done`);
    }
  } finally {
    await detectors.close();
  }
  const table: Table = {
    caption:
      'Misses planted by taking all covers off every fourth labelled person of 24 px and more who was covered; "covered again" counts faces (in films, face-frames) that are no more than a quarter open in the end.',
    rows: [
      ['', 'faces uncovered', 'covered again', 'of the rest, in a risk', 'rounds at most'],
      ...results.map(({ set, opened, recovered, listed, rounds }) => [
        set,
        String(opened),
        `${percent(recovered / Math.max(1, opened), 1)} (${recovered})`,
        `${listed} of ${opened - recovered}`,
        String(rounds),
      ]),
    ],
  };
  return { table, results };
}

function labelsOfPhoto(photo: { readonly file: string }): Source {
  const { faces } = photo as unknown as { faces: readonly (readonly number[])[] };
  return {
    file: path.join(WIDER, photo.file),
    faces: faces
      .map(([x, y, width, height, , , , invalid], person) => ({
        frame: 0,
        person,
        box: { x, y, width, height },
        invalid,
      }))
      .filter(({ invalid }) => !invalid),
  };
}

async function labelsOfClips(folder: string): Promise<Source[]> {
  const { clips } = JSON.parse(await readFile(path.join(folder, 'clips.json'), 'utf8')) as {
    clips: string[];
  };
  return Promise.all(
    clips.map(async (clip) => {
      const truth = JSON.parse(await readFile(path.join(folder, clip.replace(/\.mp4$/, '.json')), 'utf8'));
      const frames = truth.frames as readonly (readonly number[] | null)[][];
      const faces = frames.flatMap((people, frame) =>
        people.flatMap((face, person) => {
          if (!face) return [];
          const [x, y, width, height, invalid] = face;
          return invalid ? [] : [{ frame, person, box: { x, y, width, height } }];
        }),
      );
      return { file: path.join(folder, clip), faces };
    }),
  );
}

async function photosBeforeAndAfter(photographs: readonly { readonly file: string }[], work: string) {
  const labels = path.join(work, 'photos.json');
  await writeLabels(labels, photographs);
  const folder = path.join(work, 'photos');
  for (const { file } of photographs) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await copyFile(path.join(WIDER, file), path.join(folder, file));
  }
  const outputs = { without: path.join(work, 'photos-without'), with: path.join(work, 'photos-with') };
  for (const { file } of photographs)
    await mkdir(path.dirname(path.join(outputs.without, file)), { recursive: true });
  const pairs = photographs.flatMap(({ file }) => [
    path.join(folder, file),
    path.join(outputs.without, file),
  ]);
  const seconds = {
    without: (await run(process.execPath, [UNCHECKED, ...pairs])).seconds,
    with: (
      await run(
        process.execPath,
        [LAUNCHER, 'protect', folder, '-q', '-r', '--keep-names', '-o', `${outputs.with}/`],
        { mayFail: true },
      )
    ).seconds,
  };
  const score = async (output: string) => {
    const args = ['image', '--gt', labels, '--images', folder, '--redacted', output, '--json'];
    return JSON.parse((await run(process.execPath, [LEAKBENCH, ...args])).stdout);
  };
  const scores = { without: await score(outputs.without), with: await score(outputs.with) };
  const row = (name: string, key: 'without' | 'with') => [
    name,
    `${percent(scores[key].exposed / scores[key].faces)} of ${scores[key].faces}`,
    percent(scores[key].lostElsewhere),
    fixed(seconds[key] / photographs.length, 2),
  ];
  const table: Table = {
    caption: `${photographs.length} labelled photographs without and with the look at the written file.`,
    rows: [
      ['', 'faces exposed', 'covered elsewhere', 's a photo'],
      row('without', 'without'),
      row('with', 'with'),
    ],
  };
  return { table, scores, seconds };
}

async function clipsBeforeAndAfter(clips: ReadonlyMap<string, string>, { work }: BenchOptions) {
  const node = `'${process.execPath}'`;
  const tools = [
    '--tool',
    `without=${node} '${UNCHECKED}' {in} {out}`,
    '--tool',
    `with=${node} '${LAUNCHER}' protect {in} -o {out} -q --force`,
  ];
  const sets: Record<string, unknown> = {};
  const rows: string[][] = [];
  for (const [set, folder] of clips) {
    const json = path.join(work, `check-${set}.json`);
    await run(process.execPath, [COMPARE, '--clips', folder, '--json', json, ...tools]);
    const result = JSON.parse(await readFile(json, 'utf8'));
    sets[set] = result;
    const [without, checked] = ['without', 'with'].map((name) =>
      result.rows.find(({ tool }: { tool: string }) => tool === name),
    );
    const share = 1 - checked.fps / without.fps;
    for (const each of [without, checked]) {
      rows.push([
        set,
        each.tool,
        percent(each.exposedFaceFrames),
        `${each.peopleEverExposed}/${each.people}`,
        percent(each.redactedElsewhere),
        fixed(each.fps, 2),
        each === checked ? percent(share, 0) : '',
      ]);
    }
    console.error(`with and without, ${set}: done`);
  }
  await writeFile(path.join(work, 'check.json'), JSON.stringify(sets));
  const table: Table = {
    caption: 'Clips of 3 s without and with the look at the written film.',
    rows: [
      [
        ...['set', 'look at what was written', 'face-frames exposed', 'people ever exposed'],
        ...['covered elsewhere', 'frames a second', 'its share of the time'],
      ],
      ...rows,
    ],
  };
  return { table, sets };
}
