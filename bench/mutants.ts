/**
 * Damaged files of every kind through inspect, verify and strip: none may crash or hang them, take more than
 * 512 MiB, or come out unclean. Asks for ffmpeg and exiftool, and for a build.
 *
 *     npm run build && npx tsc -p tsconfig.bench.json
 *     node dist/bench/bench/mutants.js --count 20000 --seed 1 --samples ../shared/data/metadata
 *
 * Prints a table and, with --out, writes it. Faults are kept as files in bench/results/mutants, named by number.
 */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SNIFF_LENGTH, sniff } from '../src/core/media-type.ts';
import { makeSeeds, readBytes, type Seed, seedsBelow } from '../tests/support/mutants/seeds.ts';
import { divide, mutantNumber, seedOf, type Trial, tryMutant } from '../tests/support/mutants/trial.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    samples: { type: 'string' },
    out: { type: 'string' },
    processes: { type: 'string', default: '2' },
    /** Of a process that this one starts: seeds, first number, step, end. */
    work: { type: 'string' },
  },
});

interface Done extends Trial {
  readonly number: number;
  /** Most memory the process has held so far, in MiB. */
  readonly memory: number;
}

const MOST_MEMORY = 512;
/** A number of mutants after which a process gives way to a fresh one, so that memory is that of few files. */
const TURN = 500;
/** Wall time without a word after which a process is taken to hang, in ms; a busy machine is no fault. */
const PATIENCE = 60_000;
/** The same while it loads and divides the seeds. */
const LOADING = 600_000;

/** Set by Ctrl-C: turns under way are finished, and what is done is told. */
let stopping = false;

if (values.work) await work(values.work.split(','));
else await lead();

async function work([folder, first, step, end]: string[]): Promise<void> {
  const seeds: Seed[] = readSeeds(folder);
  const divided = await Promise.all(seeds.map(divide));
  const own = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-mutant-'));
  process.on('exit', () => fs.rmSync(own, { recursive: true, force: true }));
  process.send?.('ready');
  for (let number = Number(first); number < Number(end); number += Number(step)) {
    const trial = await tryMutant(own, mutantNumber(number, Number(values.seed), divided));
    process.send?.({ ...trial, number, memory: process.resourceUsage().maxRSS / 1024 } satisfies Done);
  }
  process.exit();
}

function readSeeds(folder: string): Seed[] {
  const index: Omit<Seed, 'bytes'>[] = JSON.parse(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'));
  return index.map((seed, i) => ({ ...seed, bytes: readBytes(path.join(folder, `${i}.seed`)) }));
}

async function lead(): Promise<void> {
  process.once('SIGINT', () => {
    stopping = true;
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-mutants-'));
  try {
    const made = await makeSeeds(folder);
    const found = values.samples
      ? seedsBelow(path.resolve(values.samples), (bytes) => sniff(bytes.subarray(0, SNIFF_LENGTH))?.format)
      : [];
    const seeds = [...made, ...found];
    for (const [i, { bytes }] of seeds.entries()) fs.writeFileSync(path.join(folder, `${i}.seed`), bytes);
    const index = seeds.map(({ name, format }) => ({ name, format }));
    fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify(index));
    const count = Number(values.count);
    const processes = Number(values.processes);
    const done: Done[] = [];
    await Promise.all(
      Array.from({ length: processes }, (_, first) => lane(folder, first, processes, count, done)),
    );
    const table = report(seeds, done);
    console.log(table);
    if (values.out) fs.writeFileSync(values.out, table);
    await keepFaults(seeds, done);
    if (done.some(isFault)) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Every `step`-th mutant from `first` on, by one process after the other. */
async function lane(folder: string, first: number, step: number, count: number, done: Done[]): Promise<void> {
  let next = first;
  while (next < count && !stopping) {
    const end = Math.min(count, next + TURN * step);
    const last = await turn([folder, next, step, end].join(','), done);
    if (last.died) {
      const number = last.number === undefined ? next : last.number + step;
      done.push({ number, outcome: 'internal', fault: last.died, ms: 0, memory: 0 });
      next = number + step;
    } else next += TURN * step;
  }
}

function turn(what: string, done: Done[]): Promise<{ number?: number; died?: string }> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(import.meta.filename, ['--seed', values.seed, '--work', what], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let last: number | undefined;
    let hung = false;
    const watch = (patience: number) =>
      setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, patience);
    let timer = watch(LOADING);
    child.on('message', (message) => {
      clearTimeout(timer);
      timer = watch(PATIENCE);
      if (message === 'ready') return;
      const trial = message as Done;
      last = trial.number;
      done.push(trial);
      if (done.length % 1000 === 0) console.error(`${done.length} done`);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const died = hung
        ? `no answer in ${PATIENCE / 1000} s`
        : code === 0
          ? undefined
          : `the process died: ${signal ?? code}`;
      resolve({ ...(last === undefined ? {} : { number: last }), ...(died ? { died } : {}) });
    });
  });
}

function isFault({ fault, memory }: Done): boolean {
  return fault !== undefined || memory > MOST_MEMORY;
}

function report(seeds: readonly Seed[], done: readonly Done[]): string {
  const formatOf = ({ number }: Done) => seedOf(number, seeds).format;
  const formats = [...new Set(seeds.map(({ format }) => format))];
  const row = (name: string, trials: readonly Done[]) => {
    const count = (test: (trial: Done) => boolean) => trials.filter(test).length;
    const most = (value: (trial: Done) => number) =>
      Math.round(trials.reduce((m, t) => Math.max(m, value(t)), 0));
    const others = count(({ outcome }) => !['clean', 'corrupt', 'unsupported'].includes(outcome));
    const cells = [
      seeds.filter(({ format }) => name === 'all' || format === name).length,
      trials.length,
      count(({ outcome }) => outcome === 'clean'),
      count(({ outcome }) => outcome === 'corrupt'),
      count(({ outcome }) => outcome === 'unsupported'),
      others,
      count(isFault),
      `${most(({ ms }) => ms)} ms`,
      `${most(({ memory }) => memory)} MiB`,
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  };
  return [
    '| format | files | mutants | stripped and clean | refused: corrupt | refused: unsupported | refused: other | faults | slowest | most memory |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...formats.map((format) =>
      row(
        format,
        done.filter((trial) => formatOf(trial) === format),
      ),
    ),
    row('all', done),
    '',
  ].join('\n');
}

async function keepFaults(seeds: readonly Seed[], done: readonly Done[]): Promise<void> {
  const faults = done.filter(isFault);
  if (faults.length === 0) return;
  const folder = path.resolve('bench/results/mutants');
  fs.mkdirSync(folder, { recursive: true });
  const divided = await Promise.all(seeds.map(divide));
  for (const { number, fault, memory } of faults) {
    const { name } = seedOf(number, seeds);
    console.log(`${number} (${name}): ${fault ?? `${Math.round(memory)} MiB`}`);
    fs.writeFileSync(path.join(folder, String(number)), mutantNumber(number, Number(values.seed), divided));
  }
}
