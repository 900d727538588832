import { copyFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { labelledPhotos, writeLabels } from './labels.ts';
import { LAUNCHER, LEAKBENCH, needShared, WIDER } from './places.ts';
import { run } from './run.ts';
import { fixed, percent } from './table.ts';
import { DEFACE_OPTIONS } from './tools.ts';

/** leakbench's verdict on a folder of pictures. */
interface Score {
  readonly images: number;
  readonly missing: number;
  readonly faces: number;
  readonly exposed: number;
  readonly lostElsewhere: number;
  readonly bins: readonly { from: number; to: number | null; faces: number; exposed: number }[];
}

/** Every so manyth photograph with --quick. */
const QUICK_STEP = 20;

/** How many labelled faces stay exposed in photographs of crowds, by Sayeh and by deface. */
export const photos: Bench = async ({ quick, deface, work }) => {
  needShared();
  const all = await labelledPhotos('gt.json');
  const photographs = all.filter((_, i) => !quick || i % QUICK_STEP === 0);
  const folder = path.join(work, 'photos');
  const labels = path.join(work, 'photos.json');
  await writeLabels(labels, photographs);
  await copyTo(folder, photographs);

  const results: { tool: string; seconds: number; score: Score }[] = [];
  const add = async (tool: string, output: string, seconds: number) => {
    const args = ['image', '--gt', labels, '--images', folder, '--redacted', output, '--json'];
    const { stdout } = await run(process.execPath, [LEAKBENCH, ...args]);
    results.push({ tool, seconds, score: JSON.parse(stdout) });
  };

  const ours = path.join(work, 'photos-sayeh');
  const args = [LAUNCHER, 'protect', folder, '-q', '-r', '--keep-names', '-o', `${ours}/`];
  const { seconds } = await run(process.execPath, args, { mayFail: true });
  await add('Sayeh', ours, seconds);
  if (deface) {
    const theirs = path.join(work, 'photos-deface');
    await add('deface', theirs, await runDeface(deface, theirs, photographs));
  }
  const { images, faces } = results[0].score;
  return {
    tables: [
      {
        caption: `${images} labelled photographs, ${faces} faces of 12 pixels and more; one run over all of them. "s a photo" by the clock, start-up included.`,
        rows: [
          ['tool', 'exposed', ...results[0].score.bins.map(binName), 'elsewhere', 'not written', 's a photo'],
          ...results.map(({ tool, seconds, score }) => [
            tool,
            `${percent(score.exposed / score.faces, 1)} (${score.exposed})`,
            ...score.bins.map(({ exposed, faces }) => percent(faces ? exposed / faces : 0, 1)),
            percent(score.lostElsewhere, 1),
            String(score.missing),
            fixed(seconds / photographs.length, 2),
          ]),
        ],
      },
    ],
    data: results,
  };
};

const binName = ({ from, to }: Score['bins'][number]) =>
  to === null ? `${from} px and more` : `${from}-${to} px`;

async function copyTo(folder: string, photographs: readonly { file: string }[]): Promise<void> {
  for (const { file } of photographs) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await copyFile(path.join(WIDER, file), path.join(folder, file));
  }
}

/** Answers the seconds taken. deface writes beside its inputs, under another name: it gets copies of its own. */
async function runDeface(
  deface: string,
  output: string,
  photographs: readonly { file: string }[],
): Promise<number> {
  await copyTo(output, photographs);
  const files = photographs.map(({ file }) => path.join(output, file));
  const { seconds } = await run(deface, [...DEFACE_OPTIONS, ...files], { mayFail: true });
  for (const file of files) {
    const { dir, name, ext } = path.parse(file);
    // A picture that it did not write stays as it was, and counts as exposed.
    await rename(path.join(dir, `${name}_anonymized${ext}`), file).catch(() => {});
  }
  return seconds;
}
