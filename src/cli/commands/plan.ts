import path from 'node:path';
import { Command } from 'commander';
import type { DetectorName, Sensitivity } from '../../core/detect/catalogue.ts';
import { SayehError } from '../../core/errors.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { stopOnSignals } from '../interrupt.ts';
import { type JobOptions, Jobs } from '../jobs.ts';
import { terminalFor, withOptions } from '../options.ts';
import { asSayehError } from '../report-error.ts';
import { count } from '../words.ts';

export function planCommand(): Command {
  const command = new Command('plan')
    .description('find faces and write down what to cover, for a person or program to edit before `render`')
    .argument('<input>', 'a photo or video')
    .option('-o, --output <file>', 'where to write the plan (default: standard output)');
  withOptions(command, [
    'sensitivity',
    'every',
    'detector',
    'resume',
    'force',
    'memory',
    'patience',
    'limit',
  ]);
  withOptions(command, ['quiet', 'verbose']);
  return command.action(run);
}

async function run(
  input: string,
  options: JobOptions & {
    output?: string;
    sensitivity: Sensitivity;
    every?: number;
    detector: DetectorName;
    resume?: boolean;
    force?: boolean;
    quiet?: boolean;
    verbose?: boolean;
  },
): Promise<void> {
  const terminal = terminalFor(options);
  const signal = stopOnSignals();
  const jobs = new Jobs(options);
  try {
    const { output, force, resume, sensitivity, every, detector, limit: limits } = options;
    const settings = { sensitivity, every, detector, limits };
    const hooks = {
      signal,
      onProgress: terminal.progress(path.basename(input)),
      onNote: (note: string) => terminal.warn(note),
    };
    if (output === undefined) {
      if (resume) throw new SayehError('usage', '--resume keeps its file beside the plan: add -o <file>');
      const plan = await jobs.run('analyse', { input, options: settings }, input, hooks);
      terminal.endProgress();
      process.stdout.write(`${JSON.stringify(plan)}\n`);
    } else {
      const given = { input, output, options: { ...settings, resume, overwrite: force ?? false } };
      const plan = await jobs.run('writePlan', given, input, hooks);
      terminal.say(
        `planned ${path.basename(input)} -> ${output}: ${count(plan.tracks.length, 'face track')}`,
      );
    }
  } catch (cause) {
    const error = signal.aborted
      ? new SayehError('aborted', 'stopped before it was done')
      : asSayehError(cause, input);
    terminal.error(error.message, error.cause);
    process.exitCode = error.code === 'usage' ? EXIT.usage : exitCodeFor([error.code]);
  } finally {
    jobs.close();
  }
}
