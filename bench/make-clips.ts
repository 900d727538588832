import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labelledPhotos, writeLabels } from './labels.ts';
import { LEAKBENCH, WIDER } from './places.ts';
import { run } from './run.ts';

/** A set of clips made from labelled photographs, with a camera that moves and people who walk. */
export interface ClipSet {
  readonly name: string;
  readonly list: string;
  readonly classes?: readonly string[];
  readonly walkers: number;
}

const PROTEST = ['2--Demonstration', '3--Riot', '10--People_Marching'];
export const CLIP_SETS: readonly ClipSet[] = [
  { name: 'crowd', list: 'gt.json', classes: PROTEST, walkers: 0 },
  { name: 'walkers', list: 'gt.json', classes: PROTEST, walkers: 6 },
  { name: 'few', list: 'gt-few.json', walkers: 6 },
];

const SECONDS = 3;
const SIZE = '1280x720';

/** Makes a set of `limit` clips, unless an earlier run has; answers the folder. */
export async function makeClips(set: ClipSet, limit: number, cache: string): Promise<string> {
  const images = await labelledPhotos(set.list, set.classes);
  const hash = createHash('sha256').update(JSON.stringify([set, limit, SECONDS, SIZE, images]));
  hash.update(await readFile(LEAKBENCH));
  const folder = path.join(cache, `${set.name}-${hash.digest('hex').slice(0, 12)}`);
  if (await clipNames(folder).catch(() => undefined)) return folder;

  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  const labels = path.join(half, 'labels');
  await writeLabels(labels, images);
  const args = ['clips', '--gt', labels, '--images', WIDER, '--out', half, '--limit', String(limit)];
  args.push('--seconds', String(SECONDS), '--size', SIZE);
  if (set.walkers > 0) args.push('--walkers', String(set.walkers));
  await run(process.execPath, [LEAKBENCH, ...args]);
  await rm(labels);
  await rename(half, folder);
  return folder;
}

/** A folder with `limit` of the clips of a ready-made one, evenly chosen. */
export async function someClips(from: string, limit: number, into: string): Promise<string> {
  const names = await clipNames(from);
  if (names.length <= limit) return from;
  const step = Math.floor(names.length / limit);
  const clips = names.filter((_, i) => i % step === 0).slice(0, limit);
  await mkdir(into, { recursive: true });
  for (const clip of clips) {
    const truth = clip.replace(/\.mp4$/, '.json');
    await symlink(path.resolve(from, clip), path.join(into, clip));
    await copyFile(path.join(from, truth), path.join(into, truth));
  }
  await writeFile(path.join(into, 'clips.json'), JSON.stringify({ clips }));
  return into;
}

/** The clips in a folder, by name. */
export async function clipNames(folder: string): Promise<string[]> {
  return JSON.parse(await readFile(path.join(folder, 'clips.json'), 'utf8')).clips;
}
