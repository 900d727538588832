import { Command } from 'commander';
import pc from 'picocolors';
import { examineMachine } from '../../node/machine/examine.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalFor, withOptions } from '../options.ts';

export function doctorCommand(): Command {
  const command = new Command('doctor').description('say whether this machine can do the job, and with what');
  return withOptions(command, ['json']).action(run);
}

async function run(options: { json?: boolean }): Promise<void> {
  const terminal = terminalFor(options);
  const findings = await examineMachine();
  for (const { name, value, ok } of findings)
    terminal.say(`${ok ? pc.green('ok  ') : pc.red('FAIL')} ${name}: ${value}`);
  terminal.record(findings);
  const able = findings.every(({ ok }) => ok);
  terminal.say(
    able ? 'This machine can protect photos and videos.' : 'Something is missing: see the lines marked FAIL.',
  );
  process.exitCode = able ? EXIT.ok : EXIT.failed;
}
