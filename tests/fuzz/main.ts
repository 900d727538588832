/**
 * Damaged files of every kind through identify, inspect, verify, strip, decoding and protect, for as long as wanted:
 *
 *     npm run fuzz -- --minutes 10 --seed 1 --out findings
 *     npm run fuzz -- --seed 1 --index 1234 --out findings
 *
 * Asks for exiftool. Prints a table and every finding; the files go to --out.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SHARED } from '../../bench/places.ts';
import type { MediaFormat } from '../../src/core/media-type.ts';
import { CORPUS, FORMATS, seedsBelow } from './corpus.ts';
import { type Finding, fuzz } from './fuzz.ts';
import { makeCorpus } from './make-corpus.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', multiple: true },
    /** One damaged file alone, by its number. */
    index: { type: 'string' },
    from: { type: 'string', default: '0' },
    out: { type: 'string' },
    processes: { type: 'string', default: '2' },
    /** Where files of cameras and programs lie; `none` for the committed ones alone. */
    samples: { type: 'string', default: path.join(SHARED, 'data/metadata') },
    'make-corpus': { type: 'boolean' },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

if (values['make-corpus']) await makeCorpus();
else await main();

async function main(): Promise<void> {
  const seed = Number(values.seed);
  const wrong = values.format?.find((format) => !FORMATS.includes(format as MediaFormat));
  if (wrong) throw new Error(`--format ${wrong}: it is one of ${FORMATS.join(', ')}`);
  const corpus = await seedsBelow(CORPUS);
  const samples = fs.existsSync(values.samples) ? await seedsBelow(values.samples) : [];
  say(`seed ${seed}; files: ${corpus.length} made, ${samples.length} of cameras and programs`);
  const tally = new Tally([...corpus, ...samples]);
  const started = Date.now();
  const findings = await fuzz({
    seed,
    sources: { corpus, samples },
    indices: values.index === undefined ? from(Number(values.from)) : [Number(values.index)],
    until: started + Number(values.minutes) * 60_000,
    formats: values.format as MediaFormat[] | undefined,
    processes: values.index === undefined ? Number(values.processes) : 1,
    onDone: (execution, result) => {
      tally.add(execution, result);
      if (values.index !== undefined) tell({ execution, faults: [JSON.stringify(result)], again: true });
    },
    onFinding: tell,
  });
  const seconds = (Date.now() - started) / 1000;
  say(`\n${tally.table(findings)}\n`);
  say(
    `${tally.count} executions in ${Math.round(seconds)} s, ${Math.round((tally.count * 60) / seconds)} a minute; ${findings.length} findings`,
  );
  if (findings.length > 0) process.exitCode = 1;
}

function tell({ execution, faults, again }: Finding): void {
  const { index, name, done, depth, bytes } = execution;
  say(`${values.seed}:${index} ${name} [${done.join(', ')}] ${depth}${again ? '' : ', not a second time'}`);
  for (const fault of faults) say(`  ${fault}`);
  if (values.out === undefined) return;
  fs.mkdirSync(values.out, { recursive: true });
  fs.writeFileSync(path.join(values.out, `${values.seed}-${index}-${path.basename(name)}`), bytes);
}

function* from(first: number): Generator<number> {
  for (let index = first; ; index++) yield index;
}
