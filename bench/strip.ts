/**
 * `sayeh strip` beside `cp` of the same film. Asks for ffmpeg and coreutils, and for a build.
 *
 *     npm run build && npx tsc -p tsconfig.bench.json && node dist/bench/bench/strip.js
 *
 * Options: `--size MB` of each film (1000), `--rounds N` (5), `--work FOLDER` on the disk to be measured (the system's
 * folder for temporary files). Prints a table and writes bench/results/strip.json.
 *
 * Each film is ten seconds of coded noise, repeated without coding anew: a film as a phone makes it in bit rate and
 * frames, with FFmpeg's metadata to take out. Both commands begin with the same file and end with a copy that is on
 * the disk: `cp` is followed by `sync` of the copy, `strip` calls fsync itself and also reads its result back and
 * checks it. They take turns. "cold": before each, the system's memory of files is emptied, which asks for root.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { markdown } from './table.ts';

const { values: options } = parseArgs({
  options: { size: { type: 'string' }, rounds: { type: 'string' }, work: { type: 'string' } },
});
const SIZE = Number(options.size ?? 1000) * 1e6;
const ROUNDS = Number(options.rounds ?? 5);
const DROP_CACHES = '/proc/sys/vm/drop_caches';
const TIME = '/usr/bin/time';

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '40M', '-maxrate', '45M', '-bufsize', '40M'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-b:v', '30M', '-tag:v', 'hvc1'];
const AAC = ['-c:a', 'aac', '-b:a', '192k'];
const ANNEX_B = ['-bsf:v', 'h264_mp4toannexb'];

const FILMS: readonly { readonly name: string; readonly what: string; readonly coded: readonly string[] }[] =
  [
    { name: 'h264.mp4', what: 'MP4, H.264 and AAC', coded: [...H264, ...AAC] },
    { name: 'hevc.mp4', what: 'MP4, HEVC and AAC', coded: [...HEVC, ...AAC] },
    { name: 'h264.mkv', what: 'Matroska, H.264 and AAC', coded: [...H264, ...AAC] },
    { name: 'h264.avi', what: 'AVI, H.264 and PCM', coded: [...H264, ...ANNEX_B, '-c:a', 'pcm_s16le'] },
    { name: 'h264.ts', what: 'MPEG-TS, H.264 and AAC', coded: [...H264, ...AAC] },
  ];

interface Run {
  readonly seconds: number;
  /** Most memory that the process ever held, in MB; undefined where /usr/bin/time is not there to say. */
  readonly megabytes: number | undefined;
}

interface Result {
  readonly film: string;
  readonly bytes: number;
  readonly cache: 'warm' | 'cold';
  readonly copy: readonly Run[];
  readonly strip: readonly Run[];
}

const folder = await mkdtemp(path.join(path.resolve(options.work ?? os.tmpdir()), 'sayeh-bench-strip-'));
const canEmpty = isWritable(DROP_CACHES);
const hasTime = existsSync(TIME);
try {
  const results: Result[] = [];
  for (const film of FILMS) {
    const file = path.join(folder, film.name);
    const bytes = await make(file, film.coded);
    for (const cache of canEmpty ? (['warm', 'cold'] as const) : (['warm'] as const)) {
      results.push({ film: film.what, bytes, cache, ...(await compare(file, cache)) });
      console.error(`${film.what}, ${cache}`);
    }
    await rm(file);
  }
  await mkdir('bench/results', { recursive: true });
  const machine = {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    node: process.version,
    load: os.loadavg(),
  };
  await writeFile(
    'bench/results/strip.json',
    JSON.stringify({ machine, rounds: ROUNDS, results }, undefined, 1),
  );
  console.log(table(results));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function make(file: string, coded: readonly string[]): Promise<number> {
  const clip = path.join(folder, `clip${path.extname(file)}`);
  const picture = 'testsrc2=s=1920x1080:r=30:d=10,noise=alls=40:allf=t,format=yuv420p';
  const sound = 'sine=frequency=330:r=48000:d=10';
  const place = ['-metadata', 'title=Azadi', '-metadata', 'location=+35.7+51.4/'];
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound];
  run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...coded, ...place, clip]);
  const times = Math.ceil(SIZE / (await stat(clip)).size);
  const list = path.join(folder, 'list.txt');
  await writeFile(list, `file '${clip}'\n`.repeat(times));
  const repeated = ['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy'];
  const tagged = file.includes('hevc') ? ['-tag:v', 'hvc1'] : [];
  const written = file.endsWith('.mp4') ? ['-movflags', '+faststart', ...tagged] : [];
  run('ffmpeg', ['-v', 'error', '-y', ...repeated, ...written, ...place, file]);
  await rm(clip);
  return (await stat(file)).size;
}

async function compare(file: string, cache: Result['cache']): Promise<Pick<Result, 'copy' | 'strip'>> {
  const copy: Run[] = [];
  const strip: Run[] = [];
  const output = path.join(folder, `out${path.extname(file)}`);
  const sayeh = path.resolve('bin/sayeh.js');
  // The first round of each is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const copied = await once(file, cache, output, 'sh', [
      '-c',
      'cp "$1" "$2" && sync "$2"',
      'sh',
      file,
      output,
    ]);
    const strips = [sayeh, 'strip', '--quiet', file, '-o', output];
    const stripped = await once(file, cache, output, process.execPath, strips);
    if (round > 0) copy.push(copied);
    if (round > 0) strip.push(stripped);
  }
  return { copy, strip };
}

async function once(
  file: string,
  cache: Result['cache'],
  output: string,
  command: string,
  args: readonly string[],
): Promise<Run> {
  await rm(output, { force: true });
  run('sync', []);
  if (cache === 'cold') await writeFile(DROP_CACHES, '3');
  else await readThrough(file);
  const start = performance.now();
  const said = hasTime ? run(TIME, ['-f', '%M', command, ...args]) : run(command, args);
  const seconds = (performance.now() - start) / 1000;
  await rm(output);
  const kilobytes = Number(said.trim().split('\n').at(-1));
  return { seconds, megabytes: hasTime ? kilobytes / 1000 : undefined };
}

async function readThrough(file: string): Promise<void> {
  const handle = await open(file);
  const piece = new Uint8Array(1 << 22);
  while ((await handle.read(piece)).bytesRead > 0);
  await handle.close();
}

function run(command: string, args: readonly string[]): string {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
  return stderr;
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function table(results: readonly Result[]): string {
  const times = (runs: readonly Run[]) => runs.map(({ seconds }) => seconds);
  const spread = (runs: readonly Run[]) => {
    const all = times(runs);
    return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`;
  };
  const rows = results.map(({ film, cache, bytes, copy, strip }) => {
    const ratio = median(times(strip)) / median(times(copy));
    const memory =
      strip[0].megabytes === undefined ? '–' : Math.max(...strip.map((s) => s.megabytes ?? 0)).toFixed(0);
    return [film, cache, (bytes / 1e6).toFixed(0), spread(copy), spread(strip), ratio.toFixed(2), memory];
  });
  const caption = `Seconds, median of ${ROUNDS} rounds (least to most). Sizes and memory in MB.`;
  const head = ['film', 'cache', 'size', '`cp`, then `sync`', '`sayeh strip`', 'times `cp`', 'memory'];
  return markdown({ caption, rows: [head, ...rows] });
}
