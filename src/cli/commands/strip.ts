import path from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import type { Betrays, Part } from '../../core/metadata/format.ts';
import { type Source, STRIPPED_FOLDER } from '../../node/files/output-names.ts';
import type { StripPreview } from '../../pipeline/strip.ts';
import { eachInput } from '../each-input.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { terminalFor, withOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { BETRAYS, count, printable } from '../words.ts';

interface Options extends JobOptions {
  output?: string;
  inPlace?: boolean;
  dryRun?: boolean;
  keepNames?: boolean;
  force?: boolean;
  recursive?: boolean;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

export function stripCommand(): Command {
  const command = new Command('strip')
    .description('remove metadata only: the coded picture and sound stay as they are, faces too')
    .argument('<inputs...>', 'photos, videos, or with -r folders');
  withOptions(command, ['output', 'inPlace', 'dryRun', 'keepNames', 'force', 'recursive']);
  withOptions(command, ['jobs', 'memory', 'patience', 'limit']);
  return withOptions(command, ['json', 'quiet', 'verbose']).action(run);
}

async function run(inputs: string[], options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const jobs = new Jobs(options);
  const { recursive } = options;
  const { total, done, errors } = await eachInput(
    inputs,
    { recursive, signal, terminal, atOnce: jobs.count },
    (source, many) =>
      options.dryRun
        ? preview(source, options, jobs, signal, terminal)
        : one(source, many, options, jobs, signal, terminal),
  ).finally(() => jobs.close());
  if (total === 0) terminal.error('there is nothing to strip in those folders');
  else if (total > 1 && !options.dryRun) terminal.say(`${done} of ${total} files stripped.`);
  if (done > 0 && !options.dryRun)
    terminal.warn('faces and voices are as they were: `sayeh protect` covers faces and removes sound');
  process.exitCode = total === 0 ? EXIT.failed : exitCodeFor(errors);
}

async function one(
  source: Source,
  many: boolean,
  options: Options,
  jobs: Jobs,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  const { output: place, keepNames = false, force: overwrite } = options;
  const to = options.inPlace ? undefined : { output: place, keepNames, many, folder: STRIPPED_FOLDER };
  const given = { source, to, overwrite: overwrite ?? false, limits: options.limit };
  const result = await jobs.run('strip', given, source.file, { signal });
  const { output, removed, notes } = result;
  const name = path.basename(source.file);
  terminal.say(`${pc.green('stripped')} ${name} -> ${options.inPlace ? 'in place' : output}`);
  terminal.say(`  ${removed.length === 0 ? 'there was nothing to remove' : `removed ${summary(removed)}`}`);
  if (terminal.verbosity === 'verbose') showParts(terminal, removed);
  for (const note of notes) terminal.say(`  ${printable(note)}`);
  const { kind, format } = result.type;
  terminal.record({ input: source.file, status: 'stripped', output, kind, format, removed, notes });
}

async function preview(
  { file }: Source,
  { limit: limits }: Options,
  jobs: Jobs,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  const found = await jobs.run('previewStrip', { file, limits }, file, { signal });
  show(terminal, path.basename(file), found);
  const { type, removed, findings, notes } = found;
  terminal.record({ input: file, status: 'previewed', ...type, findings, removed, notes });
}

function show(terminal: Terminal, name: string, { removed, findings, notes }: StripPreview): void {
  terminal.say(`${pc.bold(name)}  ${removed.length === 0 ? 'nothing would go' : 'would lose'}`);
  for (const [betrays, title] of Object.entries(BETRAYS) as [Betrays, string][]) {
    const group = findings.filter((finding) => finding.betrays === betrays);
    if (group.length === 0) continue;
    terminal.say(`  ${pc.yellow(title)}`);
    const lines = group.map(({ label, part }) => `    ${printable(label)} ${pc.dim(`(${printable(part)})`)}`);
    for (const line of new Set(lines)) terminal.say(line);
  }
  if (removed.length > 0) terminal.say(`  in all ${summary(removed)}`);
  if (terminal.verbosity === 'verbose') showParts(terminal, removed);
  for (const note of notes) terminal.say(`  ${printable(note)}`);
}

function summary(parts: readonly Part[]): string {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return `${count(parts.length, 'part')}, ${count(bytes, 'byte')}`;
}

function showParts(terminal: Terminal, parts: readonly Part[]): void {
  for (const { path: part, length, what } of parts)
    terminal.say(`    ${String(length).padStart(10)}  ${printable(part)}  ${pc.dim(printable(what))}`);
}
