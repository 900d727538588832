import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { damages } from './damages.ts';
import { LOOP_SECONDS, loopFilm, makeFilm } from './make-film.ts';
import { LAUNCHER, needShared, SHARED } from './places.ts';
import { fixed } from './table.ts';
import { TreeMemory } from './tree-memory.ts';

/** One file in so many is damaged. */
const DAMAGED = 8;
/** Films longer than this in bytes are left out: the folder is to be many files. */
const LARGEST = 1 << 20;
/** A kind of file counts as often as any other, whatever the shared folder has most of; clips are rarer. */
const PHOTOS_A_CLIP = 12;

/** What came of one run over a folder. */
interface Outcome {
  readonly status: string;
  readonly input?: string;
  readonly code?: string;
  readonly total?: number;
  readonly protected?: number;
  readonly failed?: Record<string, number>;
  readonly needLook?: number;
}

/** Whether one run over a large folder of mixed, partly damaged files does them all, how fast, and in what memory. */
export const folder: Bench = async ({ files, jobs, film, work, size, quick }) => {
  needShared();
  const inputs = path.join(work, 'inputs');
  const outputs = path.join(work, 'outputs');
  await mkdir(inputs);
  const made = await fill(inputs, quick ? Math.min(files, 60) : files);
  if (film > 0) {
    const once = path.join(work, 'once.mp4');
    await makeFilm(once, size);
    await loopFilm(once, Math.ceil(film / LOOP_SECONDS), path.join(inputs, 'long.mp4'));
  }
  const before = await states(inputs);
  const { seconds, code, records, peakMiB, processes } = await protect(inputs, outputs, jobs);
  const after = await states(inputs);

  const summary = records.find(({ status }) => status === 'summary');
  const total = before.size;
  const done = summary?.protected ?? 0;
  const published = await readdir(outputs);
  const faults = [
    ...(summary?.total === total ? [] : [`${summary?.total} of ${total} files in the summary`]),
    ...(published.length === done ? [] : [`${published.length} files published, ${done} protected`]),
    ...published.filter((name) => name.startsWith('.')).map((name) => `left behind: ${name}`),
    ...[...before].filter(([name, state]) => after.get(name) !== state).map(([name]) => `changed: ${name}`),
  ];
  const megabytes = [...before.values()].reduce((sum, state) => sum + Number(state.split(' ')[0]), 0) / 1e6;
  const failed = Object.entries(summary?.failed ?? {}).map(([reason, times]) => `${times} ${reason}`);
  return {
    tables: [
      {
        caption: `One run of \`protect -r --jobs ${jobs}\` over ${total} files (${fixed(megabytes, 0)} MB; ${made.damaged} of them damaged on purpose${film > 0 ? `, and a film of ${film} s` : ''}). Memory is what the command and all its processes had resident at a time.`,
        rows: [
          [
            'protected',
            'to be looked at',
            'failed',
            'why',
            'files a minute',
            'minutes',
            'peak memory',
            'processes',
            'exit code',
            'faults',
          ],
          [
            String(done),
            String(summary?.needLook ?? 0),
            String(total - done),
            failed.join(', '),
            fixed((60 * total) / seconds),
            fixed(seconds / 60),
            `${fixed(peakMiB, 0)} MiB`,
            String(processes),
            String(code),
            faults.join('; ') || 'none',
          ],
        ],
      },
    ],
    data: { total, damaged: made.damaged, film, jobs, seconds, peakMiB, processes, code, summary, faults },
  };
};

/** Copies of the shared files under made-up names, every so manyth damaged. */
async function fill(place: string, count: number): Promise<{ damaged: number }> {
  const photos = await byKind(
    path.join(SHARED, 'data', 'metadata'),
    /\.(jpe?g|png|webp|avif|tiff?|gif|hei[cf]|hif)$/i,
  );
  const clips = await byKind(path.join(SHARED, 'data', 'metadata'), /\.(mp4|mov|avi|3gp)$/i);
  const damage = damages(1);
  let damaged = 0;
  for (let i = 0; i < count; i++) {
    const kinds = i % PHOTOS_A_CLIP === PHOTOS_A_CLIP - 1 ? clips : photos;
    const kind = kinds[i % kinds.length];
    const file = kind[Math.floor(i / kinds.length) % kind.length];
    const to = path.join(place, `${String(i).padStart(5, '0')}${path.extname(file)}`);
    if (i % DAMAGED !== DAMAGED - 2) await copyFile(file, to);
    else {
      await writeFile(to, damage(await readFile(file)));
      damaged++;
    }
  }
  return { damaged };
}

/** Names that say the same of a file. */
const SAME: Readonly<Record<string, string>> = {
  '.jpeg': '.jpg',
  '.tif': '.tiff',
  '.heif': '.heic',
  '.hif': '.heic',
};

/** Files below a folder, one list for each kind. */
async function byKind(place: string, pattern: RegExp): Promise<string[][]> {
  const kinds = new Map<string, string[]>();
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !pattern.test(entry.name) || (await stat(file)).size > LARGEST) continue;
    const extension = path.extname(entry.name).toLowerCase();
    const kind = SAME[extension] ?? extension;
    kinds.set(kind, [...(kinds.get(kind) ?? []), file]);
  }
  return [...kinds.values()];
}

async function protect(inputs: string, outputs: string, jobs: number) {
  const start = performance.now();
  const args = [LAUNCHER, 'protect', '-r', inputs, '-o', `${outputs}/`, '--json', '--jobs', String(jobs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const memory = new TreeMemory(child.pid as number);
  let text = '';
  child.stdout.on('data', (piece) => {
    text += piece;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  memory.stop();
  const records = text
    .split('\n')
    .filter(Boolean)
    .map((line): Outcome => JSON.parse(line));
  const seconds = (performance.now() - start) / 1000;
  return { seconds, code, records, peakMiB: memory.peakMiB, processes: memory.processes };
}

/** Size and time of change of every file, by name. */
async function states(place: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(place)) {
    const { size, mtimeMs } = await stat(path.join(place, name));
    found.set(name, `${size} ${mtimeMs}`);
  }
  return found;
}
