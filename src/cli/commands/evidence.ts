import path from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import type { Evidence } from '../../core/evidence/evidence.ts';
import { checkEvidence, type EvidenceAnswer, readEvidence } from '../../pipeline/check-evidence.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { terminalFor, withOptions } from '../options.ts';
import { asSayehError } from '../report-error.ts';
import type { Terminal } from '../terminal.ts';
import { count, printable } from '../words.ts';

export function evidenceCommand(): Command {
  const check = new Command('check')
    .description('decrypt evidence in memory and say whether files are those it speaks of')
    .argument('<evidence>', 'a file that `sayeh protect --evidence` wrote')
    .requiredOption('-i, --identity <file>', "the secret key's file, as age-keygen writes it")
    .option('--original <files...>', 'files that should be originals of the evidence')
    .option('--protected <files...>', 'files that should have been published')
    .option('--show', 'print what the evidence says, all of it, as JSON');
  withOptions(check, ['json', 'verbose']).action(run);
  // What `main` sets reaches the outer command only.
  return new Command('evidence')
    .description('what a run of `protect --evidence` wrote down, for who holds the key')
    .addCommand(check.exitOverride().showHelpAfterError('(sayeh evidence check --help explains)'));
}

interface Options {
  identity: string;
  original?: string[];
  protected?: string[];
  show?: boolean;
  json?: boolean;
  verbose?: boolean;
}

async function run(file: string, options: Options): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  try {
    const evidence = await readEvidence(file, options.identity);
    if (options.show) {
      process.stdout.write(`${JSON.stringify(evidence, null, 1)}\n`);
      if (!options.original && !options.protected) return;
    }
    const { original: originals = [], protected: outputs = [] } = options;
    const answers = await checkEvidence(evidence, { originals, outputs }, signal);
    if (!options.show && answers.length === 0) list(terminal, evidence);
    for (const answer of answers) {
      // With --show standard output holds the JSON text alone.
      if (!options.show) terminal.record(answer);
      for (const line of words(answer)) options.show ? terminal.warn(line) : terminal.say(line);
    }
    if (!answers.every(holds)) process.exitCode = EXIT.unsafe;
  } catch (cause) {
    const error = asSayehError(cause, file);
    terminal.error(error.message, error.cause);
    process.exitCode = error.code === 'usage' ? EXIT.usage : exitCodeFor([error.code]);
  }
}

const holds = ({ known, madeFromGiven = true }: EvidenceAnswer) => known && madeFromGiven;

function words(answer: EvidenceAnswer): string[] {
  const { file, role, sha256, size, known, files } = answer;
  const name = path.basename(file);
  const verdict = holds(answer) ? pc.green('yes') : pc.red('no ');
  const lines = [`${verdict} ${name}  ${size} bytes, SHA-256 ${sha256}`];
  if (!known) lines.push(`    is no ${role === 'original' ? 'original' : 'published file'} of this evidence`);
  for (const { original, output } of files)
    lines.push(
      role === 'original'
        ? `    is the original of ${printable(output)}`
        : `    was made from ${printable(original)}`,
    );
  if (known && answer.madeFromGiven === false) lines.push('    which is none of the originals given');
  return lines;
}

function list(terminal: Terminal, { begun, tool, files }: Evidence): void {
  terminal.say(`${count(files.length, 'file')}, sayeh ${printable(tool.version)}, ${begun}`);
  for (const { name, output, original } of files) {
    terminal.say(`  ${printable(name)} -> ${printable(output.name)}`);
    terminal.say(`    original  ${original.sha256}  ${original.size} bytes`);
    terminal.say(`    published ${output.sha256}  ${output.size} bytes`);
  }
  for (const { name, given, original, output } of files)
    terminal.record({ name, given, original, output: { ...output } });
}
