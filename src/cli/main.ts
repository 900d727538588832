// First: whatever is loaded after this cannot reach the network.
import '../node/process/offline.ts';
import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';

const COMMANDS = {
  protect: async () => (await import('./commands/protect.ts')).protectCommand(),
  strip: async () => (await import('./commands/strip.ts')).stripCommand(),
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  evidence: async () => (await import('./commands/evidence.ts')).evidenceCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  review: async () => (await import('./commands/review.ts')).reviewCommand(),
  render: async () => (await import('./commands/render.ts')).renderCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
};

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));

const program = new Command('sayeh')
  .description('Makes protest photos and videos safe to publish, on this machine, offline.')
  .version(version)
  .showHelpAfterError('(sayeh --help explains)');
// Loading all commands takes longer than some of them run, so only help and mistakes do.
const asked = Object.entries(COMMANDS).filter(([name]) => name === process.argv[2]);
for (const [, load] of asked.length > 0 ? asked : Object.entries(COMMANDS)) {
  const command = await load();
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
