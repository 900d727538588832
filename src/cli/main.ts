import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { inspectCommand } from './commands/inspect.ts';
import { planCommand } from './commands/plan.ts';
import { protectCommand } from './commands/protect.ts';
import { renderCommand } from './commands/render.ts';
import { stripCommand } from './commands/strip.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT } from './exit-codes.ts';

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));

const program = new Command('sayeh')
  .description('Makes protest photos and videos safe to publish, on this machine, offline.')
  .version(version)
  .showHelpAfterError('(sayeh --help explains)');
for (const command of [
  protectCommand(),
  stripCommand(),
  inspectCommand(),
  verifyCommand(),
  planCommand(),
  renderCommand(),
  doctorCommand(),
]) {
  program.addCommand(command.exitOverride().showHelpAfterError(`(sayeh ${command.name()} --help explains)`));
}
program.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are asked for; everything else commander throws is a mistake in the command line.
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
