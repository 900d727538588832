import { Command } from 'commander';
import pc from 'picocolors';
import { type Verification, verify } from '../../pipeline/verify.ts';
import { eachInput } from '../each-input.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { terminalFor, withOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { count, printable } from '../words.ts';

/** Reasons shown for one file unless all are asked for. */
const SHOWN = 20;

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('say whether files hold anything beside their picture and sound, part by part')
    .argument('<inputs...>', 'photos, videos, or with -r folders');
  return withOptions(command, ['recursive', 'json', 'verbose']).action(run);
}

async function run(
  inputs: string[],
  options: { recursive?: boolean; json?: boolean; verbose?: boolean },
): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  let unclean = 0;
  const { total, errors } = await eachInput(inputs, { ...options, signal, terminal }, async ({ file }) => {
    const found = await verify(file, { signal });
    if (!found.clean) unclean++;
    show(terminal, found);
    const { type, size, clean, violations } = found;
    terminal.record({ input: file, status: clean ? 'clean' : 'unclean', ...type, size, violations });
  });
  if (total === 0) terminal.error('there is nothing to verify in those folders');
  if (total > 1)
    terminal.say(
      `${total - unclean - errors.length} of ${total} files clean, ${errors.length} could not be read.`,
    );
  const code = total === 0 ? EXIT.failed : exitCodeFor(errors);
  process.exitCode = unclean > 0 && code !== EXIT.interrupted ? EXIT.unsafe : code;
}

function show(terminal: Terminal, { name, type, clean, violations }: Verification): void {
  const verdict = clean ? pc.green('clean') : pc.red('not clean');
  terminal.say(`${verdict} ${name}  ${type.format} ${type.kind}`);
  const shown = terminal.verbosity === 'verbose' ? violations : violations.slice(0, SHOWN);
  for (const { part, reason } of shown) terminal.say(`  ${printable(part)}: ${printable(reason)}`);
  const more = violations.length - shown.length;
  if (more > 0) terminal.say(`  and ${count(more, 'more reason')} (--verbose shows all)`);
}
