import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';
import { built } from './built.ts';
import { labelledPhotos, writeLabels } from './labels.ts';
import { CLIP_SETS, makeClips, someClips } from './make-clips.ts';
import { LAUNCHER, LEAKBENCH, needShared, UNCHECKED, WIDER } from './places.ts';
import { type LabelledFace, plantMisses, stillOpen } from './plant.ts';
import { run } from './run.ts';
import { fixed, percent, type Table } from './table.ts';

const PHOTOS_STEP = 8;
const QUICK_STEP = 40;
const CLIPS = 12;
const QUICK_CLIPS = 1;

/** What looking again is worth: misses planted and found again, photos with and without it. For films see `clips`. */
export const check: Bench = async (options) => {
  needShared();
  const photographs = (await labelledPhotos('gt.json')).filter(
    (_, i) => i % (options.quick ? QUICK_STEP : PHOTOS_STEP) === 0,
  );
  const clips = await clipFolders(options);
  const planted = await plantedMisses(photographs, clips, options.work);
  const before = await photosBeforeAndAfter(photographs, options.work);
  return { tables: [planted.table, before.table], data: { planted, before } };
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
      'Misses planted by taking all covers off every fourth labelled person of 24 px and more who was covered; faces (in films, face-frames) count that had a sure track of their own and are now at least half open; "covered again" are those no more than a quarter open in the end.',
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
    caption: `${photographs.length} labelled photographs without and with the second opinion and the look at the written file.`,
    rows: [
      ['', 'faces exposed', 'covered elsewhere', 's a photo'],
      row('without', 'without'),
      row('with', 'with'),
    ],
  };
  return { table, scores, seconds };
}
