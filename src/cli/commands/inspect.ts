import { Command } from 'commander';
import pc from 'picocolors';
import type { Betrays, Finding } from '../../core/metadata/format.ts';
import type { Inspection } from '../../pipeline/inspect.ts';
import { eachInput } from '../each-input.ts';
import { exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { terminalFor, withOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { BETRAYS, count, printable } from '../words.ts';

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('show what files reveal beside their picture: who, where, when, with what')
    .argument('<inputs...>', 'photos, videos, or with -r folders');
  return withOptions(command, ['recursive', 'memory', 'patience', 'limit', 'json', 'verbose']).action(run);
}

async function run(
  inputs: string[],
  options: JobOptions & { recursive?: boolean; json?: boolean; verbose?: boolean },
): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const jobs = new Jobs(options);
  const { recursive } = options;
  const { errors } = await eachInput(inputs, { recursive, signal, terminal }, async ({ file }) => {
    const found = await jobs.run('inspect', { file, limits: options.limit }, file, { signal });
    show(terminal, found);
    terminal.record({ input: file, status: 'inspected', ...found });
  }).finally(() => jobs.close());
  process.exitCode = exitCodeFor(errors);
}

function show(
  terminal: Terminal,
  { name, type, size, findings, parts, streams, notLookedAt }: Inspection,
): void {
  terminal.say(`${pc.bold(name)}  ${type.format} ${type.kind}, ${size} bytes`);
  if (streams.length > 0) terminal.say(`  streams: ${streams.join(', ')}`);
  for (const [betrays, title] of Object.entries(BETRAYS) as [Betrays, string][]) {
    const group = findings.filter((finding) => finding.betrays === betrays);
    if (group.length === 0) continue;
    terminal.say(`  ${pc.yellow(title)}`);
    for (const line of new Set(group.map((finding) => lineOf(finding, terminal))))
      terminal.say(`    ${line}`);
  }
  for (const what of notLookedAt) terminal.say(`  ${pc.yellow('not looked at')}: ${what}`);
  if (terminal.verbosity === 'verbose') {
    terminal.say(`  ${count(parts.length, 'part')} of the file`);
    for (const part of parts) {
      terminal.say(
        `    ${String(part.offset).padStart(10)} ${String(part.length).padStart(10)}  ${part.path}  ${pc.dim(part.what)}`,
      );
    }
  }
}

function lineOf({ label, part, value }: Finding, { verbosity }: Terminal): string {
  const where = pc.dim(`(${part})`);
  return verbosity === 'verbose' && value !== undefined
    ? `${label}: ${printable(value)} ${where}`
    : `${label} ${where}`;
}
