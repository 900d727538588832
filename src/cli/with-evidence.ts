import type { Command } from 'commander';
import { SayehError } from '../core/errors.ts';
import type { EvidenceRun } from '../core/evidence/evidence.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { EvidenceRecorder } from '../pipeline/evidence.ts';
import type { Protected } from '../pipeline/protect.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { Jobs } from './jobs.ts';
import { withOptions } from './options.ts';
import { asSayehError } from './report-error.ts';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** What `--evidence` and its companions give. */
export interface EvidenceOptions {
  evidence?: string;
  recipient?: string[];
  recipientsFile?: string[];
}

interface RunOptions {
  output?: string;
  force?: boolean;
  limit?: GivenLimits;
}

/** Wraps the work on one input: `work` publishes `output`. */
export type Witness = (file: string, output: string, work: () => Promise<Protected>) => Promise<Protected>;

export const withEvidenceOptions = (command: Command): Command =>
  withOptions(command, ['evidence', 'recipient', 'recipientsFile']);

/**
 * Runs `work` with a witness that writes down what is published, if `--evidence` asks for it. Everything that is
 * wrong with the evidence's options, place or recipients is refused before `work` begins. What `work` published stays
 * where the evidence fails: it is safe, and the message says that the evidence is missing.
 */
export async function withEvidence(
  options: EvidenceOptions & RunOptions,
  run: {
    readonly inputs: readonly string[];
    readonly terminal: Terminal;
    readonly signal: AbortSignal;
    readonly jobs: Jobs;
  },
  work: (witness: Witness) => Promise<void>,
): Promise<void> {
  const { terminal } = run;
  const fail = (cause: unknown) => {
    const error = asSayehError(cause, options.evidence ?? 'the evidence');
    terminal.error(error.message, error.cause);
    return error.code;
  };
  const recorder = await openRecorder(options, run).catch((cause) => {
    const code = fail(cause);
    process.exitCode = code === 'usage' ? EXIT.usage : exitCodeFor([code]);
    return 'refused' as const;
  });
  if (recorder === 'refused') return;
  if (!recorder) return work((_file, _output, publish) => publish());
  // Files may be done side by side; what is said of them is written one after the other.
  let last: Promise<unknown> = Promise.resolve();
  try {
    await work(async (file, output, publish) => {
      const original = await recorder.look(file, run.signal);
      const result = await publish();
      const added = last.then(() => recorder.add(original, output, result));
      last = added.catch(() => {});
      await added.catch((error) => {
        terminal.warn(`${output} is published and safe, but the evidence does not speak of it`);
        throw error;
      });
      return result;
    });
  } finally {
    try {
      if (recorder.files === 0) await recorder.discard();
      else {
        await recorder.finish();
        terminal.say(`evidence of ${count(recorder.files, 'file')} -> ${options.evidence}`);
      }
    } catch (cause) {
      const code = fail(cause);
      terminal.warn('what was published is safe and stays, but nothing says what it was made from');
      if (!process.exitCode) process.exitCode = exitCodeFor([code]);
    }
  }
}

async function openRecorder(
  options: EvidenceOptions & RunOptions,
  { inputs, jobs }: { readonly inputs: readonly string[]; readonly jobs: Jobs },
): Promise<EvidenceRecorder | undefined> {
  const { evidence, recipient = [], recipientsFile = [], output, force } = options;
  if (evidence === undefined) {
    if (recipient.length + recipientsFile.length === 0) return undefined;
    throw new SayehError(
      'usage',
      'recipients are for the evidence: add --evidence <file>, or leave them out',
    );
  }
  // Cryptography is loaded for those who ask for it.
  const { readRecipients } = await import('../node/evidence/recipients.ts');
  const { EvidenceRecorder } = await import('../pipeline/evidence.ts');
  const recipients = await readRecipients(recipient, recipientsFile);
  return EvidenceRecorder.open(evidence, recipients, {
    settings: settingsOf(options),
    inputs: output === undefined ? inputs : [...inputs, output],
    overwrite: force ?? false,
    inspect: (file) => jobs.run('inspect', { file, limits: options.limit }, file),
  });
}

/** Options that say where things go and what is shown, not what a file becomes. */
const BESIDE = new Set([
  'output',
  'evidence',
  'report',
  'reportLanguage',
  'reportDate',
  'force',
  'recursive',
  'resume',
  'json',
  'quiet',
  'verbose',
  'jobs',
  'memory',
  'patience',
  'limit',
]);

function settingsOf(options: object): EvidenceRun['settings'] {
  const settings = Object.entries(options).filter(
    ([name, value]) => !BESIDE.has(name) && ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(settings);
}
