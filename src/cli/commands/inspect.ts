import { Command } from 'commander';
import pc from 'picocolors';
import type { SayehErrorCode } from '../../core/errors.ts';
import type { Betrays, Finding } from '../../core/metadata/format.ts';
import { walkInputs } from '../../node/files/walk-inputs.ts';
import { type Inspection, inspect } from '../../pipeline/inspect.ts';
import { exitCodeFor } from '../exit-codes.ts';
import { terminalFor, withOptions } from '../options.ts';
import { asSayehError } from '../report-error.ts';
import type { Terminal } from '../terminal.ts';
import { BETRAYS, count, printable } from '../words.ts';

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('show what files reveal beside their picture: who, where, when, with what')
    .argument('<inputs...>', 'photos, videos, or with -r folders');
  return withOptions(command, ['recursive', 'json', 'verbose']).action(run);
}

async function run(
  inputs: string[],
  options: { recursive?: boolean; json?: boolean; verbose?: boolean },
): Promise<void> {
  const terminal = terminalFor(options);
  const { sources, failures } = await walkInputs(inputs, { recursive: options.recursive ?? false });
  const errors: SayehErrorCode[] = [];
  const fail = (input: string, cause: unknown) => {
    const error = asSayehError(cause, input);
    errors.push(error.code);
    terminal.error(error.message, error.cause);
    terminal.record({ input, status: 'failed', code: error.code, message: error.message });
  };
  for (const { input, error } of failures) fail(input, error);
  for (const { file } of sources) {
    try {
      const found = await inspect(file);
      show(terminal, found);
      terminal.record({ input: file, status: 'inspected', ...found });
    } catch (error) {
      fail(file, error);
    }
  }
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
